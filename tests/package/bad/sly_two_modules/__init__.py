from . import runtime

runtime.prepare()
