from pathlib import Path
Path('data').read_text()
Path('/no/such').name
