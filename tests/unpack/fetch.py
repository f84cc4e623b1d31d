"""Fetches files of packages by pip's own finder, without building anything: fetch.py FOLDER, with
lines "wheel NAME" or "sdist NAME" on standard input. Prints a line for each that is there."""
import os
import sys

from pip._internal.commands import create_command
from pip._internal.models.format_control import FormatControl
from pip._internal.network.download import Downloader

MOST = 60 << 20  # bytes of one file


def finder_of(kind, session, command, options):
    options.format_control = (FormatControl(set(), {":all:"}) if kind == "wheel"
                              else FormatControl({":all:"}, set()))
    return command._build_package_finder(options=options, session=session)


def size_of(session, link):
    head = session.head(link.url_without_fragment, headers={"Accept-Encoding": "identity"})
    return int(head.headers.get("Content-Length", 0)) if head.ok else 0


def fetch(folder, name, finder, session, download):
    best = finder.find_best_candidate(name).best_candidate
    if best is None:
        return None
    path = os.path.join(folder, best.link.filename)
    if not os.path.exists(path):
        if size_of(session, best.link) > MOST:
            return None
        os.makedirs(folder, exist_ok=True)
        download(best.link, folder)
    return path


def main():
    folder = sys.argv[1]
    command = create_command("download")
    options, _ = command.parse_args(["-q", "--disable-pip-version-check", "x"])
    with command.main_context():
        session = command.get_default_session(options)
        finders = {k: finder_of(k, session, command, options) for k in ("wheel", "sdist")}
        download = Downloader(session, "off")
        for line in sys.stdin:
            kind, name = line.split()
            path = fetch(os.path.join(folder, kind), name, finders[kind], session, download)
            print(path if path else "# %s: none that fits" % name, flush=True)


if __name__ == "__main__":
    main()
