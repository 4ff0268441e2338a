# places.bash - one deployment, and gates whose stderr and files are compared. Also needs `load virtual`.

# shellcheck shell=bash disable=SC2034 # the tests read them

setup() {
	set_up
	start_world "$BATS_TEST_DIRNAME/scenarios/single.yaml"
	cat >targets.yaml <<-'END'
		version: 1
		targets:
		  - {name: A, chain: rag, deployment: q86yjdy}
		  - {name: B, chain: rag, deployment: q86yjdy}
		rules:
		  - all chainlets ACTIVE
	END
}

# gate EXPECTED ARGUMENT…: sets err to the gate's stderr.
gate() {
	local expected=$1 code=0
	shift
	"$CHAINGATE" check --api-url "$SIM_URL" --timeout 0s "$@" >stdout 2>err </dev/null || code=$?
	err=$(<err)
	[ "$code" = "$expected" ] || { echo "check $*: exit $code" && cat stdout err && return 1; }
}

# says WORDS…: the last gate's stderr contains the words.
says() {
	local words
	for words; do
		[[ $err == *"$words"* ]] || { echo "no '$words' in:" && echo "$err" && return 1; }
	done
}

# has FILE WORDS…
has() {
	local words content file=$1
	shift
	content=$(<"$file")
	for words; do
		[[ $content == *"$words"* ]] || { echo "no '$words' in $file:" && echo "$content" && return 1; }
	done
}

one=(--chain rag --deployment q86yjdy)
