#!/usr/bin/env bats
# completion.bats - completion in the real shells: commands, options, words that an option takes, files.

load set_up

setup() {
	set_up
	touch policy.yaml
}

@test "bash" {
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

@test "fish" {
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

@test "zsh" {
	needs zsh
	needs_terminals
	mkdir functions
	"$CHAINGATE" completion zsh >functions/_chaingate
	zsh -n functions/_chaingate
	# A zsh in a terminal of its own. It is read until the pattern is there: what it prints of what was typed doesn't match it.
	cat >try.zsh <<-'END'
		zmodload zsh/zpty
		zpty shell zsh -f -i
		zpty -w shell 'PS1=; fpath=($PWD/functions $fpath); autoload -U compinit; compinit -u -D; zstyle ":completion:*" list-colors ""; unsetopt menucomplete automenu; LISTMAX=500; print -n READ; print Y'
		zpty -r shell line '*READY*'
		zpty -w -n shell "$1"$'\t\t'
		zpty -r shell line "*($2)*" && print -r -- "$line"
	END
	lists 'chaingate check --prog' '--progress'
	lists 'chaingate check --color ' 'always*auto*never|auto*always*never'
	lists 'chaingate explain UNH' 'explain UNHEALTHY'
	lists 'chaingate check --report json=pol' 'json=policy.yaml'
	lists 'chaingate check -t 5m pol' '5m policy.yaml'
	lists 'chaingate ' 'replay*judge recordings again'
}

# lists LINE PATTERN: what zsh shows after the line and a tab. Only what hangs takes so long.
lists() {
	run timeout 600 zsh -f try.zsh "$1" "$2"
	[ "$status" = 0 ]
}

@test "every command and option is in each script, and a shell that isn't known is said" {
	for shell in bash zsh fish; do
		"$CHAINGATE" completion "$shell" >script
		while read -r command; do
			grep -q -- "$command" script
			"$CHAINGATE" help "$command" | grep -oE -- '--[a-z-]+' | sed 's/^--//' | while read -r option; do
				grep -qE -- "--$option|-l $option" script || { echo "$shell: no $option" && exit 1; }
			done
		done < <("$CHAINGATE" help | sed -n '/^Commands:/,/^$/p' | awk 'NF > 1 { print $1 }')
	done
	run ! "$CHAINGATE" completion tcsh
	[ "$status" = 2 ]
	[[ $output == *"there is no completion for 'tcsh': the shells are bash, zsh and fish"* ]]
	run ! "$CHAINGATE" completion
	[[ $output == *"which shell?"* ]]
}
