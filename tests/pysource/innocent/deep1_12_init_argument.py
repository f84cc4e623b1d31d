import os


class Store:
    def __init__(self, name, root="."):
        self.path = os.path.join(root, name)

    def exists(self):
        return os.path.exists(self.path)


print(Store("x").exists(), Store(name="y").exists())
