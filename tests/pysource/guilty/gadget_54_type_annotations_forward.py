import typing


def f(x: "exec('1')"): ...


typing.get_type_hints(f, None, None) if False else typing.ForwardRef("eval('int')")._evaluate({}, {}, frozenset())
