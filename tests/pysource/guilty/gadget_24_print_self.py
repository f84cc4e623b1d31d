print.__self__.eval("6*7")
