import torch
def f(w):
    torch.load('a.pt', weights_only=w)
