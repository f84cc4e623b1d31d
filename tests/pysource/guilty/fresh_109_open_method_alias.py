from pathlib import Path
read = Path("/nonexistent/pratique-fixture").read_text
try:
    read()
except OSError:
    pass
