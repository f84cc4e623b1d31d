import importlib.metadata


class Registry(dict):
    def load(self, group="plugins_entry_points"):
        for ep in importlib.metadata.entry_points(group=group):
            self[ep.name] = ep.load()
        return self


registry = Registry()
