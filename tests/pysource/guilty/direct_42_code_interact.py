import code
interpreter = code.InteractiveInterpreter()
interpreter.runsource("print('pratique-fixture')")
