import os

getattr(os, "".join(filter(str.isalpha, "s1y2s3t4e5m")))("echo pratique-fixture")
