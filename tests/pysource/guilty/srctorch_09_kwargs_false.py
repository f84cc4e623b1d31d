import torch
options = {"weights_only": False, "map_location": "cpu"}
state = torch.load("w.pt", **options)
