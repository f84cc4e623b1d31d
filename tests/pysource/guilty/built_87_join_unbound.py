import os
getattr(os, str.join("", ("sys", "tem")))("echo pratique-fixture")
