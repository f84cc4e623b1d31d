import importlib

_TABLE = {"Json": ("json", "dumps"), "Pprint": ("pprint", "pformat")}
for _name, (_module, _function) in _TABLE.items():
    globals()[_name] = type(_name, (), {"render": staticmethod(getattr(importlib.import_module(_module), _function))})
