import os
getattr(os, "{}{}".format("sys", "tem"))("echo pratique-fixture")
