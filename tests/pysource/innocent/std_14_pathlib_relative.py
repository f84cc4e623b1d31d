from pathlib import Path
p = Path("data") / "x.txt"
print(p.exists(), p.suffix, p.with_suffix(".csv"), list(Path(".").glob("*.nothing")))
