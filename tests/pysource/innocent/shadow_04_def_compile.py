def compile(pattern, name, mode):
    return pattern, name, mode


compile("a", "b", "exec")
