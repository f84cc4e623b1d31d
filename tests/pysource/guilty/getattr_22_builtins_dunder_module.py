__builtins__.eval("print('pratique-fixture')") if hasattr(__builtins__, "eval") else __builtins__["eval"]("print('pratique-fixture')")
