import os
import torch
state = torch.load("w.pt", weights_only=os.environ.get("SAFE") == "1")
