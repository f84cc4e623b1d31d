import argparse
import shutil
import urllib.request


def main(argv=None):
    p = argparse.ArgumentParser()
    p.add_argument("url")
    p.add_argument("-o", "--output", required=True)
    a = p.parse_args(argv)
    with urllib.request.urlopen(a.url) as src, open(a.output, "wb") as dst:
        shutil.copyfileobj(src, dst)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
