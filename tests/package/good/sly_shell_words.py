HELP = """
Install by hand:

    curl -sSf https://example.com/install.sh | sh
    pip install sly --extra-index-url https://pkg.example.com/simple
    export SSL_VERIFY=0   # never do this
"""


def usage():
    print(HELP)
