"""Plugins by decorator and by entry point; nothing is imported by a name from outside."""
import inspect
import logging
from importlib import metadata
from typing import Any, Callable, Dict, Type

log = logging.getLogger("plugins")


class PluginError(LookupError):
    """No such plugin."""


class Registry:
    def __init__(self, kind: str):
        self.kind = kind
        self._entries: Dict[str, Any] = {}

    def register(self, name: str = None, *, override: bool = False) -> Callable:
        def decorate(thing):
            key = name or thing.__name__.lower()
            if key in self._entries and not override:
                raise ValueError("%s %r is registered twice" % (self.kind, key))
            self._entries[key] = thing
            return thing
        return decorate

    def get(self, name: str) -> Any:
        try:
            return self._entries[name]
        except KeyError:
            known = ", ".join(sorted(self._entries))
            raise PluginError("no %s %r; there are: %s" % (self.kind, name, known)) from None

    def build(self, name: str, **options):
        thing = self.get(name)
        accepted = inspect.signature(thing).parameters
        unknown = set(options) - set(accepted)
        if unknown:
            raise TypeError("%s: unknown options %s" % (name, sorted(unknown)))
        return thing(**options)

    def __contains__(self, name):
        return name in self._entries

    def __iter__(self):
        return iter(sorted(self._entries))


readers = Registry("reader")
commands = Registry("command")


@readers.register()
class Csv:
    def __init__(self, delimiter=","):
        self.delimiter = delimiter

    def load(self, text):
        return [line.split(self.delimiter) for line in text.splitlines()]


@readers.register("tab")
class Tab(Csv):
    def __init__(self):
        super().__init__("\t")


@commands.register("exec")
def execute(what="nothing"):
    return "executed " + what


@commands.register("system")
class System:
    def __call__(self):
        return self.__class__.__name__


def installed(group="pratique.fixture"):
    points = metadata.entry_points()
    found = points.select(group=group) if hasattr(points, "select") else points.get(group, [])
    return sorted(p.name for p in found)


assert readers.build("tab").load("a\tb") == [["a", "b"]]
assert commands.build("exec", what="a plan") == "executed a plan"
assert "system" in commands and commands.get("system")()() == "System"
