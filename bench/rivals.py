"""Runs one rival over many files in one process, in the rivals' own environment.

rivals.py TOOL < list of files; prints one line for each: "stop" or "pass", a tab,
the file. A file stops when the tool reports an issue, or an error, or raises.
"""
import contextlib
import io
import os
import sys


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


def main():
    os.environ["PROMPTFOO_DISABLE_TELEMETRY"] = "1"
    stops = {"picklescan": picklescan, "fickling": fickling, "modelscan": modelscan,
             "engine": engine, "modelaudit": modelaudit}[sys.argv[1]]()
    out = os.fdopen(os.dup(1), "w")
    for path in sys.stdin.read().splitlines():
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            try:
                answer = stops(path)
            except BaseException:  # an error is no admission
                answer = True
        print("stop" if answer else "pass", path, sep="\t", file=out, flush=True)


main()
