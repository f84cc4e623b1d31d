import webbrowser as w
w.subprocess.call(["echo", "pratique-fixture"])
