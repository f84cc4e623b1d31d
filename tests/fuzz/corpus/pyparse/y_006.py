async def f[T, *Ts](*args: *Ts): pass
