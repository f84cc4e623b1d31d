import os
match (0, os.system):
    case (0, *rest):
        rest[0]("echo pratique-fixture")
