import yaml
a = yaml.safe_load("x: 1")
b = yaml.load("x: 1", Loader=yaml.SafeLoader)
c = yaml.load("x: 1", yaml.CSafeLoader)
d = list(yaml.safe_load_all("x: 1"))
