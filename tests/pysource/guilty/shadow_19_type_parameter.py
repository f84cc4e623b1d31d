def f[exec](x: exec) -> exec:
    return x


exec("print('pratique-fixture')")
