import yaml
for x in yaml.load_all("a: 1", Loader=yaml.Loader):
    print(x)
