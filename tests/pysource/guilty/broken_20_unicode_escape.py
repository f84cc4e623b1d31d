x = "\N{NO SUCH CHARACTER NAME}"
eval("6*7")
