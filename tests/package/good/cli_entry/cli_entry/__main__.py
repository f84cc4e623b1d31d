import argparse
import subprocess
import sys


def main(argv=None):
    p = argparse.ArgumentParser(prog="every")
    p.add_argument("seconds", type=float)
    p.add_argument("command", nargs=argparse.REMAINDER)
    args = p.parse_args(argv)
    return subprocess.call(args.command)


if __name__ == "__main__":
    sys.exit(main())
