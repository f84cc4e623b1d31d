eval("eval")("6*7")
