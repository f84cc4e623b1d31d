import torch
import pickle
state = torch.load("w.pt", "cpu", pickle)
