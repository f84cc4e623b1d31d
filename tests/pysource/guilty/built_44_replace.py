import os
getattr(os, "sXXsteXX".replace("XX", "y", 1).replace("XX", "m"))("echo pratique-fixture")
