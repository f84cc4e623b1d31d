import yaml


class Loader(yaml.SafeLoader):
    pass


yaml.load("x", Loader=Loader)
yaml.load("y", Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
