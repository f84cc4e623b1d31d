from ._impl import go as start, stop

__all__ = ["start", "stop"]
