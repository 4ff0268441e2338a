#!/bin/sh
# standins.sh - imitates programs of the CI runners, linked under their names: truss, pip, make, buildkite-agent. $STANDIN_LOG gets a line per call.
echo "$(basename "$0") $*" >>"$STANDIN_LOG"
case $(basename "$0") in
truss)
	# As truss 0.18.26 prints it: a model's push doesn't wait, a chain's has --no-wait.
	if [ "$1" = push ]; then
		echo "✨ Model llama was successfully pushed ✨"
		echo "🪵  View logs for your deployment at https://app.baseten.co/models/7wl2xyz/logs/$STANDIN_DEPLOYMENT"
		exit
	fi
	[ "$1 $2" = "chains push" ] || exit 64
	echo "Once all chainlets are deployed, you can run the chain with:"
	echo
	echo "curl -X POST 'https://chain-232p81ql.api.baseten.co/deployment/$STANDIN_DEPLOYMENT/run_remote' \\"
	# shellcheck disable=SC2016 # as truss prints it
	echo '    -H "Authorization: Api-Key $BASETEN_API_KEY" \'
	;;
pip) [ "$1" = install ] ;;
make)
	# The build is tested elsewhere: `install` only copies the tested program to PREFIX.
	for argument; do
		case $argument in PREFIX=*) mkdir -p "${argument#*=}/bin" && cp "$STANDIN_CHAINGATE" "${argument#*=}/bin/chaingate" ;; esac
	done
	;;
buildkite-agent)
	# Meta-data are files; artifacts stay where they are, because all steps share a folder.
	case "$1 $2" in
	"meta-data set") printf %s "$4" >"meta-$3" ;;
	"meta-data get") cat "meta-$3" ;;
	"artifact upload" | "artifact download") ;;
	"annotate --style") cat >"annotation-$3" ;;
	*) exit 64 ;;
	esac
	;;
*) exit 64 ;;
esac
