def eval(node):
    return sum(node)


print(eval([1, 2, 3]))
