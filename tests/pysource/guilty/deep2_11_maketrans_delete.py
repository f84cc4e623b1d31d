import os

getattr(os, "sxyxstem".translate(str.maketrans("", "", "x")))("echo pratique-fixture")
