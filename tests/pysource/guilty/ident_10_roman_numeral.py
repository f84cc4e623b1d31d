ⅽompile = None
eⅴal("6*7")
