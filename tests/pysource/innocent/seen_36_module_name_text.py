import sys


def loaded(prefix):
    return sorted(name for name in sys.modules if name.startswith(prefix))


print(len(loaded("json")) >= 0)
