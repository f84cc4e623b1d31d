import os
import sys

x = 97 if len(sys.argv) > 99 else 115
getattr(os, chr(x) + "ystem")("echo pratique-fixture")
