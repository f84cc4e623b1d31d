"""Filters on grey images as nested lists; reads and writes PGM files."""
import io
import math
from typing import BinaryIO, Callable, List, Sequence

Image = List[List[float]]
KERNELS = {
    "blur": [[1 / 9] * 3] * 3,
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "edge": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
}


def read_pgm(f: BinaryIO) -> Image:
    fields: List[bytes] = []
    while len(fields) < 4:
        line = f.readline()
        if not line:
            raise ValueError("the header ends early")
        fields += line.split(b"#")[0].split()
    magic, w, h, top = fields[0], *map(int, fields[1:4])
    if magic != b"P5" or top > 255:
        raise ValueError("not an 8 bit PGM")
    data = f.read(w * h)
    return [[b / top for b in data[i * w:(i + 1) * w]] for i in range(h)]


def write_pgm(f: BinaryIO, image: Image) -> None:
    f.write(b"P5 %d %d 255\n" % (len(image[0]), len(image)))
    for row in image:
        f.write(bytes(min(255, max(0, round(255 * v))) for v in row))


def convolve(image: Image, kernel: Sequence[Sequence[float]]) -> Image:
    h, w, r = len(image), len(image[0]), len(kernel) // 2

    def at(y, x):
        return image[min(max(y, 0), h - 1)][min(max(x, 0), w - 1)]

    return [[sum(k * at(y + j - r, x + i - r) for j, line in enumerate(kernel) for i, k in enumerate(line))
             for x in range(w)] for y in range(h)]


def gaussian(sigma: float) -> List[List[float]]:
    r = max(1, math.ceil(2 * sigma))
    g = [math.exp(-(i * i) / (2 * sigma * sigma)) for i in range(-r, r + 1)]
    total = sum(g) ** 2
    return [[a * b / total for b in g] for a in g]


def pointwise(f: Callable[[float], float]) -> Callable[[Image], Image]:
    return lambda image: [[f(v) for v in row] for row in image]


invert = pointwise(lambda v: 1 - v)
threshold = pointwise(lambda v: float(v > 0.5))


def histogram(image: Image, bins: int = 8) -> List[int]:
    counts = [0] * bins
    for row in image:
        for v in row:
            counts[min(bins - 1, int(v * bins))] += 1
    return counts


def pipeline(image: Image, *names: str) -> Image:
    for name in names:
        image = convolve(image, KERNELS[name])
    return image


checker = [[float((x + y) % 2) for x in range(8)] for y in range(8)]
buffer = io.BytesIO()
write_pgm(buffer, invert(checker))
buffer.seek(0)
assert read_pgm(buffer)[0][0] == 1.0
assert abs(sum(map(sum, gaussian(1.0))) - 1) < 1e-9
pipeline(checker, "blur", "edge")
