def f():
    (x async for x in y)
    (await x for x in y)
