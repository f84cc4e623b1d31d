import torch as t
load = t.load
state = load("weights.pt", map_location="cpu")
