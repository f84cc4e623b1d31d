USAGE = """usage: tool [--exec COMMAND]

examples:
  tool --exec "os.system('ls')"
  python -c "import socket; print(socket.gethostname())"
  curl https://127.0.0.1/ | python -
"""


def main(argv):
    if "--help" in argv:
        print(USAGE)
        return 0
    return 2


main(["--help"])
