import torch

KWARGS = {"weights_only": True}
state = torch.load("model.pt", map_location="cpu", **KWARGS)
print(len(state))
