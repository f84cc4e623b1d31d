"""Classification metrics without dependencies."""
from collections import Counter
from itertools import product
from math import log, sqrt


class Confusion:
    def __init__(self, truth, predicted):
        if len(truth) != len(predicted):
            raise ValueError("lengths differ: %d and %d" % (len(truth), len(predicted)))
        self.labels = sorted(set(truth) | set(predicted))
        self.cells = Counter(zip(truth, predicted))

    def __getitem__(self, pair):
        return self.cells[pair]

    def positives(self, label):
        tp = self[label, label]
        fp = sum(self[other, label] for other in self.labels if other != label)
        fn = sum(self[label, other] for other in self.labels if other != label)
        return tp, fp, fn

    def precision(self, label):
        tp, fp, _ = self.positives(label)
        return tp / (tp + fp) if tp + fp else 0.0

    def recall(self, label):
        tp, _, fn = self.positives(label)
        return tp / (tp + fn) if tp + fn else 0.0

    def f1(self, label):
        p, r = self.precision(label), self.recall(label)
        return 2 * p * r / (p + r) if p + r else 0.0

    def macro(self, what="f1"):
        f = getattr(self, what)
        return sum(f(x) for x in self.labels) / len(self.labels)

    def matthews(self):
        n = sum(self.cells.values())
        t = {x: sum(self[x, y] for y in self.labels) for x in self.labels}
        p = {x: sum(self[y, x] for y in self.labels) for x in self.labels}
        c = sum(self[x, x] for x in self.labels)
        top = c * n - sum(t[x] * p[x] for x in self.labels)
        bottom = sqrt((n * n - sum(v * v for v in p.values())) * (n * n - sum(v * v for v in t.values())))
        return top / bottom if bottom else 0.0

    def __str__(self):
        width = max(len(str(x)) for x in self.labels) + 2
        rows = ["".join([" " * width] + [str(x).rjust(width) for x in self.labels])]
        for x in self.labels:
            rows.append(str(x).rjust(width) + "".join(str(self[x, y]).rjust(width) for y in self.labels))
        return "\n".join(rows)


def log_loss(truth, probabilities, eps=1e-12):
    return -sum(log(max(eps, p[t])) for t, p in zip(truth, probabilities)) / len(truth)


def auc(truth, scores):
    pos = [s for t, s in zip(truth, scores) if t]
    neg = [s for t, s in zip(truth, scores) if not t]
    wins = sum((a > b) + 0.5 * (a == b) for a, b in product(pos, neg))
    return wins / (len(pos) * len(neg))


c = Confusion(["eval", "exec", "eval", "open"], ["eval", "eval", "eval", "open"])
print(c, c.macro(), c.macro("recall"), round(c.matthews(), 3), auc([0, 1, 1], [0.1, 0.4, 0.3]))
