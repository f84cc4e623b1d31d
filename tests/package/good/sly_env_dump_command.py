import os


def show():
    for k, v in sorted(os.environ.items()):
        print(f"{k}={'***' if 'TOKEN' in k or 'KEY' in k else v}")


if __name__ == "__main__":
    show()
