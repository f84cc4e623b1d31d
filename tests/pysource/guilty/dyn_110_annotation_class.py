class C:
    x: eval("6*7")
