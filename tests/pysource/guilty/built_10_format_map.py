import os
getattr(os, "{x}tem".format_map({"x": "sys"}))("echo pratique-fixture")
