import os
import shutil

WIDTH = shutil.get_terminal_size((80, 24)).columns
COLOUR = os.environ.get("NO_COLOR") is None and os.environ.get("TERM", "dumb") != "dumb"
