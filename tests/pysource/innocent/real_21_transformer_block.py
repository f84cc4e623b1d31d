"""A decoder-only transformer in plain PyTorch."""
import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass
class Config:
    width: int = 256
    heads: int = 4
    layers: int = 4
    context: int = 128
    vocabulary: int = 1000
    dropout: float = 0.0


class Attention(nn.Module):
    def __init__(self, c: Config):
        super().__init__()
        self.heads = c.heads
        self.qkv = nn.Linear(c.width, 3 * c.width, bias=False)
        self.out = nn.Linear(c.width, c.width, bias=False)
        self.register_buffer("mask", torch.tril(torch.ones(c.context, c.context)))

    def forward(self, x: Tensor) -> Tensor:
        b, t, w = x.shape
        q, k, v = (y.view(b, t, self.heads, -1).transpose(1, 2) for y in self.qkv(x).chunk(3, dim=-1))
        a = (q @ k.transpose(-2, -1)) / math.sqrt(k.shape[-1])
        a = F.softmax(a.masked_fill(self.mask[:t, :t] == 0, float("-inf")), dim=-1)
        return self.out((a @ v).transpose(1, 2).reshape(b, t, w))


class Block(nn.Module):
    def __init__(self, c: Config):
        super().__init__()
        self.attention, self.one, self.two = Attention(c), nn.LayerNorm(c.width), nn.LayerNorm(c.width)
        self.mlp = nn.Sequential(nn.Linear(c.width, 4 * c.width), nn.GELU(), nn.Linear(4 * c.width, c.width))

    def forward(self, x):
        x = x + self.attention(self.one(x))
        return x + self.mlp(self.two(x))


class Model(nn.Module):
    def __init__(self, c: Config):
        super().__init__()
        self.config = c
        self.tokens = nn.Embedding(c.vocabulary, c.width)
        self.places = nn.Embedding(c.context, c.width)
        self.blocks = nn.ModuleList(Block(c) for _ in range(c.layers))
        self.head = nn.Linear(c.width, c.vocabulary, bias=False)
        self.head.weight = self.tokens.weight

    def forward(self, ids, targets=None):
        x = self.tokens(ids) + self.places(torch.arange(ids.shape[1], device=ids.device))
        for block in self.blocks:
            x = block(x)
        logits = self.head(x)
        loss = None if targets is None else F.cross_entropy(logits.flatten(0, 1), targets.flatten())
        return logits, loss

    @torch.inference_mode()
    def generate(self, ids, n, temperature=1.0):
        self.eval()
        for _ in range(n):
            logits, _ = self(ids[:, -self.config.context:])
            p = F.softmax(logits[:, -1] / temperature, dim=-1)
            ids = torch.cat([ids, torch.multinomial(p, 1)], dim=1)
        return ids


def compiled(model):
    return torch.compile(model) if hasattr(torch, "compile") else model
