import torch
state = torch.load("w.pt", **dict(weights_only=False))
