#!/usr/bin/env python3
"""pages.py - writes recordings of long runs, from which the test makes HTML reports; and a page that inspects reports.

    pages.py DIRECTORY
    pages.py --look pages.js REPORT…   the page. In a browser it prints "REPORT, WIDTH, SCHEME: FAULT" for each fault, and at the end of each report
                                       "REPORT, WIDTH, SCHEME: done". SCHEME is the report's colour scheme: light or dark
"""
import html
import json
import pathlib
import sys

SETTINGS = {"min_replica": 2, "max_replica": 8, "concurrency_target": 1, "autoscaling_window": 60, "scale_down_delay": 900, "target_utilization_percentage": 70}


def chainlet(name, status, replicas):
    known = status not in ("BUILDING", "DEPLOYING")
    return {"id": "c-" + name, "name": name, "instance_type_name": "L4:4x16", "status": status, "active_replica_count": replicas,
            "autoscaling_settings": SETTINGS if known else None}


def body(status, chainlets):
    return json.dumps({"deployments": [{"id": "q86yjdy", "chain_id": "232p81ql", "created_at": "2026-08-14T09:00:00Z", "environment": "staging", "status": status,
                                        "chainlets": chainlets}]})


def write(path, rounds, options=(("chain", "rag"), ("deployment", "q86yjdy"))):
    """rounds: (time, body or HTTP status)"""
    lines = [{"kind": "header", "format": 1, "tool": "test", "start_ns": 1786698000000000000, "api": "https://api.example", "policies": ["policy.yaml"],
              "options": list(options)}]
    for number, (at, answer) in enumerate(rounds, 1):
        line = {"kind": "answer", "round": number, "at": at, "took": 0.2, "chain": "rag", "chain_id": "232p81ql"}
        line |= {"status": answer, "body": "upstream connect error"} if isinstance(answer, int) else {"status": 200, "body": answer}
        lines.append(line)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def status_at(at, steps):
    return [status for begin, status in steps if begin <= at][-1]


def rollout(names, minutes, errors=()):
    """A rollout whose chainlets are built and loaded one after another, and then stay ACTIVE for five minutes."""
    rounds = []
    for at in range(0, minutes * 60, 10):
        if at in errors:
            rounds.append((at, 503))
            continue
        chainlets = []
        for i, name in enumerate(names):
            late = i * (minutes * 20) // max(len(names) - 1, 1)
            begin = (minutes - 5) * 60 * 2 // 3 - late // 2
            steps = [(0, "BUILDING"), (begin // 3 + late // 4, "DEPLOYING"), (begin * 2 // 3 + late // 3, "LOADING_MODEL"), (begin + late // 2, "ACTIVE")]
            status = status_at(at, steps)
            chainlets.append(chainlet(name, status, 2 if status == "ACTIVE" else 0))
        whole = "ACTIVE" if all(c["status"] == "ACTIVE" for c in chainlets) else chainlets[-1]["status"]
        rounds.append((at, body(whole, chainlets)))
    return rounds


def look(script, reports):
    frames = "".join(f'<iframe title="{report}" width="{width}" height="900" style="border:0;display:block;color-scheme:{scheme}" srcdoc="{html.escape(pathlib.Path(report).read_text())}"></iframe>\n'
                     for report in reports for width in (390, 1280) for scheme in ("light", "dark"))
    # The listener must exist before the first frame, because a small frame may be loaded before a later script runs.
    print(f"""<!DOCTYPE html><meta charset="utf-8"><meta name="color-scheme" content="light dark"><body style="margin:0">
<pre id="out">
</pre><script>{pathlib.Path(script).read_text()}
document.addEventListener("load", (event) => {{
	const frame = event.target;
	if (frame.tagName !== "IFRAME")
		return;
	let faults;
	try {{ faults = inspect(frame, Number(frame.width)); }} catch (error) {{ faults = [String(error.stack)]; }}
	const scheme = frame.contentWindow.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
	for (const fault of faults.concat("done"))
		document.getElementById("out").append("\\n" + frame.title + ", " + frame.width + ", " + scheme + ": " + fault.replaceAll("\\n", " ") + "\\n");
}}, true);
</script>
{frames}""")


def main():
    if sys.argv[1] == "--look":
        look(sys.argv[2], sys.argv[3:])
        return
    folder = pathlib.Path(sys.argv[1])
    few = ["Retriever", "Reranker", "Generator"]
    write(folder / "passed.ndjson", rollout(few, 8, errors=(120, 130)))
    write(folder / "targets.ndjson", rollout(few, 8), options=())
    failed = rollout(few, 8)[:20]
    failed.append((200, body("BUILD_FAILED", [chainlet("Retriever", "BUILD_FAILED", 0), chainlet("Reranker", "LOADING_MODEL", 0), chainlet("Generator", "ACTIVE", 1)])))
    write(folder / "failed.ndjson", failed)
    long = ["Retriever", "Reranker mit einem sehr langen Namen, der nirgends passt", "生成器生成器生成器生成器生成器", "Router", "Guard"]
    write(folder / "long.ndjson", rollout(long, 70, errors=range(600, 700, 10)))
    many = [f"Chainlet{i:03}" for i in range(200)]
    write(folder / "wide.ndjson", rollout(many, 12))
    write(folder / "crowded.ndjson", [(0, body("BUILD_FAILED", [chainlet(name, "BUILD_FAILED" if i % 20 == 0 else "ACTIVE", 2) for i, name in enumerate(many)]))])


main()
