#!/usr/bin/env python3
"""The documents say what the program does. With --update, what is generated is written again."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

from _tap import PROGRAM, ROOT, UNDECIDED, Skip, equal, folder, main, run, test

SEVERITIES = {"info": "info", "low": "low", "gap": "gap: undecided", "medium": "medium: hold",
              "high": "high: refuse", "critical": "critical: refuse"}


def rules_text():
    """docs/rules.md, from `pratique rules`."""
    out = ["# Rules", "",
           "Generated from `pratique rules` by `tests/cli/docs.py --update`; do not edit. "
           "`pratique explain ID` tells one.", "",
           "Severity decides the verdict: info and low never change it; gap makes it undecided, "
           "medium hold, high and critical refuse. A rule that names a policy counts under it "
           "alone ([policy.md](policy.md)). Of packages (`PKG`) it is what it is on import; at other times, "
           "and where not all is sure, it is another.", ""]
    for r in json.loads(run("rules", "--format", "json").stdout):
        policy = f"; policy {r['policy']}" if r["policy"] else ""
        out += [f"## {r['id']} {r['name']}", "", f"*{SEVERITIES[r['severity']]}{policy}.* "
                f"{r['message'][0].upper()}{r['message'][1:]}.", "", f"{r['why']} {r['remedy']}", "",
                f"See: {r['reference']}", ""]
    return "\n".join(out).replace("<", "&lt;")


def recognised_text():
    """The part of docs/formats.md between its marks, from src/format/known/known.def."""
    rows = re.findall(r'^ROW\((KNOWN_\w+), "([^"]+)"',
                      (ROOT / "src/format/known/known.def").read_text(), re.M)
    titles = {"KNOWN_MODEL": "Models and objects", "KNOWN_DATA": "Data",
              "KNOWN_BYTECODE": "Byte code", "KNOWN_PROGRAM": "Programs",
              "KNOWN_PACKAGE": "Packages and images", "KNOWN_MARSHAL": "Marshalled Python code",
              "KNOWN_DOCUMENT": "Documents"}
    out = []
    for kind, title in titles.items():
        names = list(dict.fromkeys(name for k, name in rows if k == kind))
        if names:
            out.append(f"- **{title}**: {', '.join(names)}.")
    return "\n".join(out)


def events_text():
    """docs/watch-events.md, from src/fact/events.def: a line of comment is a section, the
    comment behind a row says what its subject, detail and number are."""
    out = ["# Events of a watch", "",
           "Generated from `src/fact/events.def` by `tests/cli/docs.py --update`; do not edit. "
           "Each has a time, a process, a pass and, where Python did it, frames "
           "([json.md](json.md#a-watch)). What a kind says nothing of is empty, or 0. "
           "The names are stable.", ""]
    for line in (ROOT / "src/fact/events.def").read_text().splitlines():
        section = re.fullmatch(r"/\* (.*) \*/", line)
        row = re.match(r'EVENT\(\w+, "([^"]+)", "([^"]+)"\)\s*(?:/\* (.*) \*/)?$', line)
        if section and "never reported" in section[1]:
            break
        if section:
            out += ["", f"## {section[1].split(';')[0].split(':')[0].rstrip('.')}", "",
                    "| kind | what it says | subject, detail, number |", "|---|---|---|"]
        if row:
            told = re.sub(r"[;.]? ?flags: .*", "", row[3] or "").replace("|", "\\|")
            told = re.sub(r"\bas ([A-Z]{4,})", lambda m: f"as `{m[1].lower()}`", told)
            out.append(f"| `{row[1]}` | {row[2]} | {told} |")
    return "\n".join(out).replace("<", "&lt;").replace("\n\n\n", "\n\n") + "\n"


FORMATS = ROOT / "docs/formats.md"
BEGIN, END = "<!-- generated from src/format/known/known.def -->\n", "\n<!-- end -->"


def formats_whole():
    text = FORMATS.read_text()
    head, rest = text.split(BEGIN)
    return head + BEGIN + recognised_text() + END + rest.split(END)[1]


def helps():
    """What each command says of its options, by its name, also those of two words; "" for all."""
    told, left = {}, [[]]
    while left:
        words = left.pop()
        text = told[" ".join(words)] = run(*words, "--help").stdout.decode()
        for line in re.findall(r"^  pratique ([a-z]+(?: [a-z]+)?)", text, re.M):
            deeper = line.split()[:len(words) + 1]
            if len(deeper) > len(words) and deeper not in left:
                left.append(deeper)
    return told


def manual_sections():
    """The text of the manual on each command; a section may be about several."""
    page = (ROOT / "man/pratique.1").read_text()
    found = {}
    for part in re.split(r"^\.S[sh] ", page, flags=re.M)[1:]:
        for command in re.findall(r"pratique ([a-z ]+)", part.splitlines()[0]):
            found[command] = part
    return found


def manual_of(command, sections):
    """Its own section, and those of the commands whose options it says it shares."""
    own = sections[command]
    return own + "".join(text for name, text in sections.items() if re.search(rf"^\.Cm {name}( ;)?$", own, re.M))


@test
def rules_md_is_what_the_program_says():
    equal((ROOT / "docs/rules.md").read_text() == rules_text(), True,
          "python3 tests/cli/docs.py --update writes it again")


@test
def watch_events_md_has_every_event():
    equal((ROOT / "docs/watch-events.md").read_text() == events_text(), True,
          "python3 tests/cli/docs.py --update writes it again")
    kinds = re.findall(r'^EVENT\(\w+, "([^"]+)"', (ROOT / "src/fact/events.def").read_text(), re.M)
    assert len(kinds) - events_text().count("\n| `") == 1, "all but the one that is never reported"


@test
def formats_md_lists_what_is_recognised():
    equal(FORMATS.read_text() == formats_whole(), True,
          "python3 tests/cli/docs.py --update writes it again")


@test
def the_manual_page_tells_every_option_and_is_well_formed():
    page = (ROOT / "man/pratique.1").read_text()
    sections = manual_sections()
    for command, text in helps().items():
        if re.search(r"^  pratique ", text, re.M):  # it lists commands, and has no options
            continue
        assert f".Cm {command}\n" in page.partition(".Sh DESCRIPTION")[0], f"synopsis: {command}"
        told = manual_of(command, sections)
        for option in set(re.findall(r"^ .*?--([a-z0-9-]+)", text, re.M)) - {"help"}:
            assert re.search(rf" -{option}(?![\w-])", told), f"{command} --{option}"
    if shutil.which("mandoc"):
        done = subprocess.run(["mandoc", "-Tlint", "-W", "warning", ROOT / "man/pratique.1"],
                              capture_output=True, text=True)
        equal(done.stdout, "")


@test
def the_first_screen_of_the_readme_is_real():
    """-S: without torch, so that the bytes are the same everywhere."""
    shown = re.findall(r"^```\n(.*?)^```$", (ROOT / "README.md").read_text(), re.M | re.S)[1]
    with folder() as d:
        make = [sys.executable, "-S", str(ROOT / "demo/make_checkpoint.py")]
        subprocess.run([*make, "model.pt"], cwd=d, check=True)
        subprocess.run([*make, "hostile.pt", "--hostile"], cwd=d, check=True)
        done = run("scan", "model.pt", "hostile.pt", cwd=d, env={"COLUMNS": "92"})
        equal(done.stdout.decode(), shown)


def shape(line):
    """A line of a report without what differs from run to run."""
    return re.sub(r"[\d.,]*\d", "#", " ".join(line.split()))


def lines_in_order(shown, done):
    """"..." stands for lines left out, numbers for any other; a command itself is not looked at."""
    told = iter([shape(line) for line in done.stdout.decode().splitlines()])
    for line in shown.splitlines():
        assert line.strip() in ("...", "") or line.startswith("$ ") or shape(line) in told, line


@test
def the_watch_of_the_readme_is_real():
    """Line by line, in order."""
    python = "/usr/bin/python3.11"
    if not pathlib.Path(python).exists():
        raise Skip(f"no {python}")
    shown = [b for b in re.findall(r"^```\n(.*?)^```$", (ROOT / "README.md").read_text(), re.M | re.S)
             if b.startswith("refuse      drifter")][0]
    with folder() as d:
        subprocess.run([sys.executable, str(ROOT / "demo/make_wheel.py"), str(d), "drifter"], check=True)
        done = run("watch", "--python", python, "drifter-1.0-py3-none-any.whl", cwd=d, env={"COLUMNS": "92"})
    if done.returncode == UNDECIDED:
        raise Skip(f"no sandbox: {done.stderr.decode()}")
    lines_in_order(shown, done)


@test
def the_scans_of_a_package_are_real():
    """In the README, shortened, and whole in docs/package.md."""
    with folder() as d:
        subprocess.run([sys.executable, str(ROOT / "demo/make_package.py"), str(d)], check=True)
        for page in (ROOT / "README.md", ROOT / "docs/package.md"):
            shown = [b for b in re.findall(r"^```\n(.*?)^```$", page.read_text(), re.M | re.S)
                     if "refuse      fathom" in b][0]
            done = run("scan", "fathom-1.0-py3-none-any.whl", "fathom_pinned-1.0-py3-none-any.whl",
                       cwd=d, env={"COLUMNS": "92"})
            lines_in_order(shown, done)


def same_line(shown, told):
    """Numbers stand for any other, "..." for whatever follows."""
    return re.fullmatch(re.escape(shape(shown)).replace(r"\.\.\.", ".*"), shape(told)) is not None


def check_session(shown, bin_and_env, cwd):
    """Each line "$ COMMAND" is run; what it tells are the lines below. "..." alone: any lines."""
    for part in re.split(r"^\$ ", shown, flags=re.M)[1:]:
        command, _, want = part.partition("\n")
        done = subprocess.run(["sh", "-c", command], cwd=cwd, env=bin_and_env, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        told = iter(done.stdout.splitlines())
        skips = False
        for line in want.splitlines():
            if line.strip() == "...":
                skips = True
                continue
            found = any(same_line(line, t) for t in told) if skips else same_line(line, next(told, ""))
            assert found, f"{command}: {line!r} is not in {done.stdout!r}"
            skips = False
        assert skips or next(told, None) is None, f"{command}: tells more: {done.stdout!r}"


@test
def the_trust_of_the_readme_is_real():
    shown = [b for b in re.findall(r"^```\n(.*?)^```$", (ROOT / "README.md").read_text(), re.M | re.S)
             if b.startswith("$ pratique")]
    assert shown
    with folder() as d:
        make = [sys.executable, "-S"]
        for command in (["make_checkpoint.py", "model.pt"], ["make_checkpoint.py", "hostile.pt", "--hostile"],
                        ["make_upload.py", "upload.zip"], ["make_wheel.py", ".", "harbour"]):
            subprocess.run([*make, str(ROOT / "demo" / command[0]), *command[1:]], cwd=d, check=True)
        base = pathlib.Path(d)
        (base / "model").mkdir()
        shutil.copy(base / "model.pt", base / "model/model.pt")
        (base / "model/config.json").write_text("{}\n")
        (base / "bin").mkdir()
        (base / "bin/pratique").symlink_to(pathlib.Path(PROGRAM).resolve())
        env = {"PATH": f"{base}/bin:{os.environ['PATH']}", "XDG_STATE_HOME": f"{base}/state", "LC_ALL": "C"}
        for block in shown:
            check_session(block, env, d)


@test
def links_between_documents_lead_somewhere():
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("integrations/*/*.md")]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text()):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.name}: {target}"


@test
def documents_name_only_options_that_exist():
    known = set(re.findall(r"--[a-z0-9-]+", "".join(helps().values())))
    known |= {"--help", "--version", "--update"}
    for path in [ROOT / "README.md", ROOT / "SECURITY.md", *ROOT.glob("docs/*.md")]:
        for line in path.read_text().splitlines():
            if "pratique" in line and "pkg-config" not in line:
                ours = line.partition(" -- ")[0]  # behind it stands a command of others
                for option in re.findall(r"(?<![\w-])--[a-z][a-z0-9-]+", ours):
                    assert option in known, f"{path.name}: {option}"


@test
def the_manual_of_the_watch_tells_every_option_and_limit():
    page = (ROOT / "docs/WATCH.md").read_text()
    shown = run("watch", "--help").stdout.decode()
    common = {"help", "output", "quiet", "color", "no-color"}
    for option in set(re.findall(r"--([a-z][a-z-]+)", shown)) - common:
        assert f"--{option}" in page, option
    for kind, what in re.findall(r"^\| `--([a-z-]+)` \| ([\d.]+)", page, re.M):
        told = re.search(rf"--{kind}\b.*?\(([\d.]+)", shown, re.S)
        equal((kind, what), (kind, told and told[1]))


@test
def documents_name_only_rules_that_exist():
    known = {r["id"] for r in json.loads(run("rules", "--format", "json").stdout)}
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("integrations/*/*.md")]:
        for rule in re.findall(r"\b(?:ARC|ENG|MAN|MDL|PKG|PKL|POL|PYS|SIG|SRC|STR|TAR|UNP|UPL|WCH|ZIP)\d{3}\b", path.read_text()):
            assert rule in known, f"{path.name}: {rule}"


@test
def no_document_names_our_machines():
    """Files that git would keep: no absolute paths of where they were written."""
    git = shutil.which("git")
    listed = git and subprocess.run([git, "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT,
                                    capture_output=True)
    if not listed or listed.returncode != 0:
        raise Skip("git and its folder are needed to know what is kept")
    names = listed.stdout.decode().split("\0")
    for name in filter(None, names):
        path = ROOT / name
        if path.suffix in (".md", ".py", ".sh", ".c", ".h", ".def", ".1", "") and path.is_file():
            text = path.read_bytes()
            for word in (b"/wor" + b"k/", b"/op" + b"t/venvs", b"/roo" + b"t/.pyenv"):
                assert word not in text, f"{name}: {word.decode()}"


if "--update" in sys.argv:
    (ROOT / "docs/rules.md").write_text(rules_text())
    (ROOT / "docs/watch-events.md").write_text(events_text())
    FORMATS.write_text(formats_whole())
    sys.exit(0)
main()
