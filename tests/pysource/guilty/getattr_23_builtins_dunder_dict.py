b = __builtins__ if isinstance(__builtins__, dict) else __builtins__.__dict__
b["exec"]("print('pratique-fixture')")
