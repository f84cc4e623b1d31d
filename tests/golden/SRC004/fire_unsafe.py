import yaml
yaml.unsafe_load(f)
