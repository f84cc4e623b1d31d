import yaml
x = yaml.load("a: 1", Loader=yaml.Loader)
