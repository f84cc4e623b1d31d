import operator
import types
o = types.SimpleNamespace(name="n", size=3)
print(operator.attrgetter("name")(o), operator.itemgetter(0)([1]), operator.methodcaller("upper")("a"))
