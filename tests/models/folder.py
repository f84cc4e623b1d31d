"""Folders with a model: what their files say of one another."""
import json
import struct


def safetensors(**tensors):
    """Each tensor of n floats, zero."""
    head, at = {}, 0
    for name, n in tensors.items():
        head[name.replace("__", ".")] = {"dtype": "F32", "shape": [n], "data_offsets": [at, at + 4 * n]}
        at += 4 * n
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + bytes(at)


CONFIG = json.dumps({"architectures": ["BertModel"], "model_type": "bert", "hidden_size": 4}).encode()


def bad():
    yield ("pickle.bin", b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R.", ["PKL003", "PKL001", "PKL002"],
           "loading it runs a command")


def good():
    yield ("plain", {"config.json": CONFIG, "model.safetensors": safetensors(a=4, b=2)}, [],
           "a small model as transformers saves it")
