import torch

model = torch.hub.load("example-org/models", "tiny", trust_repo=True)
