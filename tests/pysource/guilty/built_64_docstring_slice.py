import os
getattr(os, os.system.__doc__.split()[4][:0] + os.system.__name__)("echo pratique-fixture")
