import pathlib

import yaml

DEFAULTS = yaml.safe_load((pathlib.Path(__file__).parent / "defaults.yml").read_text())
