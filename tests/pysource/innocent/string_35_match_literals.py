def kind(name):
    match name:
        case "eval" | "exec":
            return "dynamic"
        case "os.system":
            return "process"
        case _:
            return None


print(kind("eval"))
