"""A byte pair tokenizer: training, encoding, saving as JSON."""
import collections
import json
import re

SPLIT = re.compile(r"'(?:s|t|re|ve|m|ll|d)| ?\w+| ?[^\s\w]+|\s+(?!\S)|\s+")
SPECIAL = {"<pad>": 0, "<bos>": 1, "<eos>": 2}


class Tokenizer:
    def __init__(self, merges=()):
        self.merges = {tuple(m): i for i, m in enumerate(merges)}
        self.vocabulary = dict(SPECIAL)
        for b in range(256):
            self.vocabulary[chr(b)] = len(self.vocabulary)
        for a, b in self.merges:
            self.vocabulary[a + b] = len(self.vocabulary)
        self.inverse = {i: t for t, i in self.vocabulary.items()}
        self.cache = {}

    @classmethod
    def train(cls, text, size):
        words = collections.Counter(tuple(w.encode().decode("latin-1")) for w in SPLIT.findall(text))
        merges = []
        while len(merges) < size:
            pairs = collections.Counter()
            for word, n in words.items():
                for pair in zip(word, word[1:]):
                    pairs[pair] += n
            if not pairs:
                break
            best = max(pairs, key=lambda p: (pairs[p], p))
            merges.append(best)
            words = collections.Counter({merge(w, best): n for w, n in words.items()})
        return cls(merges)

    def word(self, word):
        if word not in self.cache:
            parts = tuple(word.encode().decode("latin-1"))
            while len(parts) > 1:
                best = min(zip(parts, parts[1:]), key=lambda p: self.merges.get(p, float("inf")))
                if best not in self.merges:
                    break
                parts = merge(parts, best)
            self.cache[word] = [self.vocabulary[p] for p in parts]
        return self.cache[word]

    def encode(self, text, bos=False):
        ids = [i for w in SPLIT.findall(text) for i in self.word(w)]
        return [SPECIAL["<bos>"]] + ids if bos else ids

    def decode(self, ids):
        text = "".join(self.inverse[i] for i in ids if i not in SPECIAL.values())
        return text.encode("latin-1").decode("utf-8", errors="replace")

    def save(self, path):
        with open(path, "w") as f:
            json.dump({"merges": sorted(self.merges, key=self.merges.get)}, f)

    @classmethod
    def load(cls, path):
        with open(path) as f:
            return cls(json.load(f)["merges"])


def merge(word, pair):
    out, i = [], 0
    while i < len(word):
        if word[i:i + 2] == pair:
            out.append(pair[0] + pair[1])
            i += 2
        else:
            out.append(word[i])
            i += 1
    return tuple(out)


t = Tokenizer.train("the cat sat on the mat; the system evaluates", 20)
assert t.decode(t.encode("the mat")) == "the mat"
