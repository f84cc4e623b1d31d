import os
getattr(os, "path system name".split()[1])("echo pratique-fixture")
