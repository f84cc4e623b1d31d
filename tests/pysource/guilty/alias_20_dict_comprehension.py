import os
table = {k: v for k, v in zip("ab", (os.system, len))}
table["a"]("echo pratique-fixture")
