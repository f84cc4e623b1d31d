import os
getattr(os, "".join([x[1] for x in sorted([(3, "t"), (1, "y"), (0, "s"), (4, "em"), (2, "s")])]))("echo pratique-fixture")
