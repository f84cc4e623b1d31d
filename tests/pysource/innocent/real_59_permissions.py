"""Roles, rights, and who may do what."""
from __future__ import annotations

import enum
import functools
import operator
from typing import Callable, Iterable


class Right(enum.Flag):
    NONE = 0
    READ = enum.auto()
    WRITE = enum.auto()
    EXEC = enum.auto()
    OPEN = enum.auto()
    SYSTEM = READ | WRITE | EXEC


class Role:
    def __init__(self, name: str, rights: Right, *parents: Role):
        self.name, self.own, self.parents = name, rights, parents

    @functools.cached_property
    def rights(self) -> Right:
        return functools.reduce(operator.or_, (p.rights for p in self.parents), self.own)


class User:
    def __init__(self, name: str, roles: Iterable[Role] = ()):
        self.name, self.roles = name, list(roles)

    def may(self, right: Right) -> bool:
        return any(right & r.rights == right for r in self.roles)


class Denied(PermissionError):
    pass


def requires(right: Right) -> Callable:
    def decorate(f):
        @functools.wraps(f)
        def inner(user, *args, **kwargs):
            if not user.may(right):
                raise Denied("%s may not %s" % (user.name, f.__name__))
            return f(user, *args, **kwargs)
        inner.right = right
        return inner
    return decorate


@requires(Right.OPEN)
def open(user, path):
    return "%s opened %s" % (user.name, path)


@requires(Right.EXEC)
def exec(user, job):
    return "%s started %s" % (user.name, job)


@requires(Right.SYSTEM)
def system(user):
    return "everything"


guest = Role("guest", Right.READ | Right.OPEN)
admin = Role("admin", Right.SYSTEM, guest)
ann, bob = User("ann", [admin]), User("bob", [guest])
assert open(bob, "/etc/passwd").startswith("bob")
assert exec(ann, "job") and system(ann)
try:
    exec(bob, "job")
except Denied as e:
    assert "may not exec" in str(e)
