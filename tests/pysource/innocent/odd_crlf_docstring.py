"""os.system("x")
eval(1)
"""
x = 1
