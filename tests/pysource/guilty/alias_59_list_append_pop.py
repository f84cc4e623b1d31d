import os
stack = []
stack.append(os.system)
stack.pop()("echo pratique-fixture")
