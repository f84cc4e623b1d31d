print(f"{(lambda: eval('6*7'))()}")
