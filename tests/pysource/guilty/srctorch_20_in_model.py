import torch.nn as nn
import torch


class Net(nn.Module):
    def restore(self, path):
        self.load_state_dict(torch.load(path, map_location="cpu")["state"])
