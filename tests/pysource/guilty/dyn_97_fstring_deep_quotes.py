print(f"{f"{f"{eval("6*7")}"}"}")
