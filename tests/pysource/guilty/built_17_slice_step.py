import os
getattr(os, "s-y-s-t-e-m"[::2])("echo pratique-fixture")
