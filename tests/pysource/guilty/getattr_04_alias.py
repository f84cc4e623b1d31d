import os
g = getattr
g(os, "system")("echo pratique-fixture")
