f"{x!r :>{width}}"
