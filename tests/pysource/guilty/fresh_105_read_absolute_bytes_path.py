import os
import pathlib
try:
    pathlib.Path(os.fsdecode(b"/nonexistent/pratique-fixture")).read_bytes()
except OSError:
    pass
