"""variants.py - wrong variants of a good file: one value of it removed, replaced or added.

A variant is (path, change). A path names keys; an item of a list is named by a text that only this item has as a key or a value, in itself or in an object in it:
["jobs", "whole", "steps", "Merge", "run"]; or by a field that only this item has, {"key": "gate"}. So a path keeps its meaning when the
file changes. A path that the good file doesn't have is a mistake, Unmade: such a variant would test nothing.
"""
import copy

REMOVED = object()


class Added:
    """A field that the good file doesn't have. Any other change needs a value that is there."""

    def __init__(self, value):
        self.value = value


class Unmade(Exception):
    """The variant can't be made of the file."""


def spelled(path):
    return ".".join(str(key) for key in path) or "the file"


def has(item, wanted):
    """Whether `wanted` names this item of a list."""
    if not isinstance(item, dict):
        return False
    if isinstance(wanted, dict):
        return wanted.items() <= item.items()
    return any(wanted in part or wanted in part.values() for part in [item, *item.values()] if isinstance(part, dict))


def place(at, key, path):
    """Where `key` is in `at`, the object or list that `path` leads to."""
    if isinstance(at, dict):
        if key in at:
            return key
        raise Unmade(f"{spelled(path)} has no {key!r}")
    found = [number for number, item in enumerate(at) if has(item, key)] if isinstance(at, list) else []
    if len(found) == 1:
        return found[0]
    raise Unmade(f"{spelled(path)} has {len(found)} items with {key!r}, instead of one")


def changed(good, path, change):
    """A copy of `good` with the change; raises Unmade."""
    wrong = at = copy.deepcopy(good)
    for depth, key in enumerate(path[:-1]):
        at = at[place(at, key, path[:depth])]
    last = path[-1]
    if isinstance(change, Added):
        if not isinstance(at, dict) or last in at:
            raise Unmade(f"{spelled(path[:-1])} is no object, or has {last!r} already")
        at[last] = change.value
    elif change is REMOVED:
        del at[place(at, last, path[:-1])]
    else:
        at[place(at, last, path[:-1])] = change
    return wrong
