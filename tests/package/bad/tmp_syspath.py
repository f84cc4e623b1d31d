import sys

sys.path.insert(0, "/tmp/fastmods")
import fastcore  # noqa: E402,F401
