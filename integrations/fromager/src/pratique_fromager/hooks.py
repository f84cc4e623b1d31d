"""The hooks of Fromager's namespace fromager.hooks. Each gets a wheel that others do not get."""

import logging
import pathlib
import typing

from .gate import Settings, check

if typing.TYPE_CHECKING:
    from fromager.context import WorkContext
    from packaging.requirements import Requirement

logger = logging.getLogger(__name__)


def _check(ctx: "WorkContext", dist_name: str, dist_version: str, wheel: pathlib.Path | None) -> None:
    if wheel is None:  # fromager bootstrap --sdist-only
        logger.info("%s %s: no wheel, nothing to watch", dist_name, dist_version)
        return
    wheel = pathlib.Path(wheel)
    # What lies in wheels_build is moved to wheels_downloads once the hook has returned.
    moves = wheel.parent.resolve() == pathlib.Path(ctx.wheels_build).resolve()
    check(wheel, Settings.from_environ(), pathlib.Path(ctx.wheels_downloads) if moves else None)


def post_build(ctx: "WorkContext", req: "Requirement", dist_name: str, dist_version: str,
               sdist_filename: pathlib.Path | None, wheel_filename: pathlib.Path | None) -> None:
    """fromager build, build-sequence, build-parallel: a wheel has just been built."""
    _check(ctx, dist_name, dist_version, wheel_filename)


def prebuilt_wheel(ctx: "WorkContext", req: "Requirement", dist_name: str, dist_version: str,
                   wheel_filename: pathlib.Path | None) -> None:
    """The same commands: a wheel that somebody else has built was fetched, or was there."""
    _check(ctx, dist_name, dist_version, wheel_filename)


def post_bootstrap(ctx: "WorkContext", req: "Requirement", dist_name: str, dist_version: str,
                   sdist_filename: pathlib.Path | None, wheel_filename: pathlib.Path | None) -> None:
    """fromager bootstrap: a wheel was built, fetched, or taken from a cache."""
    _check(ctx, dist_name, dist_version, wheel_filename)
