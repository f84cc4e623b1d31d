from torch import load as read
state = read("w.pt", map_location="cpu", weights_only=True)
