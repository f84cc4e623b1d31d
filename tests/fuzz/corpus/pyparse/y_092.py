def f():
    try: pass
    except* A:
        for x in y: break
        def g(): return 1
