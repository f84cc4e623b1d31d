import os
from pathlib import Path
print(os.path.exists("/nonexistent"), Path("/nonexistent").exists(), Path("/").name)
CONTAINER = os.path.isfile("/.dockerenv")
