eval("6*7")


def eval(text):
    return text
