import os

getattr(os, bytes("system", "utf-16-le")[::2].decode())("echo pratique-fixture")
