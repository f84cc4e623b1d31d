from builtins import compile as c
e = exec
e(c("print('pratique-fixture')", "", "single"))
