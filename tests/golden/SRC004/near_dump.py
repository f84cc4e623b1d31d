import yaml
yaml.dump(1)
