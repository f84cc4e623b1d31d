#!/usr/bin/env python3
"""The hostile corpus: every case is made here, in memory, the same bytes every time.

Nothing in a case does harm if it is loaded: it runs `echo pratique-fixture`,
writes a file named by PRATIQUE_MARKER or `pratique-marker` in the current
folder, reads or removes `pratique-victim` there, or talks to 127.0.0.1:9.

A row: name, technique, reference, bytes; how it is loaded (`load`), which
library or Python that takes (`needs`), whether it then runs (`fires`: True,
False, "effect" for something other than the marker, "no effect to see" where
the oracle has nothing to look at), whether a hold is the right answer, and the
package whose classes the user trusts, where that is the point.
`tests/oracle/pickle_fires.py` proves the column; the result is fires.tsv.

    hostile.py list            one line for each case
    hostile.py write FOLDER    writes the files
"""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import hostile_calls  # noqa: E402
import hostile_containers  # noqa: E402
import hostile_machine  # noqa: E402
import hostile_trust  # noqa: E402


# Not stopped, on purpose, with the reason; each is harmless to what loads the file as it is meant.
ACCEPTED = {
    "torch-zip--storage-is-a-pickle.pt": "tensor bodies are not read; torch reads them as numbers",
    "torch-zip--pickle-in-tensor-body.pt": "tensor bodies are not read; torch reads them as numbers",
    "archives--tar-in-slack.tar": "padding between members: no tar reader hands it out (TAR031 tells)",
    "archives--gzip-extra-field.gz": "an extra field: no gzip reader hands it out",
    "trusted-packages--foreign-class-popen-name.pkl": "made by __new__ alone: nothing starts",
    "archives--base64-text.b64": "text that has to be decoded first",
    "exhaustion--list-of-addresses.pkl": "costs the loader memory or time, runs nothing",
    "exhaustion--bytes-of-a-number.pkl": "costs the loader memory or time, runs nothing",
    "exhaustion--bytearray-of-a-number.pkl": "costs the loader memory or time, runs nothing",
    "exhaustion--int-of-decimal.pkl": "costs the loader memory or time, runs nothing",
    "exhaustion--fraction-of-text.pkl": "costs the loader memory or time, runs nothing",
}
# Held rather than refused: honest files look the same.
HELD = {
    "torch-zip--member-data-0.pt": "two members of one name, with different bytes",
    "scipy-and-scikit-learn--scipy-rv-setstate.pkl": "scipy's own distributions are saved so",
    "numpy--ufunc-reconstruct-only.pkl": "numpy's own ufuncs are saved so",
}


class Case:
    def __init__(self, name, technique, reference, data, fires=True, needs="", load="pickle",
                 ext=".pkl", hold_ok=False, want=("refuse", "undecided"), trust=""):
        self.name = re.sub(r"[^a-z0-9]+", "-", technique.lower()) + "--" + name
        self.technique, self.reference, self.data = technique, reference, bytes(data)
        self.fires, self.needs, self.load, self.ext = fires, needs, load, ext
        self.trust = trust      # scanned with --trust-classes of this package
        held = hold_ok or self.file in HELD
        self.want = (tuple(want) + (("hold",) if held else ())
                     + (("admit",) if self.file in ACCEPTED else ()))

    @property
    def file(self):
        return self.name + self.ext


def cases():
    out = {}

    def case(*args, **kw):
        c = Case(*args, **kw)
        assert c.name not in out, c.name
        out[c.name] = c

    hostile_machine.rows(case)
    hostile_calls.rows(case)
    hostile_containers.rows(case)
    hostile_trust.rows(case)
    return list(out.values())


def write(folder):
    os.makedirs(folder, exist_ok=True)
    rows = cases()
    for c in rows:
        with open(os.path.join(folder, c.file), "wb") as f:
            f.write(c.data)
    return rows


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "write":
        print("%d files" % len(write(sys.argv[2])))
    else:
        for c in cases():
            print("\t".join([c.file, c.technique, str(c.fires), c.needs, "/".join(c.want),
                             c.reference]))


if __name__ == "__main__":
    main()
