print(str(eval("6") + eval("7")))
