"""Huffman coding: tree, canonical codes, a bit stream."""
import heapq
import io
import itertools
from collections import Counter


class BitWriter:
    def __init__(self):
        self.bits, self.n, self.out = 0, 0, bytearray()

    def write(self, value, width):
        self.bits = self.bits << width | value
        self.n += width
        while self.n >= 8:
            self.n -= 8
            self.out.append(self.bits >> self.n & 0xFF)

    def close(self):
        if self.n:
            self.out.append(self.bits << 8 - self.n & 0xFF)
        return bytes(self.out)


def bits(data):
    for b in data:
        for i in range(7, -1, -1):
            yield b >> i & 1


def lengths(data):
    tie = itertools.count()
    heap = [(n, next(tie), {s: 0}) for s, n in Counter(data).items()]
    heapq.heapify(heap)
    if len(heap) == 1:
        return {s: 1 for s in heap[0][2]}
    while len(heap) > 1:
        n, _, a = heapq.heappop(heap)
        m, _, b = heapq.heappop(heap)
        heapq.heappush(heap, (n + m, next(tie), {s: d + 1 for s, d in {**a, **b}.items()}))
    return heap[0][2] if heap else {}


def codes(table):
    code = last = 0
    out = {}
    for n, s in sorted((n, s) for s, n in table.items()):
        code <<= n - last
        out[s] = code, n
        code, last = code + 1, n
    return out


def compress(data):
    table = lengths(data)
    w = BitWriter()
    book = codes(table)
    for s in data:
        w.write(*book[s])
    return table, len(data), w.close()


def decompress(table, n, data):
    inverse = {v: s for s, v in codes(table).items()}
    out, code, width = bytearray(), 0, 0
    for bit in bits(data):
        if len(out) == n:
            break
        code, width = code << 1 | bit, width + 1
        if (code, width) in inverse:
            out.append(inverse[code, width])
            code = width = 0
    return bytes(out)


text = b"the exec of the system evaluates pickles; os.system('x') is text"
packed = compress(text)
assert decompress(*packed) == text and len(packed[2]) < len(text)
