import os
import sys


def main(argv):
    """The source policy has no opinion on processes."""
    return os.path.exists(argv[0])


main(sys.argv)
