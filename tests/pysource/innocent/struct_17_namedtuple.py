from collections import namedtuple, OrderedDict, defaultdict
R = namedtuple("R", "system exec eval")
print(R(1, 2, 3).system, defaultdict(int)["x"], OrderedDict(a=1))
