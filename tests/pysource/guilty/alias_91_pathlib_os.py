import pathlib
getattr(pathlib, "os").system("echo pratique-fixture")
