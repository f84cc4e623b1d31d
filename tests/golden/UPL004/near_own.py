def open(x): return x
open('/no/such/file')
