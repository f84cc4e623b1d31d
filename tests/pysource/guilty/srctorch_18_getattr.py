import torch
state = getattr(torch, "load")("w.pt")
