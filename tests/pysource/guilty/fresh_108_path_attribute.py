from pathlib import Path


class Settings:
    log = Path("/nonexistent/pratique-fixture")


try:
    Settings.log.write_text("x")
except OSError:
    pass
