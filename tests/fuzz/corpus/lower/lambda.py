lambda a, b=c: a + b + d
