#!/usr/bin/env bats
# completion.bats - completion in the real shells: commands, options, words that an option takes, files.

load set_up
file_world=none
load runs

setup() {
	set_up
	touch policy.yaml
}

@test "completion works in bash" {
	"$CHAINGATE" completion bash >script
	cat >try.bash <<-'END'
		. ./script
		try() { COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _chaingate; echo "${COMPREPLY[*]}"; }
		try chaingate re
		try chaingate check --progr
		try chaingate check --progress ""
		try chaingate check --report j
		try chaingate lint --format ""
		try chaingate test --format t
		try chaingate check pol
		try chaingate schema --
		try chaingate lint --time
		try chaingate check --color = al
		try chaingate check --color =
		try chaingate check --report json = pol
		try chaingate check --chain ""
		try chaingate check --timeout ""
		try chaingate check -t ""
		try chaingate check --ca-file pol
		try chaingate status pol
		try chaingate help re
		try chaingate completion ""
		try chaingate explain UNH
		try chaingate explain pol
		try chaingate check "with s"
	END
	touch "with space.yaml"
	run bash --norc try.bash
	echo "$output"
	diff - <(echo "$output") <<-'END'
		replay
		--progress
		auto live lines none
		junit= junit-strict= json=
		text json
		text tap
		policy.yaml
		--report --help

		always
		auto always never
		policy.yaml



		policy.yaml

		replay
		bash zsh fish
		UNHEALTHY
		poll policy.yaml
		with space.yaml
	END
	if command -v shellcheck >/dev/null; then shellcheck script; fi
}

@test "completion works in fish" {
	needs fish
	"$CHAINGATE" completion fish >script
	cat >try.fish <<-'END'
		source script
		complete -C "chaingate re" | cut -f1
		complete -C "chaingate check --progr" | cut -f1
		complete -C "chaingate check --progress " | cut -f1 | sort
		complete -C "chaingate check --report j" | cut -f1 | sort
		complete -C "chaingate lint --time" | cut -f1
		complete -C "chaingate completion " | cut -f1 | sort
		complete -C "chaingate explain UNH" | cut -f1
		complete -C "chaingate status po" | cut -f1
		complete -C "chaingate lint po" | cut -f1
	END
	run fish --no-config try.fish
	echo "$output"
	[ "$output" = "$(printf '%s\n' replay --progress auto lines live none json= junit-strict= junit= bash fish zsh UNHEALTHY policy.yaml)" ]
}

@test "completion works in zsh" {
	needs zsh
	needs_terminals
	mkdir functions
	"$CHAINGATE" completion zsh >functions/_chaingate
	zsh -n functions/_chaingate
	# A zsh in a terminal of its own. After each line and a tab it lists the completions and drops the line. The test reads until the pattern appears; the echo of
	# the typed line doesn't match it.
	cat >try.zsh <<-'END'
		zmodload zsh/zpty
		zpty shell zsh -f -i
		zpty -w shell 'PS1=; fpath=($PWD/functions $fpath); autoload -U compinit; compinit -u -D; zstyle ":completion:*" list-colors ""; unsetopt menucomplete automenu; LISTMAX=500; print -n READ; print Y'
		zpty -r shell line '*READY*'
		while (( $# )); do
			print -r -- "--- $1"
			zpty -w -n shell "$1"$'\t\t'
			zpty -r shell line "*($2)*" || exit
			print -r -- "$line"
			zpty -w -n shell $'\C-e\C-u'
			shift 2
		done
	END
	local -a lists=(
		'chaingate check --prog' '--progress'
		'chaingate check --color ' 'always*auto*never|auto*always*never'
		'chaingate explain UNH' 'explain UNHEALTHY'
		'chaingate check --report json=pol' 'json=policy.yaml'
		'chaingate check -t 5m pol' '5m policy.yaml'
		'chaingate ' 'replay*judge recordings again'
	)
	# Only a hang takes so long.
	run timeout 600 zsh -f try.zsh "${lists[@]}"
	[ "$status" = 0 ]
}

@test "each script has every command and option, and an unknown shell is refused" {
	local shell script command word commands=() options
	for shell in bash zsh fish; do
		a_run $shell completion $shell
	done
	a_run help help
	make_runs
	# "  COMMAND  what it does", below "Commands:".
	got help
	output=${output#*$'\n'Commands:$'\n'}
	while read -r command word; do
		commands+=("$command")
	done <<<"${output%%$'\n\n'*}"
	for command in "${commands[@]}"; do
		a_run "help.$command" help "$command"
	done
	make_runs
	[ "${#commands[@]}" -ge 10 ]
	for command in "${commands[@]}"; do
		got "help.$command"
		[ "$status" = 0 ]
		mapfile -t options < <(grep -oE -- '--[a-z-]+' <<<"$output")
		[ "${#options[@]}" -ge 1 ]
		for shell in bash zsh fish; do
			script=$(<$shell.out)
			[[ $script == *"$command"* ]] || { echo "$shell: no $command" && return 1; }
			for word in "${options[@]}"; do
				[[ $script == *"$word"* || $script == *"-l ${word#--}"* ]] || { echo "$shell: no $word of $command" && return 1; }
			done
		done
	done
	run ! "$CHAINGATE" completion tcsh
	[ "$status" = 2 ]
	[[ $output == *"there is no completion for 'tcsh': the shells are bash, zsh and fish"* ]]
	run ! "$CHAINGATE" completion
	[[ $output == *"no shell is given"* ]]
}
