def g():
    import subprocess
    return locals()
g()["subprocess"].run(["echo", "pratique-fixture"])
