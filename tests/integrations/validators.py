#!/usr/bin/env python3
"""validators.py - checks files in ci/ with other people's checkers from npm, which must accept them, and must refuse wrong ones.

    validators.py NODE_MODULES

`make validators` downloads them, in the versions of validators/package-lock.json. Each checker of a file must refuse each wrong variant, which is the file with one
text replaced, except those that are marked with the name of the only checker that finds it. Exits with 1 and a list of errors if something is wrong.
"""
import json
import os
import platform
import subprocess
import sys
import tempfile

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
HERE = f"{ROOT}/tests/integrations"

# file: [(a text, what replaces it, the only checker that must notice it, or None for all)]
GITHUB = {
    "ci/github/action.yml": [
        ("using: composite", "using: composit", None),
        ("      shell: bash\n      env:\n        IN_VERSION: ${{ inputs.version }}\n      run: '\"$GITHUB_ACTION_PATH/install\" name", "      env:\n        IN_VERSION: ${{ inputs.version }}\n      run: '\"$GITHUB_ACTION_PATH/install\" name", None),
        ("  icon: shield", "  icon: gate", None),
        ("name: chaingate\n", "", None),
    ],
    "ci/github/workflow.yml": [
        ("    runs-on: ubuntu-latest\n", "", None),
        ("contents: read", "contents: reed", None),
        ("timeout-minutes: 120 ", "timeout-minutes: long ", None),
        ("if: always()", "when: always()", None),
        ("steps.push.outputs", "steps.pushed.outputs", "actionlint"),
        ("${{ steps.gate.outputs.deployment }}", "${{ steps.gate.outputs.deployment }", "actionlint"),
        ("concurrency: production", "concurency: production", None),
    ],
    "ci/github/fleet.yml": [
        ("    runs-on: ubuntu-latest\n", "", None),
        ("      fail-fast: false ", "      fail-fst: false ", None),
        ("    needs: part", "    needs: parts", "actionlint"),
        ("strategy.job-index", "strategi.job-index", "actionlint"),
        ("if: always()", "when: always()", None),
    ],
    ".github/workflows/checks.yml": [
        ("    runs-on: ubuntu-latest\n", "", None),
        ("pull_request: {}", "pull_requests: {}", None),
        ("timeout-minutes: 120", "timeout: 120", None),
        ("github.ref }}", "github.reff }}", "actionlint"),
        ("actions/checkout@v4", "actions/checkout", "actionlint"),
    ],
}
GITLAB = {
    "ci/gitlab/example.gitlab-ci.yml": [
        ("retry: 0", "retry: soon"),
        ("  stage: push\n", "  stage: pull\n"),
        ("{chain: rag, stage: gate}", "{stage: gate}"),
        ("job: gate-again", "job: Gate again"),
        ("- local: ci/gitlab/chaingate.yml", "- local: ci/gitlab/chain.yml"),
        ("    reports: {dotenv: push.env}", "    reports: push.env"),
    ],
    "ci/gitlab/fleet.gitlab-ci.yml": [
        ("retry: 0", "retry: soon"),
        ("  stage: gate\n", "  stage: gates\n"),
        ("  parallel: 3", "  parallel: [three]"),
        ("    when: always", "    when: allways"),
        ("    reports: {junit: gate.xml}", "    reports: gate.xml"),
    ],
    "ci/gitlab/chaingate.yml": [
        ("    when: always", "    when: allways"),
        ("  timeout: 2h", "  timeout: [2h]"),
        ("    exit_codes: $[[ inputs.allowed-exit-codes ]]", "    exit_code: $[[ inputs.allowed-exit-codes ]]"),
        ("$[[ inputs.stage ]]", "$[[ inputs.stages ]]"),
        ("type: array", "type: list"),
    ],
}
TEKTON = {
    "ci/tekton/task.yaml": [
        ("$(params.chain)", "$(params.chains)"),
        ("  name: chaingate\n", "  name: Chain Gate\n"),
        ("- {name: key, mountPath", "- {name: keys, mountPath"),
    ],
    "ci/tekton/pipeline.yaml": [
        ("$(tasks.push.results", "$(tasks.pushed.results"),
        ("taskRef: {name: chaingate}", "taskRef: {name: chaingates}"),
        ("- {name: chain, value: rag}", "- {name: chains, value: rag}"),
        ("runAfter: [", "runAfter: [nobody, "),
    ],
}


TABLES = (GITHUB, GITLAB, TEKTON)


def read(name):
    with open(f"{ROOT}/{name}") as text:
        return text.read()


def variants(table):
    """(name, what is wrong, the text, the only checker); the first of each file is good."""
    for name, changes in table.items():
        good = read(name)
        yield name, None, good, None
        for old, new, *only in changes:
            yield name, new or f"no {old.strip()}", good.replace(old, new), only[0] if only else None


def unmade():
    """Variants that can't be made, because the file no longer has their text."""
    return [f"{name}: no wrong variant can be made: {change[0]!r} isn't there; mend validators.py"
            for table in TABLES for name, changes in table.items() for change in changes if change[0] not in read(name)]


def verdict(name, wrong, messages, checker):
    """The error, if the checker is wrong."""
    if wrong is None and messages:
        return [f"{name}: {checker}: {message}" for message in messages]
    return [f"{name}: {checker} accepts it with {wrong!r}"] if wrong is not None and not messages else []


def github(modules):
    cases = list(variants(GITHUB))
    workflow = read("README.md").split("```yaml workflow\n")[1].split("```")[0]
    cases.append(("README.md", None, workflow, None))
    told = json.dumps([{"kind": "action" if name.endswith("action.yml") else "workflow", "text": text} for name, _, text, _ in cases])
    said = subprocess.run(["node", f"{HERE}/validators.mjs", modules], input=told, stdout=subprocess.PIPE, text=True, check=True).stdout
    for (name, wrong, _, only), judged in zip(cases, json.loads(said)):
        for checker, messages in judged.items():
            if wrong is None or only in (None, checker):
                yield from verdict(name, wrong, messages, checker)


def node22(modules):
    """gitlab-ci-local needs a newer node than Debian's."""
    machine = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    own = f"{modules}/node-{platform.system().lower()}-{machine}/bin/node"
    return own if os.path.exists(own) else "node"


def gitlab(modules):
    """It reads a whole repository."""
    with tempfile.TemporaryDirectory() as folder:
        def git(*words):
            subprocess.run(["git", "-c", "user.name=n", "-c", "user.email=e", "-C", folder, *words], check=True, stdout=subprocess.DEVNULL)
        os.makedirs(f"{folder}/ci/gitlab")
        git("init", "-q", "-b", "main")
        git("remote", "add", "origin", "git@gitlab.invalid:group/project.git")
        for name, wrong, text, _ in variants(GITLAB):
            files = {path: read(path) for path in GITLAB} | {name: text}
            files[".gitlab-ci.yml"] = files.pop(name if name.endswith(".gitlab-ci.yml") else "ci/gitlab/example.gitlab-ci.yml")
            for path, content in files.items():
                with open(f"{folder}/{path}", "w") as file:
                    file.write(content)
            git("add", "-A")
            git("commit", "-q", "--allow-empty", "-m", "a variant")
            git("update-ref", "refs/remotes/origin/main", "HEAD")
            git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
            done = subprocess.run([node22(modules), f"{modules}/gitlab-ci-local/dist/index.js", "--list", "--cwd", ".", "--home", folder], cwd=folder,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            yield from verdict(name, wrong, [done.stdout[-1000:]] if done.returncode else [], "gitlab-ci-local")


def tekton(modules):
    """Both files together, because the pipeline refers to the task."""
    with tempfile.TemporaryDirectory() as folder:
        for name, wrong, text, _ in variants(TEKTON):
            for path in TEKTON:
                with open(f"{folder}/{os.path.basename(path)}", "w") as file:
                    file.write(text if path == name else read(path))
            done = subprocess.run(["node", f"{modules}/@ibm/tekton-lint/dist/lint.js", "--format", "json", "task.yaml", "pipeline.yaml"], cwd=folder,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            try:
                messages = [row["message"] for row in json.loads(done.stdout)]
            except (ValueError, KeyError, TypeError):
                messages = [done.stdout[-1000:]]
            yield from verdict(name, wrong, messages, "tekton-lint")


def main():
    modules = os.path.realpath(sys.argv[1])
    few = [name for table in TABLES for name, changes in table.items() if len(changes) < 3]
    mistakes = unmade() + [f"{name}: fewer than three wrong variants" for name in few]
    # Without such a text a checker would be asked about the good file.
    for judge in () if mistakes else (github, gitlab, tekton):
        mistakes += judge(modules)
    print("\n".join(mistakes) or "every file is accepted, and every wrong variant refused")
    sys.exit(bool(mistakes))


if __name__ == "__main__":
    main()
