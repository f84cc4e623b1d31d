import os

getattr(os, "\x1csystem".strip())("echo pratique-fixture")
