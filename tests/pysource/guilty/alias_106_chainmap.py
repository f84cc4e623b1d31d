import collections
import os
collections.ChainMap({}, {"x": os})["x"].system("echo pratique-fixture")
