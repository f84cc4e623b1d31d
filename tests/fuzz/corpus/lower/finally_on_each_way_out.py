def f():
 for a in b:
  try:
   if c: return d
   break
  finally: e
