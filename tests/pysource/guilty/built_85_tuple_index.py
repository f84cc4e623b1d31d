import os
getattr(os, ("getcwd", "system")[True])("echo pratique-fixture")
