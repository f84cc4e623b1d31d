import pickle
getattr(pickle, "lo" + "ads")(b"cbuiltins\nlen\n.")
