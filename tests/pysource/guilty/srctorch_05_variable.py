import torch


def read(path, safe):
    return torch.load(path, weights_only=safe)
