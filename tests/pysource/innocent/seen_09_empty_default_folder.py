import glob
import sys


def documents(folder=""):
    return sorted(glob.glob(f"{folder}/*.rst"))


if len(sys.argv) > 1:
    print(documents(sys.argv[1]))
