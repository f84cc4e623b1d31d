"""Compares two folders and says what differs; copies when asked."""
import argparse
import filecmp
import hashlib
import os
import shutil
import stat
import sys
from pathlib import Path, PurePath
from typing import Dict, Iterator, Set


def files(root: Path, skip: Set[str] = frozenset({".git", "__pycache__"})) -> Iterator[PurePath]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in skip)
        for name in sorted(names):
            yield Path(folder, name).relative_to(root)


def digest(path: Path, size: int = 1 << 20) -> str:
    h = hashlib.blake2b(digest_size=16)
    with path.open("rb") as f:
        while block := f.read(size):
            h.update(block)
    return h.hexdigest()


class Plan:
    def __init__(self, source: Path, target: Path):
        self.source, self.target = source, target
        have, want = set(files(target)), set(files(source))
        self.new = sorted(want - have)
        self.gone = sorted(have - want)
        self.changed = sorted(p for p in want & have if self.differs(p))

    def differs(self, p: PurePath) -> bool:
        a, b = self.source / p, self.target / p
        return not filecmp.cmp(a, b, shallow=True) and digest(a) != digest(b)

    def run(self, delete: bool = False) -> Dict[str, int]:
        for p in [*self.new, *self.changed]:
            (self.target / p).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self.source / p, self.target / p)
        if delete:
            for p in self.gone:
                (self.target / p).unlink()
        return {"copied": len(self.new) + len(self.changed), "deleted": len(self.gone) * delete}

    def show(self) -> None:
        for sign, paths in (("+", self.new), ("~", self.changed), ("-", self.gone)):
            for p in paths:
                mode = os.stat((self.target if sign == "-" else self.source) / p).st_mode
                print(sign, stat.filemode(mode), p)


def main(argv=None) -> int:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("source", type=Path)
    p.add_argument("target", type=Path)
    p.add_argument("--delete", action="store_true")
    p.add_argument("--run", action="store_true", help="do it, not only show it")
    o = p.parse_args(argv)
    for folder in (o.source, o.target):
        if not folder.is_dir():
            p.error("%s is no folder" % folder)
    plan = Plan(o.source, o.target)
    plan.show()
    if o.run:
        print(plan.run(o.delete))
    return bool(plan.new or plan.changed or plan.gone)


if __name__ == "__main__":
    sys.exit(main())
