"""Watches each wheel that Fromager builds or takes in, by `pratique watch`."""

from .gate import NotWatched, Settings, WheelStopped, check

__all__ = ["NotWatched", "Settings", "WheelStopped", "check"]
