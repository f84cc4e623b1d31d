import os

list(map(getattr, [os], ["\x1csystem".strip()]))[0]("echo pratique-fixture")
