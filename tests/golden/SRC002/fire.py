import torch
torch.load('a.pt')
