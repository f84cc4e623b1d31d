import string
string.Formatter.format.__globals__["_re"]
import os
os.walk.__globals__["system"]("echo pratique-fixture")
