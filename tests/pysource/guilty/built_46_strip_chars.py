import os
getattr(os, "__system__".strip("_"))("echo pratique-fixture")
