import torch
read = torch.load
state = read("w.pt")
