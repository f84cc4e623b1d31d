"""Never call os.system("echo") here."""
# os.system("echo")
s = "os.system(1)"
