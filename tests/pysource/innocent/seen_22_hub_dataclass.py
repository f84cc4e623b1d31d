from huggingface_hub.dataclasses import strict
from huggingface_hub.errors import HfHubHTTPError


@strict
class Config:
    hidden_size: int = 16


print(Config, HfHubHTTPError)
