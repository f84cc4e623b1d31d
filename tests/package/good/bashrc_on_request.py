import pathlib


def has_line(line, names=(".bashrc", ".zshrc", ".profile")):
    return [n for n in names if (p := pathlib.Path.home() / n).is_file() and line in p.read_text()]
