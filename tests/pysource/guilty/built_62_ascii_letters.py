import os, string
L = string.ascii_lowercase
getattr(os, L[18] + L[24] + L[18] + L[19] + L[4] + L[12])("echo pratique-fixture")
