#!/usr/bin/env python3
"""Makes the golden files of the rules about excuses (SRC010 to SRC013): harmless if run."""
import pathlib

HERE = pathlib.Path(__file__).resolve().parent

LOAD = "import pickle\n\n\ndef read(path):\n    with open(path, 'rb') as f:\n        return pickle.load(f)%s\n"

FILES = {
    "SRC010/fire_bare.py": LOAD % "  # nosec",
    "SRC010/fire_id_alone.py": LOAD % "  # nosec B301",
    "SRC010/fire_no_words.py": LOAD % "  # pratique: allow[SRC001] ok",
    "SRC010/near_reason.py": LOAD % "  # nosec B301 - written by this very process",
    "SRC010/near_another_tool.py": LOAD % "  # noqa: S301",
    "SRC010/near_string.py": "TEXT = '# nosec'\n",
    "SRC011/fire_no_entry.py": LOAD % "  # nosec B301 - written by this very process",
    "SRC011/fire_ours.py": LOAD % "  # pratique: allow[source-pickle] written by this very process",
    "SRC011/near_no_comment.py": LOAD % "",
    "SRC011/near_prose.py": LOAD % "  # written by this very process",
    "SRC012/fire_nothing_there.py": "x = 1  # nosec - there was a call here once\n",
    "SRC012/fire_other_line.py": "# nosec B301 - for the line below\n" + LOAD % "",
    "SRC012/fire_other_rule.py": LOAD % "  # nosec B506 - no yaml to be seen",
    "SRC012/near_for_bandit.py": "import subprocess  # nosec B404\n",
    "SRC012/near_used.py": LOAD % "  # nosec B301 - written by this very process",
    "SRC013/fire_no_brackets.py": LOAD % "  # pratique: allow SRC001 because we can",
    "SRC013/fire_other_word.py": LOAD % "  # pratique: ignore[SRC001] because we can",
    "SRC013/fire_open.py": LOAD % "  # pratique: allow[SRC001 because we can",
    "SRC013/near_right.py": LOAD % "  # pratique: allow[SRC001] because we can",
    "SRC013/near_prose.py": LOAD % "  # pratique allows this, we hope",
}

for name, text in FILES.items():
    path = HERE / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
