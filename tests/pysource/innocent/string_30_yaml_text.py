CONFIG = "run: !!python/object/apply:os.system ['x']"
print(len(CONFIG))
