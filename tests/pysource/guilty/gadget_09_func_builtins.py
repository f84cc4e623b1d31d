(lambda: 0).__builtins__["eval"]("6*7")
