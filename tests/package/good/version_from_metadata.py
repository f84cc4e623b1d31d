from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("version-from-metadata")
except PackageNotFoundError:
    __version__ = "0"
