import yaml
yaml.safe_load(f)
yaml.load(f, Loader=yaml.SafeLoader)
yaml.load(f, yaml.CSafeLoader)
