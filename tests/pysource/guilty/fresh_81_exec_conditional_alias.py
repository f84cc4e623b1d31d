e = None or exec
e("6*7")
