def make(name, fields):
    args = ", ".join(fields)
    body = "".join(f"        self.{f} = {f}\n" for f in fields)
    text = f"class {name}:\n    __slots__ = {tuple(fields)!r}\n    def __init__(self, {args}):\n{body}"
    space = {"__name__": __name__}
    exec(text, space)
    return space[name]


Point = make("Point", ["x", "y"])
