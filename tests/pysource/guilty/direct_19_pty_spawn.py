import pty
pty.spawn(["echo", "pratique-fixture"])
