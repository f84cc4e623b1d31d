from types import SimpleNamespace

match SimpleNamespace(system="SI"):
    case SimpleNamespace(system=name):
        print(name)
