from . import lazy

engine = lazy.engine
