def f():
 try: a
 except (B, C) as e: raise
 except: d
 else: g
 finally: h
