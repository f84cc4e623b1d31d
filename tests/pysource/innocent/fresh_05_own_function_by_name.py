def make_small(): return 1
def make_large(): return 2


def make(kind):
    return globals()["make_" + kind]()


print(make("small"), make("large"))
