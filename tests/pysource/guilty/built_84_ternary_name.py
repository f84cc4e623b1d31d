import os
getattr(os, "system" if os.name == "posix" else "getcwd")("echo pratique-fixture")
