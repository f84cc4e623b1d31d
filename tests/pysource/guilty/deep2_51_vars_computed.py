import os

vars(os)["\x1csystem".strip()]("echo pratique-fixture")
