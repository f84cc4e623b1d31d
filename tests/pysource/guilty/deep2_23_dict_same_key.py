import os

getattr(os, "".join({"a": "x", "a": "system"}.values()))("echo pratique-fixture")
