import yaml


def read(text, loader):
    return yaml.load(text, Loader=loader)
