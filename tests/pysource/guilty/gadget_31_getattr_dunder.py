subs = getattr(getattr((), "__cla" + "ss__"), "__ba" + "se__")
getattr(subs, "__subcla" + "sses__")()
