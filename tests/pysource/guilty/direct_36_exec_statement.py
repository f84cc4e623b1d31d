exec("x = 6 * 7")
print(x)
