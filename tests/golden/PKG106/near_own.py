from pathlib import Path


def save(text):
    (Path.home() / '.config/own/state.json').write_text(text)
