import os
getattr(os, "s" * 1 + "y" + "s" * 1 + "tem")("echo pratique-fixture")
