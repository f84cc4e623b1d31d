try:
    import yaml
    from yaml import CBaseLoader as BaseLoader
except ImportError:
    import yaml
    from yaml import BaseLoader

print(yaml.load("a: 1", Loader=BaseLoader))
