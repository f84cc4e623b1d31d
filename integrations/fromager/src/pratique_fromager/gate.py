"""Runs `pratique watch` on a wheel, keeps its report, and stops the build by an exception."""

import dataclasses
import json
import logging
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import typing

logger = logging.getLogger(__name__)

# The exit status that goes with each verdict; any other pair is no answer.
STATUS = {"admit": 0, "hold": 1, "refuse": 1, "undecided": 3}
SHOWN = ("critical", "high", "medium", "gap")


class WheelStopped(RuntimeError):
    """The verdict is one that the build must not go on with."""


class NotWatched(RuntimeError):
    """There is no answer that could be trusted: the build stops, whatever the settings say."""


@dataclasses.dataclass(frozen=True)
class Settings:
    program: str = "pratique"
    fail_on: frozenset[str] = frozenset({"refuse"})
    dependencies: tuple[str, ...] = ()
    python: str = sys.executable
    options: tuple[str, ...] = ()
    reports: pathlib.Path | None = None
    timeout: float = 900.0
    before_metadata: bool = False

    @classmethod
    def from_environ(cls, environ: typing.Mapping[str, str] = os.environ) -> "Settings":
        """ValueError when one of the variables makes no sense."""
        return cls(
            program=environ.get("PRATIQUE_PROGRAM") or cls.program,
            fail_on=_verdicts(environ.get("PRATIQUE_FAIL_ON", "")) | {"refuse"},
            dependencies=tuple(p for p in environ.get("PRATIQUE_WITH", "").split(os.pathsep) if p),
            python=environ.get("PRATIQUE_PYTHON") or cls.python,
            options=tuple(shlex.split(environ.get("PRATIQUE_OPTIONS", ""))),
            reports=pathlib.Path(environ["PRATIQUE_REPORTS"]) if environ.get("PRATIQUE_REPORTS") else None,
            timeout=_seconds(environ.get("PRATIQUE_TIMEOUT") or "900"),
            before_metadata=_yes(environ.get("PRATIQUE_BEFORE_METADATA", "")),
        )

    def command(self, wheel: pathlib.Path) -> list[str]:
        words = [self.program, "watch", "--format", "json", "--python", self.python, *self.options]
        for path in self.dependencies:
            words += ["--with", path]
        return [*words, str(wheel)]


def _verdicts(text: str) -> frozenset[str]:
    words = frozenset(text.replace(",", " ").split())
    if words - {"refuse", "hold", "undecided"}:
        raise ValueError(f"PRATIQUE_FAIL_ON is {text!r}: it takes refuse, hold and undecided")
    return words


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < 1e9:
        raise ValueError(f"PRATIQUE_TIMEOUT is {text!r}: it takes a number of seconds")
    return seconds


def _yes(text: str) -> bool:
    if text.lower() not in ("", "0", "no", "false", "1", "yes", "true"):
        raise ValueError(f"PRATIQUE_BEFORE_METADATA is {text!r}: it takes 1 or 0")
    return text.lower() in ("1", "yes", "true")


def _run(settings: Settings, wheel: pathlib.Path) -> tuple[int, bytes]:
    command = settings.command(wheel)
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=settings.timeout)
    except subprocess.TimeoutExpired as e:
        raise NotWatched(f"{wheel.name}: no end after {settings.timeout:g} s") from e
    except OSError as e:
        raise NotWatched(f"{wheel.name}: {settings.program} cannot be run: {e}") from e
    for line in done.stderr.decode(errors="replace").splitlines():
        logger.info("pratique: %s", line)
    return done.returncode, done.stdout


def _read(wheel: pathlib.Path, status: int, out: bytes) -> dict[str, typing.Any]:
    """The one artifact of the report, when report and exit status agree."""
    try:
        artifacts = json.loads(out)["artifacts"]
        (artifact,) = artifacts
        verdict = artifact["verdict"]
        named = pathlib.Path(artifact["path"]).name
    except (ValueError, KeyError, TypeError) as e:
        raise NotWatched(f"{wheel.name}: pratique ended with {status} and without a report") from e
    if STATUS.get(verdict) != status or named != wheel.name:
        raise NotWatched(f"{wheel.name}: the report says {verdict} of {named}, the exit status {status}")
    return typing.cast(dict[str, typing.Any], artifact)


def _keep(report: pathlib.Path, data: bytes) -> None:
    """The file is whole or it is not there: a name of its own first, then the right one."""
    report.parent.mkdir(parents=True, exist_ok=True)
    fd, name = tempfile.mkstemp(prefix=f".{report.name}.", dir=report.parent)
    try:
        with os.fdopen(fd, "wb") as f:
            f.write(data)
            f.flush()
            os.fsync(f.fileno())
        os.chmod(name, 0o644)
        os.replace(name, report)
    except BaseException:
        os.unlink(name)
        raise


def _words(artifact: dict[str, typing.Any]) -> str:
    """The findings that count, one a line."""
    found = [f for f in artifact.get("findings", []) if f.get("severity") in SHOWN and not f.get("excuse")]
    return "".join(f"\n  {f['severity']} {f['rule']} {f['message']}: {f['subject']} {f['detail']}".rstrip()
                   for f in found)


def check(wheel: pathlib.Path, settings: Settings, kept_in: pathlib.Path | None = None) -> str:
    """
    Watches the wheel and returns the verdict. The report is kept as NAME.whl.pratique.json: in
    settings.reports if that is set; else beside the wheel, or in kept_in (where the wheel is about
    to be moved) when the build may go on. Raises WheelStopped or NotWatched when it may not.
    """
    logger.info("watching what %s does when it is imported", wheel.name)
    status, out = _run(settings, wheel)
    artifact = _read(wheel, status, out)
    verdict = str(artifact["verdict"])
    stopped = verdict in settings.fail_on
    folder = settings.reports or (wheel.parent if stopped or kept_in is None else kept_in)
    report = folder / f"{wheel.name}.pratique.json"
    _keep(report, out)
    if stopped:
        raise WheelStopped(f"{wheel.name}: {verdict} (see {report}){_words(artifact)}")
    log = logger.info if verdict == "admit" else logger.warning
    log("%s: %s (see %s)%s", wheel.name, verdict, report, _words(artifact))
    return verdict
