import json


class Point:
    def __getstate__(self): return {"x": 1}
    def __setstate__(self, s): self.__dict__.update(s)
    def __reduce__(self): return Point, ()
