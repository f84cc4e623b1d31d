from huggingface_hub import hf_hub_download


class Model:
    def __init__(self, path):
        self.path = path

    @classmethod
    def from_pretrained(cls, repo, revision="7d6f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9"):
        return cls(hf_hub_download(repo, "model.safetensors", revision=revision))
