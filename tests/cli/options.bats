#!/usr/bin/env bats
# options.bats - errors in the command line: exit code 2, the exact message, nothing on stdout, and the requested reports.

load set_up

setup() {
	set_up
	export BASETEN_API_KEY=canary-key-5f2b
}

# refused WORD…: runs chaingate with these words; stdin has the expected stderr. Uses the virtual build, which starts faster, unless libcurl matters.
refused() {
	local expected
	IFS= read -r -d '' expected || true
	expected=${expected%$'\n'}
	run --separate-stderr "${chaingate-$CHAINGATE_VIRTUAL}" "$@" </dev/null
	if [ "$status" != 2 ] || [ -n "$output" ] || [ "$stderr" != "$expected" ]; then
		printf 'chaingate %s: exit %s\n%s\n--- expected\n%s\n' "$*" "$status" "$output$stderr" "$expected"
		return 1
	fi
}

@test "a missing, unknown or misplaced command is refused" {
	refused <<-'END'
		chaingate: no command is given: 'chaingate check' is the gate; see 'chaingate help'
	END
	refused chek <<-'END'
		chaingate: no command is called 'chek'
		  = help: a command has a similar name: check
	END
	refused chek --help <<-'END'
		chaingate: no command is called 'chek'
		  = help: a command has a similar name: check
	END
	refused frobnicate <<-'END'
		chaingate: no command is called 'frobnicate'
		  = help: chaingate check policy.yaml …, or see 'chaingate help'
	END
	refused --chain rag check <<-'END'
		chaingate: the command comes first, before '--chain'
		  = help: chaingate check policy.yaml …, or see 'chaingate help'
	END
	refused '' <<-'END'
		chaingate: no command is called ''
		  = help: chaingate check policy.yaml …, or see 'chaingate help'
	END
	refused $'\e[31mred' <<-'END'
		chaingate: no command is called '\u{1b}[31mred'
		  = help: chaingate check policy.yaml …, or see 'chaingate help'
	END
	refused help frobnicate <<-'END'
		chaingate help: no command is called 'frobnicate'
		  = help: 'chaingate help' lists them
	END
	refused help chek <<-'END'
		chaingate help: no command is called 'chek'
		  = help: a command has a similar name: check
	END
	refused help check lint <<-'END'
		chaingate help: help takes one command at a time
		  = help: chaingate help check
	END
	refused version check <<-'END'
		chaingate version: 'check' is not expected: 'chaingate version' takes no operands
		  = help: it prints the versions of chaingate and its libraries
	END
}

@test "unknown options, and options of other commands, are refused" {
	refused check --chian rag <<-'END'
		chaingate check: no option is called '--chian'
		  = help: an option has a similar name: --chain
	END
	refused check --time 5m <<-'END'
		chaingate check: no option is called '--time'
		  = help: an option has a similar name: --timeout
	END
	refused lint --timeout 5m <<-'END'
		chaingate lint: 'chaingate lint' has no option --timeout: it belongs to 'chaingate check' and 'chaingate replay'
	END
	refused check -x <<-'END'
		chaingate check: no option is called '-x'
		  = help: see 'chaingate check --help'
	END
	refused eval '-1 < min_replica' --body x <<-'END'
		chaingate eval: no option is called '-1'
		  = help: write '--' before a rule that begins with '-'
	END
}

@test "values that are missing, empty, given twice or wrong are refused" {
	refused check --chain rag --deployment d --timeout <<-'END'
		chaingate check: --timeout needs a value: --timeout TIME
	END
	refused check --chain --deployment d <<-'END'
		chaingate check: --chain needs a value: --chain NAME
		  = help: the next word is the option '--deployment'; is a variable empty?
	END
	refused check --chain rag --deployment '' <<-'END'
		chaingate check: the value of --deployment is empty
		  = help: is a variable empty? Leave the option out if it has no value
	END
	refused check --chain a --deployment b --deployment=c <<-'END'
		chaingate check: --deployment is given twice
		  = help: leave out one of them
	END
	refused check --color blue --quiet=1 <<-'END'
		chaingate check: --color cannot be 'blue': it takes auto|always|never
		chaingate check: --quiet takes no value
		  = help: leave out = and what follows
	END
	refused check --chain rag --deployment d --timeout 90 <<-'END'
		chaingate check: --timeout cannot be '90': it has no unit
		  = help: write --timeout 90m for minutes, or --timeout 90s for seconds
	END
	refused check --chain rag --deployment d --timeout 500000 <<-'END'
		chaingate check: --timeout cannot be '500000': it has no unit
		  = help: write --timeout 500000s for seconds
	END
	refused check --chain rag --deployment d --timeout 9000000 <<-'END'
		chaingate check: --timeout cannot be '9000000': it has no unit
		  = help: durations are written 90s, 5m, 1h30m or 500ms
	END
	refused check --chain rag --deployment d --timeout 169h --interval 99ms --stable-for -1s <<-'END'
		chaingate check: --timeout cannot be '169h': it must be from 0s to 168h
		chaingate check: --interval cannot be '99ms': it must be from 100ms to 168h
		chaingate check: --stable-for cannot be '-1s': it isn't made of whole numbers with units
		  = help: durations are written 90s, 5m, 1h30m or 500ms
	END
	refused check --chain rag --deployment d --max-rps 0 --max-body 2000M <<-'END'
		chaingate check: --max-rps cannot be '0': it must be a number from 1 to 100
		chaingate check: --max-body cannot be '2000M': it must be a number of bytes, optionally with K, M or G, at most 1024M
	END
	refused check --chain rag --deployment d --max-rps 101 --max-body 1Q <<-'END'
		chaingate check: --max-rps cannot be '101': it must be a number from 1 to 100
		chaingate check: --max-body cannot be '1Q': it must be a number of bytes, optionally with K, M or G, at most 1024M
	END
	refused check --chain rag --latest --since yesterday <<-'END'
		chaingate check: --since cannot be 'yesterday': it must be a time such as 2026-08-01T12:00:00Z, an age such as 10m, or 'any'
	END
	refused check --quiet --verbose --chain rag --deployment d <<-'END'
		chaingate check: --quiet and --verbose exclude each other
		  = help: leave out one of them
	END
	refused check --chain rag --deployment d --set replicas --set =3 <<-'END'
		chaingate check: --set cannot be 'replicas'
		  = help: write the parameter's name, = and its value: --set replicas=3
		chaingate check: --set cannot be '=3'
		  = help: write the parameter's name, = and its value: --set replicas=3
	END
	refused check --chain rag --deployment d --set replicas=3 <<-'END'
		chaingate check: --set: the policy has no parameter 'replicas'
		  = help: parameters and their defaults are under params: in the policy
	END
	refused check - - --chain rag --deployment d <<-'END'
		chaingate check: only one policy can be read from stdin
		  = help: give the others as files
	END
}

@test "a line that doesn't say exactly what to watch is refused" {
	refused check <<-'END'
		chaingate check: no chain or model to watch is given
		  = help: give --chain NAME, --all-chains or --model NAME, or 'chain' or 'model' in the policy's target
		chaingate check: no selection says which deployments to watch
		  = help: give --deployment ID; or --environment NAME, --latest or --all-deployments with --since 10m; or one of them in the policy's target
	END
	refused check --chain rag --deployment d --latest --environment e <<-'END'
		chaingate check: --deployment and --environment exclude each other
		  = help: leave out one of them
		chaingate check: --deployment and --latest exclude each other
		  = help: leave out one of them
	END
	local selector what
	for selector in --environment=staging --latest --all-deployments; do
		case $selector in
		--latest) what="the latest deployment" ;;
		--all*) what="all deployments" ;;
		*) what="an environment" ;;
		esac
		refused check --chain rag "$selector" <<-END
			chaingate check: to watch $what, 'since' is needed: without it the gate could judge an older deployment while a new push isn't listed yet
			  = help: give --since 10m for deployments created in the last ten minutes; or a time; or any
		END
	done
	refused status --latest <<-'END'
		chaingate status: no chain or model is given: add --chain NAME or --model NAME, or leave out --latest
	END
	refused status --chain rag policy.yaml <<-'END'
		chaingate status: 'policy.yaml' is not expected: 'chaingate status' takes no operands
		  = help: it judges nothing, so it needs no policy; give the chain with --chain NAME, or the model with --model NAME
	END
}

@test "ids are read from truss's URLs only if there is no doubt" {
	local chaingate=$CHAINGATE
	refused check --deployment https://app.baseten.co/chains/abc/overview <<-'END'
		chaingate check: the URL of a chain's overview names no deployment
		  = help: give --chain abc and --deployment ID, --latest --since 10m, …
	END
	local url
	for url in http://app.baseten.co/chains/abc/logs/def https://evil.example/chains/abc/logs/def \
		https://app.baseten.co/models//logs/def https://chain-abc.api.baseten.co/deployment/def/predict \
		https://app.baseten.co/chains//logs/def https://app.baseten.co/chains/abc/logs/def/g/h \
		https://baseten.co.evil.example/chains/abc/logs/def; do
		refused check --deployment "$url" <<-END
			chaingate check: no deployment can be read from the URL '$url'
			  = help: write https://app.baseten.co/chains/CHAIN/logs/DEPLOYMENT, or --deployment ID
		END
	done
	refused status --chain https://app.baseten.co/models/abc <<-'END'
		chaingate status: no chain can be read from the URL 'https://app.baseten.co/models/abc'
		  = help: give the chain's id or name
	END
}

@test "a wrong API URL, and a missing or wrong key, are refused" {
	local chaingate=$CHAINGATE
	refused check --chain rag --deployment d --api-url http://example.com <<-'END'
		chaingate check: the URL in --api-url cannot be used: http is only for a loopback address (localhost, 127.0.0.0/8, [::1]): anybody on the way could read the key; use https
		  = help: as in https://api.baseten.co
	END
	BASETEN_API_URL=ftp://x refused check --chain rag --deployment d <<-'END'
		chaingate check: the URL in BASETEN_API_URL cannot be used: not an http or https URL
		  = help: as in https://api.baseten.co
	END
	BASETEN_API_KEY='' refused check --chain rag --deployment d <<-END
		chaingate check: there is no API key: BASETEN_API_KEY is empty, and '$HOME/.trussrc' could not be read: No such file or directory
		  = help: set BASETEN_API_KEY, or give --api-key-file PATH (- is stdin)
	END
	BASETEN_API_KEY='canary key' refused check --chain rag --deployment d <<-'END'
		chaingate check: the API key in BASETEN_API_KEY cannot be used: its character 7 is a space
		  = help: give the key alone: no quotes, no spaces, nothing before it such as 'Api-Key' or 'NAME='
	END
	refused check --chain rag --deployment d --api-key-file nowhere <<-'END'
		chaingate check: could not read the API key from 'nowhere': No such file or directory
		  = help: check the path, and that the file may be read
	END
	refused check --chain rag --deployment d --api-key-file - <<-'END'
		chaingate check: the API key in stdin cannot be used: it is empty
		  = help: give the key alone: no quotes, no spaces, nothing before it such as 'Api-Key' or 'NAME='
	END
	refused check - --chain rag --deployment d --api-key-file - <<-'END'
		chaingate check: the policy and the API key cannot both be read from stdin
		  = help: set BASETEN_API_KEY, or give one of them as a file
	END
	(
		unset BASETEN_API_KEY
		printf '[baseten]\nremote_url = https://app.baseten.co\n' >.trussrc
		refused status --chain rag <<-END
			chaingate status: there is no API key: BASETEN_API_KEY is not set, and '$HOME/.trussrc' has no api_key in its section [baseten]
			  = help: set BASETEN_API_KEY, or give --api-key-file PATH (- is stdin)
		END
	)
}

@test "two reports to one place, and wrong report options, are refused" {
	run --separate-stderr "$CHAINGATE" check --chain rag --deployment d --report junit=- --junit /dev/stdout
	[ "$status" = 2 ]
	[ "$stderr" = "chaingate check: two reports cannot both be written to '/dev/stdout'"$'\n  = help: give each a path of its own' ]
	[ "$(grep -c '<testsuites' <<<"$output")" = 1 ] # only the first report
	refused check --chain rag --deployment d --report junit=a/r.xml --report junit-strict=./a//r.xml <<-'END'
		chaingate check: two reports cannot both be written to './a//r.xml'
		  = help: give each a path of its own
	END
	[ -e a/r.xml ]
	refused check --chain rag --deployment d --report junti=r.xml <<-'END'
		chaingate check: no report format is called 'junti'
		  = help: a format has a similar name: junit
	END
	refused check --chain rag --deployment d --report junit <<-'END'
		chaingate check: no path is given for the report 'junit'
		  = help: --report junit=PATH, where - is stdout
	END
	echo 'version: 1' >policy.yaml
	ln policy.yaml other.yaml
	refused check policy.yaml --chain rag --deployment d --junit other.yaml <<-'END'
		chaingate check: a report cannot be written over 'other.yaml': this run reads it
		  = help: give the report another path
	END
	[ "$(cat policy.yaml)" = 'version: 1' ]
}

# However early the replay ends: the recording can't be read, the line has a mistake, or the place is the recorded policy's.
@test "a replay's report is never written over a policy" {
	local arguments
	echo '{version: 1, rules: [all chainlets ACTIVE]}' >policy.yaml
	cp policy.yaml kept.yaml
	echo x >bad.ndjson
	cat >world.yaml <<-'END'
		api_key: simulator-key
		chains: [{id: c1, name: rag}]
		deployments: [{id: d1, chain: c1, created_at: 0s, chainlets: [{name: A, status: ACTIVE, active_replica_count: 1}]}]
	END
	BASETEN_API_KEY=simulator-key VIRTUAL_SCENARIO=$PWD/world.yaml "$CHAINGATE_VIRTUAL" check policy.yaml --chain rag --deployment d1 --timeout 0s \
		--api-url http://127.0.0.1:1 --record run.ndjson || true
	grep -q 'policy.yaml' run.ndjson
	for arguments in 'bad.ndjson --policy policy.yaml' 'nowhere.ndjson --policy policy.yaml' 'run.ndjson --quiet --verbose --policy policy.yaml' \
		'run.ndjson --quiet --verbose' 'run.ndjson --timeout nonsense --policy policy.yaml' 'bad.ndjson --policy=policy.yaml --nonsense'; do
		# shellcheck disable=SC2086 # words
		run "$CHAINGATE_VIRTUAL" replay $arguments --junit policy.yaml
		[ "$status" = 2 ]
		cmp policy.yaml kept.yaml || { echo "overwritten by: $arguments" && return 1; }
	done
}

# If an option is mistyped, any word could be a file to read.
@test "a report isn't written over a file that a wrong line names" {
	local arguments
	echo '{version: 1, rules: [all chainlets ACTIVE]}' >policy.yaml
	cp policy.yaml kept.yaml
	for arguments in 'check --policy policy.yaml --chain rag' 'check --policy=policy.yaml --chain rag' 'check --chian rag policy.yaml' \
		'check --polcy=./policy.yaml' 'check -x policy.yaml' 'replay --from policy.yaml a.ndjson' 'replay a.ndjson --polcy policy.yaml'; do
		# shellcheck disable=SC2086 # words
		run "$CHAINGATE_VIRTUAL" $arguments --deployment d --junit policy.yaml
		[ "$status" = 2 ]
		cmp policy.yaml kept.yaml || { echo "overwritten by: $arguments" && return 1; }
		# A replay without a recording writes no report.
		[[ $output == *"a report cannot be written over 'policy.yaml': this run reads it"* || $output == *"no recording is given"* ]]
	done
	[[ $("$CHAINGATE_VIRTUAL" check --policy policy.yaml 2>&1) == *"it belongs to 'chaingate eval' and 'chaingate replay'"* ]]
	# A report to another place is written.
	run "$CHAINGATE_VIRTUAL" check --policy policy.yaml --junit r.xml
	has_problem r.xml "has no option --policy"
}

has_problem() { # has_problem FILE TEXT: the report is complete, and has an error with this text
	xmllint --noout "$1"
	local report
	report=$(<"$1")
	[[ $report == *"<error "* && $report == *"$2"* ]] || { echo "$1 doesn't say: $2" && echo "$report" && return 1; }
}

@test "the reports are written although the command line is wrong" {
	run "$CHAINGATE" check --chian rag --junit r.xml --deployment
	[ "$status" = 2 ]
	has_problem r.xml "no option is called"
	run "$CHAINGATE" chek --chain rag --report junit-strict=deep/down/r.xml
	[ "$status" = 2 ]
	has_problem deep/down/r.xml "no command is called"
	run "$CHAINGATE" check --chain --junit=empty.xml
	[ "$status" = 2 ]
	has_problem empty.xml "needs a value"
	BASETEN_API_KEY='' run "$CHAINGATE" check --chain rag --deployment d --junit key.xml
	[ "$status" = 2 ]
	has_problem key.xml "there is no API key"
	run "$CHAINGATE" check nowhere.yaml --chain rag --deployment d --junit policy.xml
	[ "$status" = 2 ]
	has_problem policy.xml "nowhere.yaml"
	run ! grep -rl canary .
}

@test "help and version" {
	local command
	for command in check lint status eval help version; do
		run --separate-stderr "$CHAINGATE_VIRTUAL" "$command" --help
		[ "$status" = 0 ]
		[ -z "$stderr" ]
		[[ ${lines[0]} == "chaingate $command"* ]]
		local of_option=$output
		run --separate-stderr "$CHAINGATE_VIRTUAL" help "$command"
		[ "$status" = 0 ]
		[ "$output" = "$of_option" ]
	done
	run --separate-stderr "$CHAINGATE" --help
	[ "$status" = 0 ]
	local general=$output
	run --separate-stderr "$CHAINGATE" help
	[ "$output" = "$general" ]
	for command in check lint status eval help version; do
		[[ $general == *$'\n'"  $command "* ]]
	done
	run --separate-stderr "$CHAINGATE" --version
	[ "$status" = 0 ]
	[[ ${lines[0]} =~ ^chaingate\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	[[ $output == *libcurl/* && $output == *json-c/* && $output == *libyaml/* ]]
	# --help works in spite of any mistake, and the command itself doesn't run.
	run --separate-stderr "$CHAINGATE" check --nonsense -h
	[ "$status" = 0 ]
}

# follow_hints: does what hints advise. stdin has three lines for each: the wrong command line, its hint, and the line after doing what the hint says; a hint's text after "write " must be in it.
follow_hints() {
	local wrong hint right advice count=0
	while IFS= read -r wrong && IFS= read -r hint && IFS= read -r right; do
		eval "run --separate-stderr '$CHAINGATE_VIRTUAL' $wrong" </dev/null
		if [ "$status" != 2 ] || [[ $output$stderr$'\n' != *"  = help: $hint"$'\n'* ]]; then
			printf '%s: exit %s\n%s\n' "$wrong" "$status" "$output$stderr"
			return 1
		fi
		advice=${hint#*write } advice=${advice%%: *} advice=${advice%% for *} advice=${advice#chaingate }
		if [[ $hint == "write "* && $right != *"$advice"* ]]; then
			printf '%s: %s isn'"'"'t in %s\n' "$wrong" "$advice" "$right"
			return 1
		fi
		eval "run --separate-stderr '$CHAINGATE_VIRTUAL' $right" </dev/null
		if [ "$status" = 2 ] || [[ $output$stderr == *"= help:"* ]]; then
			printf '%s: exit %s\n%s\n' "$right" "$status" "$output$stderr"
			return 1
		fi
		count=$((count + 1))
	done
	echo "$count hints were followed"
}

@test "slips of the command line have hints that are accepted" {
	printf 'version: 1\nrules: [all chainlets ACTIVE]\n' >policy.yaml
	mkdir policies
	cp policy.yaml policies/one.yaml
	cp "$BATS_TEST_DIRNAME/../../tests/fixtures/two_active.json" body.json
	printf 'key-of-a-file\n' >PATH
	follow_hints >followed <<-'END' || { cat followed && return 1; }
		check policy.yaml --chain rag --deployment d --print-config --wait
		write --timeout 20m: it always waits, this is for how long
		check policy.yaml --chain rag --deployment d --print-config --timeout 20m
		check policy.yaml --chain rag --deployment d --print-config --wait 20m
		write --timeout 20m: it always waits, this is for how long
		check policy.yaml --chain rag --deployment d --print-config --timeout 20m
		check policy.yaml --chain rag --deployment d --dry-run
		write --print-config
		check policy.yaml --chain rag --deployment d --print-config
		check policy.yaml --chain rag --deployment latest --print-config
		write --latest --since 10m
		check policy.yaml --chain rag --latest --since 10m --print-config
		check policy.yaml --chain rag --deployment latest --since 1h --print-config
		write --latest
		check policy.yaml --chain rag --latest --since 1h --print-config
		check policy.yaml --chain rag --deployment ALL --print-config --since any
		write --all-deployments
		check policy.yaml --chain rag --all-deployments --print-config --since any
		check production --chain rag --deployment d --print-config
		write @production for the policy that comes with chaingate
		check @production --chain rag --deployment d --print-config
		lint promote
		write @promote for the policy that comes with chaingate
		lint @promote
		check --policy policy.yaml --chain rag --deployment d --print-config
		write policy.yaml: it needs no option
		check policy.yaml --chain rag --deployment d --print-config
		check policy.yaml --chain rag --deployment d --print-config --report out.xml
		write --report junit=out.xml
		check policy.yaml --chain rag --deployment d --print-config --report junit=out.xml
		check policy.yaml --chain rag --deployment d --print-config --report a/b.json
		write --report json=a/b.json
		check policy.yaml --chain rag --deployment d --print-config --report json=a/b.json
		check policy.yaml --chain rag --deployment d --print-config --format json
		write --report json=report.json
		check policy.yaml --chain rag --deployment d --print-config --report json=report.json
		check policy.yaml --chain rag --deployment d --print-config --api-key abcdefghijkl
		write --api-key-file PATH: others can read a command line; or set BASETEN_API_KEY
		check policy.yaml --chain rag --deployment d --print-config --api-key-file PATH
		check policy.yaml --chain rag --deployment d --print-config --fail-fast
		leave it out: it is fail_fast below wait, in the policy
		check policy.yaml --chain rag --deployment d --print-config
		check policy.yaml --chain rag --deployment d --print-config --timeout 1d
		write --timeout 24h
		check policy.yaml --chain rag --deployment d --print-config --timeout 24h
		check policy.yaml --chain rag --latest --print-config --since 30d
		write --since 720h
		check policy.yaml --chain rag --latest --print-config --since 720h
		check policy.yaml --chain rag --deployment d --print-config --timeout 20
		write --timeout 20m for minutes, or --timeout 20s for seconds
		check policy.yaml --chain rag --deployment d --print-config --timeout 20m
		validate policy.yaml
		write chaingate lint policy.yaml
		lint policy.yaml
		evaluate
		write chaingate eval 'all chainlets ACTIVE' --body body.json
		eval 'all chainlets ACTIVE' --body body.json
		docs
		write chaingate explain
		explain
		lint --recursive policy.yaml
		leave it out: write the files, as in policies/*.yaml
		lint policy.yaml policies/*.yaml
		init --template production
		write --from production
		init --from production
	END
	[ "$(cat followed)" = "22 hints were followed" ]
}

@test "'list' and other words for 'status' lead to it, and not to 'lint'" {
	refused list <<-'END'
		chaingate: no command is called 'list'
		  = help: write chaingate status
	END
	refused watch <<-'END'
		chaingate: no command is called 'watch'
		  = help: write chaingate status --watch
	END
}

@test "a value of --api-key isn't printed" {
	run "$CHAINGATE_VIRTUAL" check --api-key sk-canary-77 --key=sk-canary-77 -k sk-canary-77
	[ "$status" = 2 ]
	[[ $output == *"write --api-key-file PATH"* && $output != *canary* ]]
}

@test "each command line in a message names a command, and options that it has" {
	local line words command option help count=0
	while IFS= read -r line; do
		read -ra words <<<"$line"
		command=${words[1]}
		[[ $command == %s || $command == COMMAND ]] && continue
		help=$("$CHAINGATE_VIRTUAL" "$command" --help) || { echo "$line"; return 1; }
		for option in $(grep -o -- ' --[a-z][a-z-]*' <<<"$line"); do # not --%s
			grep -q -- "$option " <<<"$help " || { echo "$line: $option"; return 1; }
		done
		count=$((count + 1))
	done < <(grep -rhoE "'chaingate [a-z%][^']*'" "$BATS_TEST_DIRNAME/../../src" --include='*.c' | tr -d "'\\\\" | sort -u)
	echo "$count command lines"
	[ "$count" -ge 15 ]
}
