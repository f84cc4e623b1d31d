import yaml
yaml.load(f, Loader=yaml.Loader)
