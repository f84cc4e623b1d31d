"""Reads simulation results from HDF5 and reduces them."""
import argparse
import contextlib
import logging
from dataclasses import dataclass

import h5py
import numpy as np

log = logging.getLogger(__name__)


@dataclass
class Field:
    name: str
    data: np.ndarray
    unit: str = ""

    @property
    def norm(self):
        return float(np.sqrt(np.mean(self.data ** 2)))


class Results:
    def __init__(self, path):
        self.path = path
        self.file = None

    def __enter__(self):
        self.file = h5py.File(self.path, "r")
        return self

    def __exit__(self, *exc):
        self.file.close()
        self.file = None

    def steps(self):
        return sorted(self.file["steps"], key=int)

    def field(self, step, name):
        d = self.file["steps"][step][name]
        return Field(name, d[...], d.attrs.get("unit", ""))

    def over_time(self, name, reduce=np.max):
        return np.array([reduce(self.field(s, name).data) for s in self.steps()])


def envelope(series, window=5):
    pad = np.pad(series, window // 2, mode="edge")
    view = np.lib.stride_tricks.sliding_window_view(pad, window)
    return view.min(axis=1), view.max(axis=1)


@contextlib.contextmanager
def writing(path):
    with h5py.File(path, "w") as f:
        f.attrs["generator"] = "reduce"
        yield f


def main(argv=None):
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("input")
    p.add_argument("output")
    p.add_argument("--field", action="append", default=["stress"])
    o = p.parse_args(argv)
    with Results(o.input) as r, writing(o.output) as out:
        for name in o.field:
            series = r.over_time(name)
            low, high = envelope(series)
            g = out.create_group(name)
            g["series"], g["low"], g["high"] = series, low, high
            log.info("%s: %d steps, peak %g", name, len(series), series.max())


if __name__ == "__main__":
    main()
