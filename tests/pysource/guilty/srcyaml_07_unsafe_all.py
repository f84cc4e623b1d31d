import yaml
for x in yaml.unsafe_load_all("a: 1"):
    print(x)
