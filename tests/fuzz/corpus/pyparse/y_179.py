for x in y:
    try: pass
    finally: continue
    if z: break
else: pass
