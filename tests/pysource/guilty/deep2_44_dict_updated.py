import os

names = {"a": "sys"}
names.update(b="tem")
getattr(os, "".join(names.values()))("echo pratique-fixture")
