HELP = {"os.system": "starts a shell", "eval": "evaluates", "socket": "network"}
print(HELP["eval"])
