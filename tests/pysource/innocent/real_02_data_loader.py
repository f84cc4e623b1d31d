"""Reads images and labels listed in a CSV, relative to the list."""
import csv
import os
import random
from dataclasses import dataclass
from typing import Callable, Iterator, List, Optional, Tuple

import numpy as np
from PIL import Image


@dataclass(frozen=True)
class Sample:
    path: str
    label: int


class ImageList:
    """The rows of a list file; opens an image when it is asked for."""

    def __init__(self, list_file: str, transform: Optional[Callable] = None):
        self.root = os.path.dirname(os.path.abspath(list_file))
        self.transform = transform or (lambda x: x)
        with open(list_file, newline="") as f:
            self.samples = [Sample(r["path"], int(r["label"])) for r in csv.DictReader(f)]

    def __len__(self) -> int:
        return len(self.samples)

    def open(self, sample: Sample) -> "Image.Image":
        return Image.open(os.path.join(self.root, sample.path)).convert("RGB")

    def __getitem__(self, i: int) -> Tuple[np.ndarray, int]:
        s = self.samples[i]
        image = np.asarray(self.open(s), dtype=np.float32) / 255.0
        return self.transform(image), s.label


def batches(data: ImageList, size: int, shuffle: bool = True, seed: int = 0) -> Iterator[tuple]:
    order = list(range(len(data)))
    if shuffle:
        random.Random(seed).shuffle(order)
    for i in range(0, len(order), size):
        rows = [data[j] for j in order[i:i + size]]
        yield np.stack([r[0] for r in rows]), np.array([r[1] for r in rows])


def compose(*steps: Callable) -> Callable:
    def run(x):
        for f in steps:
            x = f(x)
        return x
    return run


def flip(p: float = 0.5) -> Callable:
    return lambda x: x[:, ::-1] if random.random() < p else x


def crop(size: int) -> Callable:
    def run(x):
        h, w = x.shape[:2]
        top, left = (h - size) // 2, (w - size) // 2
        return x[top:top + size, left:left + size]
    return run


def split(data: ImageList, share: float) -> Tuple[List[int], List[int]]:
    n = int(len(data) * share)
    return list(range(n)), list(range(n, len(data)))


DEFAULT = compose(crop(224), flip())
