import torch
state = torch.load(
    "w.pt",
    map_location="cpu",
    weights_only=False,
)
