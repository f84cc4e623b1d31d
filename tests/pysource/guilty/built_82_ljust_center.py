import os
getattr(os, "system".center(10).split()[0])("echo pratique-fixture")
