import torch
SAFE = False
state = torch.load("w.pt", weights_only=SAFE)
