import yaml
x = yaml.load("a: 1")
