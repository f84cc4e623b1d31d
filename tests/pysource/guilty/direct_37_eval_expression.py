print(eval("6 * 7"))
