import functools

import torch

load = functools.partial(torch.load, weights_only=True)
load("x", weights_only=False)
