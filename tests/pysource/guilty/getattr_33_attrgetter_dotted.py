import shutil
from operator import attrgetter as a
a("os.system")(shutil)("echo pratique-fixture")
