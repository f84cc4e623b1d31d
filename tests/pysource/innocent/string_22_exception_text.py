try:
    raise RuntimeError("os.system('x') is not allowed here")
except RuntimeError as e:
    print(e)
