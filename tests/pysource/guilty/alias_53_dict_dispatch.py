import os
table = {"run": os.system, "show": print}
table["run"]("echo pratique-fixture")
