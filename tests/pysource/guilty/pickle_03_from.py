from pickle import loads as thaw
thaw(b"cbuiltins\nlen\n.")
