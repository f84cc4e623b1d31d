def load():
    global tool
    import os as tool


load()
tool.system("echo pratique-fixture")
