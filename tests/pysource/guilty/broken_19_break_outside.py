eval("6*7")
break
