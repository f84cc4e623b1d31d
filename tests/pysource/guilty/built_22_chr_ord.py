import os
getattr(os, chr(ord("r") + 1) + "ystem")("echo pratique-fixture")
