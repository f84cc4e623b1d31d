#!/usr/bin/env python3
"""Makes the archives of the corpus, each with its expected answer.

    make_cases.py FOLDER [WORD]   writes those whose name has WORD: FOLDER/CASE/FILE
    make_cases.py --update        writes cases.tsv, the list of all

Those that a program makes (zip, 7z, bsdtar, ...) are left out where it is not installed.
"""
import os
import sys

import good
import good_spellings
import hostile_tar
import hostile_tar_fields
import hostile_wheel
import hostile_wheel_metadata
import hostile_zip
import hostile_zip_fields
from case import Skip

HERE = os.path.dirname(os.path.abspath(__file__))
TSV = os.path.join(HERE, "cases.tsv")
CASES = (hostile_zip.cases.all + hostile_zip_fields.cases.all + hostile_wheel.cases.all
         + hostile_wheel_metadata.cases.all + hostile_tar.cases.all + hostile_tar_fields.cases.all
         + good.cases.all + good_spellings.cases.all)


def reasons():
    """word -> the rules any of which says so"""
    out = {}
    with open(os.path.join(HERE, "reasons.tsv")) as f:
        for line in f:
            if line[0] != "#":
                word, rules, _ = line.split("\t")
                out[word] = rules.split()
    return out


def table():
    rows = ["# case, what has to become of it, why (reasons.tsv), what it is: make_cases.py --update"]
    rows += ["\t".join((c.name, c.want, c.reason or "-", c.what)) for c in CASES]
    return "\n".join(rows) + "\n"


def main():
    if sys.argv[1:] == ["--update"]:
        with open(TSV, "w") as f:
            f.write(table())
        return
    top, word = sys.argv[1], (sys.argv[2:] or [""])[0]
    for c in CASES:
        if word not in c.name:
            continue
        folder = os.path.join(top, c.name)
        os.makedirs(folder, exist_ok=True)
        try:
            c.write(os.path.join(folder, c.file))
        except Skip as e:
            print("%s: %s" % (c.name, e), file=sys.stderr)


if __name__ == "__main__":
    main()
