eval(compile("6*7", "", "eval"))
