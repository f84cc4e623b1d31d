d = {42: 1}
del d[eval("6*7")]
