type = 1
type(x)
type[x]
type.x
type in x
type, y = 1, 2
type: int = 3
type += 1
print(type)
type
