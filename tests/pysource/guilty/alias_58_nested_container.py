import os
x = {"a": [({"b": os},)]}
x["a"][0][0]["b"].system("echo pratique-fixture")
