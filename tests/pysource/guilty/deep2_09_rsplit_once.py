import os

getattr(os, "a.b.system".rsplit(".", 1)[1])("echo pratique-fixture")
