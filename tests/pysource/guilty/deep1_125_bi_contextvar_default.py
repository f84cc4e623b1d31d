import builtins, contextvars
contextvars.ContextVar("c", default=builtins).get().eval("1+1")
