import shutil
try: raise ValueError(shutil)
except ValueError as e: e.args[0].os.system("echo pratique-fixture")
