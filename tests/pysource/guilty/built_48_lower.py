import os
getattr(os, "SYSTEM".lower())("echo pratique-fixture")
