def f(x):
    open(f'/no/such/{x}')
