from pathlib import PurePosixPath
print(PurePosixPath("/usr/lib") / "x", PurePosixPath("/a").is_absolute())
