import os
getattr(os, "ecosystem"[3:])("echo pratique-fixture")
