import functools, shutil
functools.reduce(getattr, ["os", "system"], shutil)("echo pratique-fixture")
