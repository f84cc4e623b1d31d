import subprocess
import sys

if __name__ == '__main__':
    sys.exit(subprocess.call(sys.argv[1:]))
