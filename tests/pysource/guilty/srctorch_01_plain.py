import torch
state = torch.load("w.pt")
