import os, itertools
list(itertools.accumulate([os, "system"], getattr))[-1]("echo pratique-fixture")
