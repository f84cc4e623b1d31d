from torch.serialization import load
state = load("w.pt")
