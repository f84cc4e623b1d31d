import builtins
vars(builtins)["exec"]("print('pratique-fixture')")
