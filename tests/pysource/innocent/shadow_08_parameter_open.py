def mark(open, close, text):
    return open("/") + text + close("/")


mark(str, str, "x")
