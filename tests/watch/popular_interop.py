#!/usr/bin/env python3
"""Popular wheels are left in peace, with and without what they depend on; a3s-code 3.2.1 is not. TAP.

    popular_interop.py [NAME...]

pip downloads the pinned wheels of popular.txt into build/popular, uv installs what each depends on
(popular_deps.txt) into a folder of its own, by hard links. Nothing of them runs but in a watch.
"""
import argparse
import concurrent.futures
import csv
import pathlib
import re
import shutil
import subprocess
import sys

from _watch import PROGRAM, ROOT, runs, watch

HERE = pathlib.Path(__file__).resolve().parent
KEPT = ROOT / "build/popular"
HELD_MAX = 2
UNLUCKY = "a3s-code==3.2.1"


def pins(path):
    """pin -> the URL that it is known to ask for when it is imported, or ""."""
    lines = [line.split() for line in path.read_text().splitlines() if line.strip() and line[0] != "#"]
    return {words[0]: words[-1] if len(words) > 1 else "" for words in lines}


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def find_311():
    """CPython 3.11, whose wheels these are; best the system's own, which many build upon."""
    for p in ("/usr/bin/python3.11", shutil.which("python3.11"), shutil.which("python3")):
        if p and pathlib.Path(p).exists() and runs(p):
            done = subprocess.run([p, "-c", "import sys; print(sys.version_info[:2])"], stdout=subprocess.PIPE)
            if done.stdout.strip() == b"(3, 11)":
                return p
    return None


def uv():
    beside = pathlib.Path(sys.executable).parent / "uv"
    return str(beside) if beside.exists() else shutil.which("uv") or "uv"


def download(python):
    """name -> wheel. pip of a venv for 3.11, made by uv."""
    folder, venv = KEPT / "wheels", KEPT / "venv"
    have = {normal(p.name.split("-")[0]) + "==" + p.name.split("-")[1]: p for p in folder.glob("*.whl")}
    want = [*pins(HERE / "popular.txt"), UNLUCKY]
    if set(want) - set(have):
        subprocess.run([uv(), "venv", "-q", "--seed", "--allow-existing", "--python", python, str(venv)], check=True)
        subprocess.run([str(venv / "bin/python"), "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:",
                        "--disable-pip-version-check", "-d", str(folder), *sorted(set(want) - set(have))], check=True)
        have = {normal(p.name.split("-")[0]) + "==" + p.name.split("-")[1]: p for p in folder.glob("*.whl")}
    return {w: have[w] for w in want}


def constraints():
    """One file of all pins, as uv reads it."""
    path = KEPT / "constraints.txt"
    path.write_text("".join(f"{pin}\n" for n in ("popular.txt", "popular_deps.txt") for pin in pins(HERE / n)))
    return path


def dependencies(pin, wheel, python):
    """A folder with what the wheel depends on, without the wheel itself."""
    folder, done = KEPT / "with" / pin, KEPT / "with" / (pin + ".done")
    if done.exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    subprocess.run([uv(), "pip", "install", "-q", "--python", python, "--target", str(folder), "--only-binary", ":all:",
                    "-c", str(constraints()), str(wheel)], check=True)
    (info,) = [p for p in folder.glob("*.dist-info") if normal(p.name.split("-")[0]) == pin.split("==")[0]]
    with open(info / "RECORD", newline="") as f:
        names = [row[0] for row in csv.reader(f) if row]
    for name in names:
        path = (folder / name).resolve()
        if folder.resolve() in path.parents and path.is_file():
            path.unlink()
    shutil.rmtree(info, ignore_errors=True)
    for empty in sorted((p for p in folder.rglob("*") if p.is_dir()), reverse=True):
        if not any(empty.iterdir()):
            empty.rmdir()
    done.write_text("")
    return folder


class Tap:
    def __init__(self):
        self.n = self.bad = 0

    def say(self, ok, what, note=""):
        self.n += 1
        self.bad += not ok
        if note:
            print("# " + note.replace("\n", " ")[:1500])
        print(f"{'ok' if ok else 'not ok'} {self.n} - {what}", flush=True)


def imported(w):
    """How many of the roots could be imported."""
    ends = [e for e in w.of("imported") if e["number"] == 0]
    return f"{sum(not e['detail'] for e in ends)} of {len(ends)} imports"


def watch_all(tap, wheels, python, known):
    """Which were held: by name, with or without."""
    held = []
    # all before the first watch: a hard link makes a file look changed to whoever watches it
    folders = {pin: dependencies(pin, wheel, python) for pin, wheel in wheels.items()}

    def one(pin, alone):
        return watch("--python", python, *([] if alone else ["--with", folders[pin]]), wheels[pin], timeout=400)

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        jobs = {pool.submit(one, pin, alone): (pin, alone) for pin in wheels for alone in (False, True)}
        for job in concurrent.futures.as_completed(jobs):
            pin, alone = jobs[job]
            w, how = job.result(), "alone" if alone else "with its dependencies"
            if w.verdict == "hold":
                held.append(f"{pin} {how}")
            right = w.verdict in ("admit", "hold")
            if known[pin]:  # it does ask for that; without its dependencies it does not get so far
                asked = {e["subject"] for e in w.of("request")}
                right = w.verdict == "refuse" and asked == {known[pin]} or alone and right
            tap.say(right, f"{pin} {how}: {w.verdict}, {imported(w)}", "" if w.verdict == "admit" else w.why())
    return held


def check_unlucky(tap, wheel, python):
    """It asks for a wheel and for a manifest of hashes; without the manifest it loads the wheel."""
    w = watch("--python", python, wheel)
    tap.say(w.verdict == "refuse", f"{UNLUCKY} is refused", "" if w.verdict == "refuse" else f"{w.verdict} {w.why()}")
    base = "https://github.com/AI45Lab/Code/releases/download/v3.2.1/"
    urls = {e["subject"] for e in w.of("request")}
    wheel_url = next((u for u in urls if u.startswith(base) and u.endswith(".whl")), None)
    tap.say(wheel_url is not None and base + "python-native-manifest.json" in urls, "both of its URLs are seen", str(urls))
    answers = {e["subject"]: e["detail"] for e in w.of("answer")}
    tap.say(answers.get(wheel_url, "not found") != "not found", "the wheel was answered", str(answers))
    tap.say(answers.get(base + "python-native-manifest.json", "not found") == "not found",
            "the manifest was not", str(answers))
    tap.say(bool(w.of("canary")), "what could not be verified was loaded", str(w.of("load"))[:500])


def main():
    arg = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arg.add_argument("name", nargs="*", help="only wheels whose name has one of these in it")
    opt = arg.parse_args()
    python = find_311()
    if not python:
        print("ok 1 - popular wheels # SKIP no CPython 3.11\n1..1")
        return 0
    subprocess.run([PROGRAM, "watch", "--help"], stdout=subprocess.DEVNULL, check=True)
    tap, wheels = Tap(), download(python)
    unlucky = wheels.pop(UNLUCKY)
    check_unlucky(tap, unlucky, python)
    chosen = {p: w for p, w in wheels.items() if not opt.name or any(n in p for n in opt.name)}
    held = watch_all(tap, chosen, python, pins(HERE / "popular.txt"))
    tap.say(len(set(h.split()[0] for h in held)) <= HELD_MAX, f"{len(held)} of {2 * len(chosen)} held", "; ".join(held))
    print(f"1..{tap.n}")
    return 1 if tap.bad else 0


if __name__ == "__main__":
    sys.exit(main())
