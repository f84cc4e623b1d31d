print(f"{eval('6*7')=}")
