class Fields:
    width = 1
    height = 2


class View:
    def __init__(self, fields):
        self.fields = fields

    def __getattr__(self, name):
        return getattr(self.fields, name)


print(View(Fields()).width)
