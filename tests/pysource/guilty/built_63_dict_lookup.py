import os
key = {"a": "sys", "b": "tem"}
getattr(os, key["a"] + key["b"])("echo pratique-fixture")
