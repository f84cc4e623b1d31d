from ._load import load

native = load("core")
