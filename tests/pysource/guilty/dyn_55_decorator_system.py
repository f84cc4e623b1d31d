import os


@os.system
@lambda f: "echo " + f.__name__
def pratique_fixture(): ...
