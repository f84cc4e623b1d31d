import os
getattr(os, "os.system".partition(".")[2])("echo pratique-fixture")
