import os
getattr(os, "__dict__")["system"]("echo pratique-fixture")
