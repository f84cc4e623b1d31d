from .encodings import gpt

__all__ = ["gpt"]
