try:
    raise ValueError from eval("None")
except ValueError:
    pass
