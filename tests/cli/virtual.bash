# virtual.bash - the real command line in virtual time, without waiting for a simulator.
#
# start_world SCENARIO makes $CHAINGATE the virtual build for the rest of the test, answered from the scenario, and exports
#   SIM_URL   a URL for --api-url (any will do)
#   SIM_LOG   the log of requests of the latest run, like that of sim.bash (`load sim` for sim_requests)
# Nothing has to be stopped. tests/virtual/world.h lists the variables that describe the world: VIRTUAL_EVENTS='90s signal INT', VIRTUAL_LATENCY, VIRTUAL_START.

start_world() {
	: "${CHAINGATE_VIRTUAL:?is not set: the path of chaingate-virtual}"
	export CHAINGATE=$CHAINGATE_VIRTUAL VIRTUAL_SCENARIO=$1 SIM_URL=http://127.0.0.1:1
	export VIRTUAL_LOG=${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}/requests.log
	export SIM_LOG=$VIRTUAL_LOG
	: >"$VIRTUAL_LOG"
}
