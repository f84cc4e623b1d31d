import torch
torch.load('a.pt', weights_only=False)
