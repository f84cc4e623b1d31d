import torch
SAFE = True
torch.load('a.pt', weights_only=SAFE)
