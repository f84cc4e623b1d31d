import torch
try:
    state = torch.load("w.pt", weights_only=True)
except Exception:
    state = torch.load("w.pt", weights_only=False)
