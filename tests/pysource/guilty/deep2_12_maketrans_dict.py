import os

getattr(os, "xystem".translate(str.maketrans({"x": "s"})))("echo pratique-fixture")
