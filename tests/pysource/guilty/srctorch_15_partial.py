import functools
import torch
read = functools.partial(torch.load, map_location="cpu")
state = read("w.pt")
