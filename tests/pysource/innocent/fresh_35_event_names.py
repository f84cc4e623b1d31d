HANDLERS = {}


def on(name):
    return lambda f: HANDLERS.setdefault(name, f)


@on("exec")
def on_exec(event): return event


@on("os.system")
def on_system(event): return event


for name in ("exec", "os.system"):
    HANDLERS[name](name)
