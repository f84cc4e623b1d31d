def read(path, opener=open):
    with opener(path) as f:
        return f.readline()


routes = {}
routes["/index"] = read
print(read(__file__), sorted(routes))
