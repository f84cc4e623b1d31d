import logging
import os
import pathlib

_folder = pathlib.Path(os.environ.get("XDG_STATE_HOME", pathlib.Path.home() / ".local/state")) / "logapp"


def setup_logging(level=logging.INFO):
    _folder.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(filename=_folder / "logapp.log", level=level)


log = logging.getLogger("logapp")
