from pathlib import Path
try: (Path.cwd() / "/nonexistent/x").read_text()
except OSError: pass
