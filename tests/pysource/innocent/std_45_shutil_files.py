import shutil
print(shutil.which("nonexistent-pratique"), shutil.get_terminal_size().columns > 0)
