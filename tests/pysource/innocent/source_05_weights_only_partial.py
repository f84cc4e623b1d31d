import functools
import torch
read = functools.partial(torch.load, weights_only=True)
state = read("w.pt")
