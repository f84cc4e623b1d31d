import os
match [1, os.system]:
    case [1, f]:
        f("echo pratique-fixture")
