import os

getattr(os, "".join(set("sss")) + "ystem")("echo pratique-fixture")
