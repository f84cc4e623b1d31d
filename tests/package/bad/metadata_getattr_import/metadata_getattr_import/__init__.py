from importlib import import_module as _i

for _m in ("_tables", "_unicode"):
    _i("." + _m, __name__)
