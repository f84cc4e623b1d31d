import yaml
x = yaml.unsafe_load("a: 1")
