import pathlib

with (pathlib.Path.home() / ".profile").open("a") as f:
    f.write("echo pratique-fixture\n")
