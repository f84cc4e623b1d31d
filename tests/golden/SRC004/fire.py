import yaml
yaml.load(f)
