import sys as _sys

_TEMPLATE = """\
def __new__(_cls, {args}):
    return _tuple_new(_cls, ({args},))
"""


def record(typename, field_names):
    fields = field_names.split()
    for name in [typename, *fields]:
        if not name.isidentifier():
            raise ValueError(name)
    namespace = {"_tuple_new": tuple.__new__}
    exec(_TEMPLATE.format(args=", ".join(fields)), namespace)
    return type(typename, (tuple,), {"__new__": namespace["__new__"], "_fields": tuple(fields)})


Point = record("Point", "x y")
