import os
from collections import namedtuple
T = namedtuple("T", "a b")
T(1, os.system).b("echo pratique-fixture")
