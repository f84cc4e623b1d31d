"""Fields as descriptors, models by metaclass: a small object mapper in memory."""
import datetime
import itertools


class Field:
    kind = object

    def __init__(self, default=None, required=False):
        self.default, self.required = default, required

    def __set_name__(self, owner, name):
        self.name = name
        self.slot = "_" + name

    def __get__(self, obj, owner=None):
        if obj is None:
            return self
        return obj.__dict__.get(self.slot, self.default)

    def __set__(self, obj, value):
        if value is not None and not isinstance(value, self.kind):
            raise TypeError("%s: %s is expected" % (self.name, self.kind.__name__))
        obj.__dict__[self.slot] = value


class Text(Field):
    kind = str


class Number(Field):
    kind = (int, float)


class Date(Field):
    kind = datetime.date


class ModelMeta(type):
    models = {}

    def __new__(mcls, name, bases, namespace, **options):
        fields = {}
        for base in bases:
            fields.update(getattr(base, "fields", {}))
        fields.update({k: v for k, v in namespace.items() if isinstance(v, Field)})
        namespace["fields"] = fields
        cls = super().__new__(mcls, name, bases, namespace)
        cls.objects = Manager(cls)
        mcls.models[options.get("table", name.lower())] = cls
        return cls

    def __init__(cls, name, bases, namespace, **options):
        super().__init__(name, bases, namespace)

    def __iter__(cls):
        return iter(cls.fields)


class Manager:
    def __init__(self, model):
        self.model, self.rows, self.numbers = model, {}, itertools.count(1)

    def create(self, **values):
        obj = self.model(**values)
        obj.pk = next(self.numbers)
        self.rows[obj.pk] = obj
        return obj

    def filter(self, **conditions):
        for obj in self.rows.values():
            if all(getattr(obj, k) == v for k, v in conditions.items()):
                yield obj

    def get(self, **conditions):
        found = list(self.filter(**conditions))
        if len(found) != 1:
            raise LookupError("%d objects" % len(found))
        return found[0]


class Model(metaclass=ModelMeta):
    def __init__(self, **values):
        for name, f in self.fields.items():
            if f.required and name not in values:
                raise ValueError(name + " is required")
        for name, value in values.items():
            setattr(self, name, value)

    def __repr__(self):
        return "%s(%s)" % (type(self).__name__, ", ".join("%s=%r" % (n, getattr(self, n)) for n in self.fields))


class Host(Model, table="hosts"):
    os = Text(default="linux")
    system = Text(required=True)
    socket = Number(default=1)
    built = Date()


Host.objects.create(system="metric", os="bsd", built=datetime.date(2024, 1, 1))
assert Host.objects.get(os="bsd").system == "metric"
assert list(Host) == ["os", "system", "socket", "built"]
