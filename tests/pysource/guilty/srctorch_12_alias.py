import torch as th
state = th.load("w.pt")
