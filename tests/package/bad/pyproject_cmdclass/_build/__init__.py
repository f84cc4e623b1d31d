from .commands import build, fetch_tool
