"""Makes a changelog from commit subjects given on standard input."""
import argparse
import collections
import re
import sys
from datetime import date

SUBJECT = re.compile(r"^(?P<kind>\w+)(?:\((?P<scope>[^)]+)\))?(?P<bang>!)?: (?P<text>.+)$")
TITLES = {"feat": "New", "fix": "Fixed", "perf": "Faster", "docs": "Documents", "system": "System"}


def parse(line):
    m = SUBJECT.match(line.strip())
    return m.groupdict() if m else {"kind": "other", "scope": None, "bang": None, "text": line.strip()}


def group(lines):
    groups = collections.OrderedDict((k, []) for k in [*TITLES, "other"])
    breaking = []
    for entry in filter(None, map(str.strip, lines)):
        e = parse(entry)
        groups.setdefault(e["kind"] if e["kind"] in TITLES else "other", []).append(e)
        if e["bang"]:
            breaking.append(e)
    return groups, breaking


def bullet(e):
    scope = "**%s**: " % e["scope"] if e["scope"] else ""
    return "- " + scope + e["text"][:1].upper() + e["text"][1:]


def render(version, lines, when=None):
    groups, breaking = group(lines)
    out = ["## %s (%s)" % (version, (when or date.today()).isoformat()), ""]
    if breaking:
        out += ["### Breaking", *map(bullet, breaking), ""]
    for kind, entries in groups.items():
        if entries:
            out += ["### " + TITLES.get(kind, "Other"), *map(bullet, entries), ""]
    return "\n".join(out)


def insert(old, new, marker="<!-- next -->"):
    head, found, tail = old.partition(marker)
    return head + found + "\n" + new + tail if found else new + "\n" + old


def main(argv=None):
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("version")
    p.add_argument("--file", default="CHANGELOG.md")
    p.add_argument("--dry-run", action="store_true")
    o = p.parse_args(argv)
    text = render(o.version, sys.stdin)
    if o.dry_run:
        print(text)
        return 0
    with open(o.file, "r+", encoding="utf-8") as f:
        old = f.read()
        f.seek(0)
        f.write(insert(old, text))
    return 0


sample = ["feat(os): replace os.system by a library", "fix!: eval() is refused", "rm exec('x')"]
assert "### Breaking" in render("1.0", sample, date(2024, 1, 1))
