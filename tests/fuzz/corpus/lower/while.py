while a:
  if b: break
  continue
else: c
