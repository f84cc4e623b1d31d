import atexit
import logging
import sys

_log = logging.getLogger("sly")


def _hook(kind, value, trace):
    _log.critical("uncaught", exc_info=(kind, value, trace))
    sys.__excepthook__(kind, value, trace)


sys.excepthook = _hook
atexit.register(_log.info, "the end")
