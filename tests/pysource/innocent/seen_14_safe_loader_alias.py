import yaml

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:
    from yaml import SafeLoader


def read(text):
    return yaml.load(text, Loader=SafeLoader)


print(read("a: 1"))
