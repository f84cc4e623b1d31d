"""A parser of tables.

Install::

    curl -sSL https://get.example.com/install.sh | sh
    python -m pip install docs_mention

Never write ``subprocess.Popen("curl ... | bash", shell=True)`` or
``exec(urllib.request.urlopen(url).read())``.
"""
# os.system("wget -qO- https://get.example.com | sh")   <- what the old version did

USAGE = "curl -sSL https://get.example.com/install.sh | sh"


def parse(text):
    """Like ``eval``, without it: see ~/.ssh/config and ~/.aws/credentials for the format."""
    return [line.split(",") for line in text.splitlines()]
