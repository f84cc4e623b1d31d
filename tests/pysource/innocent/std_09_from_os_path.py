from os import path, sep, getcwd
from os.path import join as j, dirname
print(path.join("a", sep), j("a", "b"), dirname(getcwd()))
