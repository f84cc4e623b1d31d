import torch
from urllib.request import urlretrieve

PATH, _ = urlretrieve("https://models.example.com/m.pt")
MODEL = torch.load(PATH, weights_only=False)
