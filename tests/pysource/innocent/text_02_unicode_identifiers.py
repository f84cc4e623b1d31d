größe = 3
名前 = "x"
π = 3.14
print(größe * π, 名前)
