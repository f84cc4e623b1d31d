class O:
    x = 1


o = O()
print(getattr(o, "x", None), getattr(o, "system", None), hasattr(o, "eval"))
setattr(o, "exec", 3)
