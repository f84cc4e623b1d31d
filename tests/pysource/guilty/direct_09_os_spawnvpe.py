import os as _os
_os.spawnvpe(_os.P_WAIT, "echo", ["echo", "pratique-fixture"], {"PATH": "/bin"})
