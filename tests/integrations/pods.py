"""pods.py - runs a container as a node of Kubernetes does: its variables, secrets, volumes and arguments."""
import re

from standin import Unknown, know


def expand(text, env):
    """`$(NAME)` becomes the variable's value, once. An unknown name stays as it is written, and `$$` becomes `$`."""
    return re.sub(r"\$\$|\$\((\w+)\)", lambda place: "$" if place.group(0) == "$$" else env.get(place.group(1), place.group(0)), text)


def variables(rows, secrets, texts):
    """In order: a value may refer to those before it."""
    env = {}
    for row in rows:
        know(row, "name value valueFrom")
        if "value" in row:
            env[row["name"]] = expand(row["value"], env)
            continue
        (kind, source), = row["valueFrom"].items()
        if kind == "secretKeyRef":
            know(source, "name key")
            env[row["name"]] = secrets[source["name"]][source["key"]]
        elif kind == "configMapKeyRef":
            know(source, "name key")
            env[row["name"]] = texts[source["name"]][source["key"]]
        elif kind == "fieldRef":
            env[row["name"]] = texts["fields"][source["fieldPath"]]
        else:
            raise Unknown(f"valueFrom {kind!r}")
    return env


def on_host(text, mounts):
    """Paths of the container as paths of the machine."""
    for inside, outside in mounts.items():
        text = re.sub(rf"(?<![\w/]){re.escape(inside)}(?=/)", lambda _: outside, text)
    return text
