import linecache


def make_init(cls, fields):
    lines = [f"def __init__(self, {', '.join(fields)}):"]
    lines += [f"    self.{f} = {f}" for f in fields]
    source = "\n".join(lines)
    name = f"<generated init {cls.__qualname__}>"
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    namespace = {}
    eval(compile(source, name, "exec"), namespace)
    cls.__init__ = namespace["__init__"]
    return cls


class Pair:
    pass


make_init(Pair, ["left", "right"])
