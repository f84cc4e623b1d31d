import pathlib

CONFIG = pathlib.Path.home() / '.config' / 'own' / 'config.json'
text = CONFIG.read_text() if CONFIG.exists() else ''
