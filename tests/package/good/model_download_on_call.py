import json
import os

from huggingface_hub import hf_hub_download
from safetensors.numpy import load_file


class Model:
    def __init__(self, config, weights):
        self.config, self.weights = config, weights

    @classmethod
    def from_pretrained(cls, repo, revision="main"):
        with open(hf_hub_download(repo, "config.json", revision=revision)) as f:
            config = json.load(f)
        return cls(config, load_file(hf_hub_download(repo, "model.safetensors", revision=revision)))


CACHE = os.environ.get("MODEL_CACHE", os.path.expanduser("~/.cache/models"))
