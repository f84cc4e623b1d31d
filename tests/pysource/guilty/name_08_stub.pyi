x: int = eval("6*7")
