import os

getattr(os, "sxyxstem".replace("x", "", -1))("echo pratique-fixture")
