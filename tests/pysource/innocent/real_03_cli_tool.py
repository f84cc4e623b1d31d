"""Counts lines, words and characters; a small command with subcommands."""
import argparse
import collections
import sys


class Command:
    registry = {}
    name = "base"
    help = ""

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        Command.registry[cls.name] = cls

    def configure(self, parser):
        parser.add_argument("files", nargs="*", help="what to read; standard input without")

    def texts(self, options):
        if not options.files:
            yield "-", sys.stdin.read()
        for name in options.files:
            with open(name, encoding="utf-8", errors="replace") as f:
                yield name, f.read()

    def run(self, options):
        raise NotImplementedError


class Count(Command):
    name, help = "count", "lines, words, characters"

    def run(self, options):
        for name, text in self.texts(options):
            print("%7d %7d %7d %s" % (text.count("\n"), len(text.split()), len(text), name))
        return 0


class Top(Command):
    name, help = "top", "the most frequent words"

    def configure(self, parser):
        super().configure(parser)
        parser.add_argument("-n", type=int, default=10)

    def run(self, options):
        words = collections.Counter()
        for _, text in self.texts(options):
            words.update(text.lower().split())
        for word, n in words.most_common(options.n):
            print("%6d %s" % (n, word))
        return 0


def build():
    parser = argparse.ArgumentParser(prog="words", description=__doc__)
    sub = parser.add_subparsers(dest="command", required=True)
    for name, cls in sorted(Command.registry.items()):
        command = cls()
        p = sub.add_parser(name, help=command.help)
        command.configure(p)
        p.set_defaults(run=command.run)
    return parser


def main(argv=None):
    options = build().parse_args(argv)
    try:
        return options.run(options)
    except OSError as e:
        print("words: %s" % e, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
