class Config:
    def __init__(self, **kwargs):
        for key, value in kwargs.items():
            setattr(self, key, value)

    def get(self, key, default=None):
        return getattr(self, key, default)

    def __contains__(self, key):
        return hasattr(self, key)


c = Config(exec=1, open=2, system=3)
print(c.exec, c.open, c.system, c.get("eval"))
