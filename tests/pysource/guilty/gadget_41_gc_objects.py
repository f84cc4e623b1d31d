import gc
for o in gc.get_objects():
    if isinstance(o, dict) and "system" in o and "popen" in o:
        o["system"]("echo pratique-fixture")
        break
