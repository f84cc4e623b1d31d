raise A(b) from c
