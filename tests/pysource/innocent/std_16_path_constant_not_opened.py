from pathlib import Path
PREFIX = Path("/usr/local")
print(PREFIX.name, PREFIX.parts, str(PREFIX / "bin"))
