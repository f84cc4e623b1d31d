import configparser
import os

_parser = configparser.ConfigParser()
_parser.read(["/etc/myplot.ini", os.path.expanduser("~/.myplotrc"), "myplot.ini"])

COLOURS = _parser.get("style", "colours", fallback="viridis")
DPI = _parser.getint("style", "dpi", fallback=100)
