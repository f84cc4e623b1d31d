from pathlib import Path
Path('/no/such/file').read_text()
