from os import system as _s
_s("echo pratique-fixture")
