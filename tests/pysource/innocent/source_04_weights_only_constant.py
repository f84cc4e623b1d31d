import torch
SAFE = True
state = torch.load("w.pt", weights_only=SAFE)
