import gc, os
gc.get_referents(os)[0]["system"]("echo pratique-fixture")
