from . import _boot

_boot.ensure()
