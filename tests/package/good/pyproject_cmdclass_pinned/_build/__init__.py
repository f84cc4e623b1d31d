from .commands import build, fetch_binaries
