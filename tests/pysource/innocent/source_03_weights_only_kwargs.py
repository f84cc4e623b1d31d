import torch
options = {"weights_only": True}
state = torch.load("w.pt", **options)
