import torch
state = torch.load("w.pt", map_location=torch.device("cpu"))
