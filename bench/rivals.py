"""Runs one rival over many files in one process, in the rivals' own environment.

rivals.py TOOL < list of files; prints one line for each: "stop" or "pass", a tab,
the file. A file stops when the tool reports an issue, or an error, or raises. The
tools for source are taken at their exit status; bandit's is 0 for what it cannot parse.
"""
import ast
import contextlib
import io
import os
import subprocess
import sys
import tempfile


def picklescan():
    from picklescan.scanner import scan_file_path

    def stops(path):
        result = scan_file_path(path)
        return result.issues_count > 0 or result.scan_err or result.infected_files > 0
    return stops


def fickling():
    import fickling as f
    return lambda path: not f.is_likely_safe(path)


def modelscan():
    from modelscan.modelscan import ModelScan

    def stops(path):
        result = ModelScan().scan(path)
        summary = result["summary"]
        return summary["total_issues"] > 0 or bool(result.get("errors"))
    return stops


def engine():
    import modelaudit_picklescan as m

    def stops(path):
        return m.scan_file(path).verdict.value in ("suspicious", "malicious")
    return stops


def modelaudit():
    from modelaudit.core import scan_model_directory_or_file

    def stops(path):
        result = scan_model_directory_or_file(path, cache_enabled=False)
        issues = [i for i in result.issues if str(i.severity).lower().split(".")[-1]
                  in ("warning", "critical")]
        return bool(issues) or result.has_errors
    return stops


def bandit():
    from bandit.core import config, manager

    def stops(path):
        m = manager.BanditManager(config.BanditConfig(), "file", profile={"exclude": ["B101"]})
        m.discover_files([path])
        m.run_tests()
        return bool(m.get_issue_list())
    return stops


def program(name, *options):
    command = [os.path.join(os.path.dirname(sys.executable), name), *options]
    return lambda path: subprocess.run([*command, path], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def ruff():
    run = program("ruff", "check", "--select", "S", "--ignore", "S101", "--no-cache", "--isolated", "-q")
    return lambda path: run(path).returncode != 0


def hexora():
    run = program("hexora", "audit", "--output-format", "json")

    def stops(path):
        done = run(path)
        return done.returncode != 0 or bool(done.stdout.strip())  # its status is 0 in any case
    return stops


def dlint():
    from dlint.extension import Flake8Extension

    def stops(path):
        with open(path, "rb") as f:
            tree = ast.parse(f.read())
        return any(True for _ in Flake8Extension(tree, path).run())
    return stops


def guarddog():
    # Its rules for metadata fetch lists of packages; they judge names, and are not asked here.
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        os.environ[name] = "http://127.0.0.1:9"
    from guarddog.analyzer.analyzer import Analyzer
    analyzer = Analyzer()

    def stops(path):
        with tempfile.TemporaryDirectory() as folder:  # it takes folders, and skips those called tests
            os.symlink(os.path.abspath(path), os.path.join(folder, os.path.basename(path)))
            result = analyzer.analyze_yara(folder)
        return result["issues"] > 0 or bool(result["errors"])
    return stops


def cpython():
    """No rival: what parsing alone costs. It stops what is no Python."""
    def stops(path):
        with open(path, "rb") as f:
            ast.parse(f.read())
    return stops


def tree_sitter():
    import tree_sitter
    import tree_sitter_python
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language()))

    def stops(path):
        with open(path, "rb") as f:
            return parser.parse(f.read()).root_node.has_error
    return stops


TOOLS = {f.__name__: f for f in (picklescan, fickling, modelscan, engine, modelaudit, bandit, ruff,
                                 hexora, dlint, guarddog, cpython, tree_sitter)}


def main():
    os.environ["PROMPTFOO_DISABLE_TELEMETRY"] = "1"
    stops = TOOLS[sys.argv[1]]()
    out = os.fdopen(os.dup(1), "w")
    for path in sys.stdin.read().splitlines():
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            try:
                answer = stops(path)
            except BaseException:  # an error is no admission
                answer = True
        print("stop" if answer else "pass", path, sep="\t", file=out, flush=True)


if __name__ == "__main__":
    main()
