from . import _boot

_boot.ensure()
from ._core import *  # noqa: E402,F401,F403
