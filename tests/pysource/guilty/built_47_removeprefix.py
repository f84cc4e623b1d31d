import os
getattr(os, "xsystem".removeprefix("x"))("echo pratique-fixture")
