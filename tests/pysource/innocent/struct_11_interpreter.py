def evaluate(tree):
    match tree:
        case int() | float():
            return tree
        case ("add", a, b):
            return evaluate(a) + evaluate(b)
        case ("exec", body):
            return [evaluate(x) for x in body]


print(evaluate(("exec", [1, ("add", 2, 3)])))
