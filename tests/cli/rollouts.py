"""rollouts.py - writes random rollouts as policy tests: for each shipped policy, good ones that must pass, and bad ones of each kind that it must not pass.

    rollouts.py POLICIES DIRECTORY COUNT SEED

Writes DIRECTORY/NAME0.test.yaml, NAME1.test.yaml … for every policy in POLICIES: COUNT good rollouts, COUNT bad ones. A good rollout is like real ones: chainlets are built and
loaded at different times, the API has errors, a chainlet may be SCALED_TO_ZERO for some seconds before its first load, and traffic changes the replica counts.
"""
import copy
import json
import pathlib
import random
import sys

NAMES = ["Retriever", "Reranker", "Generator", "Embedder", "Guard", "Router"]
MACHINES = ["L4:4x16", "A10G:8x32", "T4:4x16", "1x2"]
NOT_UP = ["BUILDING", "DEPLOYING", "LOADING_MODEL"]
FAILED = ["BUILD_FAILED", "BUILD_STOPPED", "DEPLOY_FAILED", "FAILED"]
FAULTS = [{"http": 500}, {"http": 502}, {"http": 503, "retry_after": "5s"}, {"http": 429}, {"error": "timeout"}, {"error": "reset"}, {"error": "malformed"}, {"error": "stale"}]
# In seconds: the latest time at which the last chainlet is up; and the time from which later events happen.
UP = 900
SETTLED = UP + 120
# Tests in one file: far below the limit of values in a YAML file.
PART = 50


def chainlet(name, least=(1, 3), machine=None):
    lowest = random.randint(*least)
    return {"name": name, "status": "ACTIVE", "instance_type_name": machine or random.choice(MACHINES), "active_replica_count": max(lowest, 1),
            "autoscaling_settings": {"min_replica": lowest, "max_replica": max(lowest, 1) + random.randint(0, 2), "concurrency_target": random.randint(1, 8)}}


def deployment(chainlets, **fields):
    return {"id": "new", "status": "ACTIVE", "created_at": "2026-08-14T09:00:00Z", "chainlets": chainlets, **fields}


def settings(one):
    return one["autoscaling_settings"]


def some_chainlets(**how):
    return [chainlet(name, **how) for name in random.sample(NAMES, random.randint(1, 4))]


def rollout(final, others=(), faults=True):
    """The steps from the first build until `final`, the last state. The deployment has the status of its slowest chainlet."""
    moments = {}
    for one in final["chainlets"]:
        at, marks = 0, []
        for status in NOT_UP:
            marks.append((at, status))
            at += random.randint(5, UP // 3 - 60)
        if random.random() < 0.3:
            marks.append((at, "SCALED_TO_ZERO"))
            at += random.randint(5, 50)
            marks.append((at, "LOADING_MODEL"))
            at += random.randint(5, 60)
        marks.append((at, None))
        moments[one["name"]] = marks
    steps = []
    for at in sorted({at for marks in moments.values() for at, _ in marks}):
        now = copy.deepcopy(final)
        for one in now["chainlets"]:
            status = [status for begin, status in moments[one["name"]] if begin <= at][-1]
            if status:
                one.update(status=status, active_replica_count=0)
                if status in NOT_UP and random.random() < 0.5:
                    one["autoscaling_settings"] = None
                now["status"] = status
        steps.append({"at": at, "deployments": [now, *others]})
    return with_faults(steps) if faults else steps


def with_faults(steps):
    """Adds errors of the API, each too short to make it unreachable. After each, the state is as before."""
    at = 0
    for _ in range(random.randint(0, 3)):
        at += random.randint(60, 400)
        end = at + random.randint(5, 60)
        if any(at <= step["at"] <= end for step in steps) or at > UP:
            continue
        before = [step for step in steps if step["at"] < at][-1]
        steps += [{"at": at, **random.choice(FAULTS)}, {**copy.deepcopy(before), "at": end}]
        at = end
        steps.sort(key=lambda step: step["at"])
    return steps


def traffic(steps):
    """Adds steps in which replica counts change within the settings, which doesn't matter for stability."""
    at = SETTLED
    for _ in range(random.randint(0, 4)):
        at += random.randint(10, 200)
        step = {**copy.deepcopy(steps[-1]), "at": at}
        for one in step["deployments"][0]["chainlets"]:
            one["active_replica_count"] = random.randint(max(settings(one)["min_replica"], 1), settings(one)["max_replica"])
        steps.append(step)
    return steps


def later(steps, at, change):
    """Adds a step in which `change` changes the first deployment."""
    step = {**copy.deepcopy(steps[-1]), "at": at}
    change(step["deployments"][0])
    return steps + [step]


def some(final):
    return random.choice(final["chainlets"])


def put(one, status):
    one.update(status=status, active_replica_count=0)


# ---- for each policy: a good rollout, and bad ones ----

def ready_good():
    return traffic(rollout(deployment(some_chainlets())))


def ends_as(statuses, **how):
    def bad():
        final = deployment(some_chainlets(**how))
        status = random.choice(statuses)
        put(some(final), status)
        final["status"] = status
        return rollout(final)
    return bad


def too_few():
    final = deployment(some_chainlets())
    one = some(final)
    settings(one).update(min_replica=random.randint(2, 5), max_replica=8)
    one["active_replica_count"] = random.randint(0, settings(one)["min_replica"] - 1)
    return rollout(final)


def one_in_service():
    """At most one replica where min_replica is at least two. With more than one, production.yaml would only warn."""
    final = deployment(some_chainlets(least=(2, 4)))
    some(final)["active_replica_count"] = random.randint(0, 1)
    return rollout(final)


def production_good():
    return traffic(rollout(deployment(some_chainlets(least=(2, 4)))))


def one_replica():
    final = deployment(some_chainlets(least=(2, 4)))
    settings(some(final)).update(min_replica=random.randint(0, 1))
    return rollout(final)


def other_summary():
    return rollout(deployment(some_chainlets(least=(2, 4)), status=random.choice(["UNHEALTHY", "INACTIVE", "SCALED_TO_ZERO"])))


def pair():
    final = deployment(some_chainlets())
    before = copy.deepcopy(final)
    before.update(id="prod", environment="production", created_at="2026-08-01T00:00:00Z")
    return final, before


def promote_good():
    final, before = pair()
    for one in final["chainlets"]:
        settings(one)["max_replica"] += random.randint(0, 3)
    if random.random() < 0.3:
        final["chainlets"].append(chainlet("Added"))
    return traffic(rollout(final, [before]))


def worse_than_production(change):
    def bad():
        final, before = pair()
        change(final, before)
        return rollout(final, [before])
    return bad


def gone(final, before):
    before["chainlets"].append(chainlet("Removed"))


def renamed(final, before):
    some(final)["name"] = "Renamed"


def weakened(final, before):
    one = some(final)
    was = next(other for other in before["chainlets"] if other["name"] == one["name"])
    settings(was).update(min_replica=3, max_replica=6)
    settings(one).update(min_replica=random.randint(0, 2), max_replica=6)
    one["active_replica_count"] = 3


def less_room(final, before):
    one = some(final)
    was = next(other for other in before["chainlets"] if other["name"] == one["name"])
    settings(was)["max_replica"] = settings(one)["max_replica"] + random.randint(1, 5)


def less_than_load(final, before):
    one = some(final)
    was = next(other for other in before["chainlets"] if other["name"] == one["name"])
    was["active_replica_count"] = settings(one)["max_replica"] + random.randint(1, 5)


def another_machine(final, before):
    some(final)["instance_type_name"] = "H100:1x80"


def older(final, before):
    final["created_at"] = random.choice(["2026-08-01T00:00:00Z", "2026-07-31T23:59:59Z"])


def cost_good():
    final = deployment(some_chainlets())
    for one in final["chainlets"]:
        settings(one).update(min_replica=1, max_replica=random.randint(1, 4))
        one["active_replica_count"] = 1
    return rollout(final)


def too_expensive():
    final = deployment(some_chainlets())
    settings(some(final)).update(max_replica=random.randint(17, 100))
    return rollout(final)


def soak_good():
    steps = traffic(rollout(deployment(some_chainlets())))
    if random.random() < 0.5:  # unhealthy for two polls
        at = steps[-1]["at"] + random.randint(10, 100) + SETTLED
        steps = later(steps, at, lambda now: put(now["chainlets"][0], "UNHEALTHY"))
        steps = later(steps, at + random.randint(5, 15), lambda now: now["chainlets"][0].update(status="ACTIVE", active_replica_count=settings(now["chainlets"][0])["min_replica"]))
    return steps


def during_soak(change, seconds):
    def bad():
        steps = rollout(deployment(some_chainlets()), faults=False)
        at = steps[-1]["at"] + random.randint(60, 400)
        was = copy.deepcopy(steps[-1])
        steps = later(steps, at, change)
        if seconds:
            steps.append({**was, "at": at + random.randint(*seconds)})
        return steps
    return bad


def deployment_down(now):
    now["status"] = random.choice(["UNHEALTHY", "SCALED_TO_ZERO", "INACTIVE"])


def scale_to_zero_good():
    final = deployment(some_chainlets(least=(0, 2)))
    for one in final["chainlets"]:
        if settings(one)["min_replica"] == 0 and random.random() < 0.5:
            put(one, "SCALED_TO_ZERO")
    return rollout(final)


def asleep_by_mistake():
    final = deployment(some_chainlets(least=(1, 3)))
    put(some(final), "SCALED_TO_ZERO")
    return rollout(final)


def chain_of_environments():
    """The deployments of a whole chain: production, perhaps staging, and inactive old ones."""
    listed = [deployment(some_chainlets(), id="prod", environment="production")]
    if random.random() < 0.7:
        listed.append(deployment(some_chainlets(), id="stage", environment="staging"))
    for i in range(random.randint(0, 3)):
        old = deployment(some_chainlets(), id=f"old{i}", status="INACTIVE", created_at="2026-07-01T00:00:00Z")
        for one in old["chainlets"]:
            put(one, "INACTIVE")
        listed.append(old)
    return listed


def prerelease_good():
    return with_faults([{"at": 0, "deployments": chain_of_environments()}])


def chain_with(change):
    def bad():
        listed = chain_of_environments()
        change(listed)
        random.shuffle(listed)
        return [{"at": 0, "deployments": listed}]
    return bad


def no_production(listed):
    listed[0]["environment"] = None


def two_productions(listed):
    listed.append(deployment(some_chainlets(), id="second", environment="production"))


def environment_down(listed):
    status = random.choice(["UNHEALTHY", "SCALED_TO_ZERO", "INACTIVE"])
    one = random.choice([one for one in listed if one.get("environment")])
    one["status"] = status
    put(one["chainlets"][0], status)


def ruin(listed):
    status = random.choice(FAILED)
    listed.append(deployment(some_chainlets(), id="ruin", status=status))
    put(listed[-1]["chainlets"][0], status)


def promoted(name="new", **fields):
    return deployment(some_chainlets(), id=name, environment="production", **fields)


def serves(at, current, candidate=None):
    """A step: what the environment says about itself."""
    return {"at": at, "environments": {"production": {"current_deployment": current, "candidate_deployment": candidate}}}


def after_promotion_good():
    before, after = promoted("old"), promoted()
    steps = [serves(0, before)]
    moved = random.randint(1, 400)
    if random.random() < 0.5:
        steps.append(serves(moved, before, after))
        moved += random.randint(1, 900)
    return steps + [serves(moved, after)]


def never_moved():
    return [serves(0, promoted("old"))]


def moved_elsewhere():
    return [serves(0, promoted("old")), serves(random.randint(1, 300), promoted("other"))]


def cancelled():
    before = promoted("old")
    return [serves(0, before, promoted()), serves(random.randint(20, 600), before)]


def promoted_and(change):
    def bad():
        steps = after_promotion_good()
        now = copy.deepcopy(steps[-1]["environments"]["production"]["current_deployment"])
        change(now)
        return steps + [serves(steps[-1]["at"] + random.randint(40, 250), now)]
    return bad


def first_fails(now):
    now["chainlets"][0].update(status=random.choice(FAILED), active_replica_count=0)


def first_unhealthy(now):
    put(now["chainlets"][0], "UNHEALTHY")


def first_short(now):
    settings(now["chainlets"][0]).update(min_replica=3, max_replica=5)
    now["chainlets"][0]["active_replica_count"] = 1


def first_loses_replicas(now):
    now["chainlets"][0]["active_replica_count"] = 0


RUINED = ("failed", ends_as(FAILED))
STUCK = ("timed_out", ends_as(NOT_UP))
AFTERWARDS = {"target": {"expect_deployment": "new"}}

# Good rollouts; bad ones with their verdict; further keys of the tests.
POLICIES = {
    "ready": (ready_good, [RUINED, STUCK, ("failed", ends_as(["UNHEALTHY", "SCALED_TO_ZERO", "INACTIVE"])), ("failed", too_few)], {}),
    "production": (production_good, [RUINED, STUCK, ("failed", ends_as(["UNHEALTHY", "SCALED_TO_ZERO", "INACTIVE"], least=(2, 4))), ("failed", one_in_service),
                                     ("failed", one_replica), ("failed", other_summary)], {}),
    "promote": (promote_good, [("failed", worse_than_production(change)) for change in (gone, renamed, weakened, less_room, less_than_load, another_machine, older)], {}),
    "cost": (cost_good, [("failed", too_expensive)], {}),
    "soak": (soak_good, [RUINED, STUCK, ("failed", during_soak(first_unhealthy, (60, 200))), ("failed", during_soak(first_fails, None)),
                         ("failed", during_soak(deployment_down, (60, 200))), ("failed", during_soak(first_loses_replicas, None))], {}),
    "scale-to-zero": (scale_to_zero_good, [RUINED, STUCK, ("failed", asleep_by_mistake), ("failed", too_few), ("failed", ends_as(["UNHEALTHY", "INACTIVE"]))], {}),
    "prerelease": (prerelease_good, [("failed", chain_with(change)) for change in (no_production, two_productions, environment_down, ruin)], {}),
    "after-promotion": (after_promotion_good, [("failed", never_moved), ("failed", moved_elsewhere), ("failed", cancelled), ("failed", promoted_and(first_fails))], AFTERWARDS),
}


def test(name, steps, verdict, keys):
    for step in steps:
        step["at"] = f"{step['at']}s"
    return {"name": name, "timeline": steps, "expect": {"verdict": verdict}, **keys}


def main(policies, directory, count, seed):
    random.seed(seed)
    policies, directory = pathlib.Path(policies), pathlib.Path(directory)
    names = {path.stem for path in policies.glob("*.yaml") if not path.stem.endswith(".test")}
    if names != set(POLICIES):
        sys.exit("no rollouts for " + ", ".join(names ^ set(POLICIES)))
    for name, (good, bad, keys) in POLICIES.items():
        tests = [test(f"good {i}", good(), "passed", keys) for i in range(count)]
        for i in range(count):
            verdict, make = bad[i % len(bad)]
            tests.append(test(f"bad {i}", make(), verdict, keys))
        for part in range(0, len(tests), PART):
            document = {"policy": str(policies / f"{name}.yaml"), "tests": tests[part:part + PART]}
            (directory / f"{name}{part // PART}.test.yaml").write_text(json.dumps(document))

main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
