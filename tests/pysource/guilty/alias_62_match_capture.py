import os
match os:
    case o:
        o.system("echo pratique-fixture")
