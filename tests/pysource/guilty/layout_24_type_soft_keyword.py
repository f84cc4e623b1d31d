type = exec
type("print('pratique-fixture')")
