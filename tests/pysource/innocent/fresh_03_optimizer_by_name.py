import torch


def optimizer(name, parameters, lr):
    if name not in ("Adam", "SGD"):
        raise ValueError(name)
    return getattr(torch.optim, name)(parameters, lr=lr)


def activation(name):
    return getattr(torch.nn.functional, name, None) or getattr(torch.nn, name)()
