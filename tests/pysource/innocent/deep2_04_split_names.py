import collections

kind, _, name = "collections.OrderedDict".rpartition(".")
print(getattr(collections, name)(), kind)
