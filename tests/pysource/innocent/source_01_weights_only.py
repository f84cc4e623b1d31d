import torch
state = torch.load("w.pt", weights_only=True)
