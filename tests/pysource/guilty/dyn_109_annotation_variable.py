x: exec("print('pratique-fixture')") = 1
