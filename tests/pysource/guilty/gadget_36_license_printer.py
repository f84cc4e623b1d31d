import os
type(os.environ).__init__.__globals__["popen"]("echo pratique-fixture").read()
