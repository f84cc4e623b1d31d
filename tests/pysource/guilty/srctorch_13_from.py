from torch import load
state = load("w.pt")
