"""Figures of a run: loss curves, a confusion matrix, histograms."""
import json
from pathlib import Path

import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

STYLE = {"axes.grid": True, "grid.alpha": 0.3, "figure.dpi": 120, "font.size": 9}


def load(path):
    with open(path) as f:
        return json.load(f)


def curves(history, ax=None):
    ax = ax or plt.gca()
    steps = [h["epoch"] for h in history]
    for key, style in (("loss", "-"), ("accuracy", "--")):
        ax.plot(steps, [h.get(key, np.nan) for h in history], style, label=key)
    ax.set_xlabel("epoch")
    ax.legend(frameon=False)
    return ax


def confusion(matrix, names, ax=None):
    ax = ax or plt.gca()
    share = matrix / matrix.sum(axis=1, keepdims=True)
    image = ax.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for (i, j), v in np.ndenumerate(matrix):
        ax.text(j, i, "%d" % v, ha="center", color="w" if share[i, j] > 0.5 else "k")
    ax.set_xticks(range(len(names)), names, rotation=45)
    ax.set_yticks(range(len(names)), names)
    return image


def histogram(values, bins=40, ax=None):
    ax = ax or plt.gca()
    n, edges, _ = ax.hist(values, bins=bins, histtype="stepfilled", alpha=0.6)
    ax.axvline(np.mean(values), color="k", lw=1)
    return n, edges


def save(figure, name, folder="figures"):
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    for ending in ("png", "pdf"):
        figure.savefig(out / ("%s.%s" % (name, ending)), bbox_inches="tight")
    plt.close(figure)


def report(run):
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(1, 2, figsize=(9, 3.5))
        curves(load(Path(run) / "history.json"), axes[0])
        histogram(np.random.default_rng(0).normal(size=1000), ax=axes[1])
        save(figure, Path(run).name)


if __name__ == "__main__":
    import sys
    for name in sys.argv[1:]:
        report(name)
