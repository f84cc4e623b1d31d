def dump(items):
    return " ".join(items)
