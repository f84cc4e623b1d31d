import os

getattr(os, "system".encode("utf-16-le")[::2].decode())("echo pratique-fixture")
