from importlib import metadata
import importlib.resources
try:
    print(metadata.version("nonexistent-pratique"))
except metadata.PackageNotFoundError:
    pass
