def f(command):
    match command:
        case ["open", open]:
            return open.upper()
        case {"exec": exec}:
            return exec
        case eval:
            return eval


print(f(["open", "x"]), f({"exec": 1}), f(2))
