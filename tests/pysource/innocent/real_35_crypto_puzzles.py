"""Classical ciphers, for a course."""
import collections
import itertools
import math
import string

ALPHABET = string.ascii_lowercase
FREQUENCIES = dict(zip(ALPHABET, [
    8.2, 1.5, 2.8, 4.3, 12.7, 2.2, 2.0, 6.1, 7.0, 0.15, 0.77, 4.0, 2.4,
    6.7, 7.5, 1.9, 0.095, 6.0, 6.3, 9.1, 2.8, 0.98, 2.4, 0.15, 2.0, 0.074]))


def caesar(text, key):
    table = str.maketrans(ALPHABET, ALPHABET[key:] + ALPHABET[:key])
    return text.lower().translate(table)


def vigenere(text, key, sign=1):
    shifts = itertools.cycle([ALPHABET.index(c) for c in key])
    return "".join(ALPHABET[(ALPHABET.index(c) + sign * next(shifts)) % 26] if c in ALPHABET else c
                   for c in text.lower())


def score(text):
    counts = collections.Counter(c for c in text if c in ALPHABET)
    n = sum(counts.values()) or 1
    return sum((counts[c] / n * 100 - f) ** 2 / f for c, f in FREQUENCIES.items())


def crack(text):
    return min(range(26), key=lambda k: score(caesar(text, k)))


def rail_fence(text, rails):
    rows = [[] for _ in range(rails)]
    for c, i in zip(text, itertools.cycle([*range(rails), *range(rails - 2, 0, -1)])):
        rows[i].append(c)
    return "".join(map("".join, rows))


def xor(data, key):
    return bytes(a ^ b for a, b in zip(data, itertools.cycle(key)))


def egcd(a, b):
    if not b:
        return a, 1, 0
    g, x, y = egcd(b, a % b)
    return g, y, x - a // b * y


class Rsa:
    def __init__(self, p, q, e=17):
        self.n, self.e = p * q, e
        phi = (p - 1) * (q - 1)
        if math.gcd(e, phi) != 1:
            raise ValueError("e and phi share a divisor")
        self.d = egcd(e, phi)[1] % phi

    def encrypt(self, m):
        return pow(m, self.e, self.n)

    def decrypt(self, c):
        return pow(c, self.d, self.n)


message = "the system opens its sockets and evaluates the letters of the alphabet at noon"
assert caesar(caesar(message, 3), crack(caesar(message, 3))) == message
assert vigenere(vigenere(message, "exec"), "exec", -1) == message
assert xor(xor(b"eval", b"key"), b"key") == b"eval"
assert Rsa(61, 53).decrypt(Rsa(61, 53).encrypt(65)) == 65
print(rail_fence("os.system", 3))
