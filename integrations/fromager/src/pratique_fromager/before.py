"""
Watches a wheel as its backend has made it, before Fromager adds metadata and moves it.

No hook of Fromager's is called there, so its function fromager.wheels.add_extra_metadata_to_wheels
is wrapped, when PRATIQUE_BEFORE_METADATA says so. Fromager loads this module, like all modules
of the namespace fromager.project_overrides, when it looks for the overrides of the first package,
which it does before it builds; this one overrides nothing. Where the function is not there, or
is not called as we know it, loading fails, and with it the build.
"""

import functools
import inspect
import pathlib
import typing

import fromager.wheels

from .gate import Settings, check

NAME = "add_extra_metadata_to_wheels"


def wrap(function: typing.Callable[..., typing.Any]) -> typing.Callable[..., typing.Any]:
    @functools.wraps(function)
    def watched(**kw: typing.Any) -> typing.Any:
        check(pathlib.Path(kw["wheel_file"]), Settings.from_environ())
        return function(**kw)

    watched.pratique = True  # type: ignore[attr-defined]
    return watched


def install(module: typing.Any = fromager.wheels) -> None:
    """Once, however often it is called. RuntimeError where Fromager is not as it was."""
    function = getattr(module, NAME, None)
    if getattr(function, "pratique", False):
        return
    if not callable(function) or "wheel_file" not in inspect.signature(function).parameters:
        raise RuntimeError(f"this Fromager has no {NAME}(wheel_file=...): unset PRATIQUE_BEFORE_METADATA")
    setattr(module, NAME, wrap(function))


if Settings.from_environ().before_metadata:
    install()
