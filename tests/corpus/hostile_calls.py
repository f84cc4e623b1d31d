"""Hostile pickles by what they call: processes, code, files, network, indirection.

The names come from published advisories and write-ups (the reference of each
row); the files are written again here and run nothing but a harmless marker.
"""
import base64
import bz2
import codecs
import lzma
import marshal
import zlib

from asm import (CODE, COMMAND, EXPR, HOST, MARKER, PORT, URL, VICTIM, Op, append, build, call,
                 evil, g, get, glob, memo, new, new_ex, p4, proto, push, setitem, sglob, text,
                 then, tup)

PS = "picklescan "
GHSA = "https://github.com/advisories/"
JFROG = "https://jfrog.com/blog/unveiling-3-zero-day-vulnerabilities-in-picklescan/"
GAME = "promptfoo/modelaudit docs/agents/picklescan-rce-bypass-game.md turn "
MS338 = "protectai/modelscan issue 338"
F = "trailofbits/fickling "
SH = ["/bin/sh", "-c", COMMAND]
PY = ["-c", CODE]


def rows(case):
    processes(case)
    code(case)
    files(case)
    network(case)
    indirect(case)
    callbacks(case)
    planted(case)
    state(case)
    nested(case)
    libraries(case)


def simple(case, technique, table):
    """Rows of name, reference, opcodes and, where needed, words for case(); p: the protocol."""
    for name, ref, op, *words in table:
        words = dict(words[0]) if words else {}
        case(name, technique, ref, proto(words.pop("p", 4), op), **words)


def old(module, name, arg):
    """A call with protocol 2 opcodes alone, for Python 2 and for fix_imports."""
    arg = arg.encode()
    return Op(glob(module, name) + b"X" + len(arg).to_bytes(4, "little") + arg + b"\x85R")


WIN = dict(needs="windows")
OLD = dict(needs="python<3.12")
GONE = lambda lib: dict(needs=lib)


def processes(case):
    c = call
    simple(case, "process", [
        ("os-system", "CVE-2019-6446 and every tutorial", c("os:system", COMMAND)),
        ("posix-system", PS + "README", c("posix:system", COMMAND)),
        ("nt-system", PS + "README", c("nt:system", COMMAND), WIN),
        ("os-popen", "fickling tests", c("os:popen", COMMAND)),
        ("os-spawnl", "modelaudit rules", c("os:spawnl", 0, "/bin/sh", "sh", "-c", COMMAND)),
        ("os-spawnvp", "modelaudit rules", c("os:spawnvp", 0, "/bin/sh", SH)),
        ("os-execv", F + "tests", c("os:execv", "/bin/sh", SH)),
        ("os-execlp", F + "tests", c("os:execlp", "sh", "sh", "-c", COMMAND)),
        ("os-posix-spawn", "modelaudit rules",
         c("posix:posix_spawn", "/bin/sh", SH, c("builtins:dict", c("os:environ.copy")))),
        ("os-startfile", "modelaudit rules", c("nt:startfile", "calc.exe"), WIN),
        ("subprocess-popen", PS + "README", c("subprocess:Popen", SH)),
        ("subprocess-run", PS + "malicious7", c("subprocess:run", SH)),
        ("subprocess-getoutput", "CTF", c("subprocess:getoutput", COMMAND)),
        ("subprocess-check-output", F + "tests", c("subprocess:check_output", SH)),
        ("subprocess-call", F + "tests", c("subprocess:call", SH)),
        ("posixsubprocess-fork-exec", "modelaudit rules", fork_exec(),
         dict(fires="no effect to see")),
        ("pty-spawn", F + "GHSA-r7v6-mfhq-g3m2; " + PS + "GHSA-vqmv-47xg-9wpr",
         c("pty:spawn", SH)),
        ("platform-popen", "CTF", c("platform:popen", COMMAND), GONE("python<3.8")),
        ("commands-getoutput", PS + "README", old("commands", "getoutput", COMMAND),
         dict(needs="python2", p=2)),
        ("popen2-popen2", "python 2", old("popen2", "popen2", COMMAND),
         dict(needs="python2", p=2)),
        ("uuid-get-command-stdout", PS + "GHSA-g38g-8gr9-h9xp, CVE-2026-56315",
         c("uuid:_get_command_stdout", "sh", "-c", COMMAND)),
        ("imaplib-imap4-stream", PS + "GHSA-g38g-8gr9-h9xp", c("imaplib:IMAP4_stream", COMMAND)),
        ("osx-support-read-output", PS + "GHSA-g38g-8gr9-h9xp",
         c("_osx_support:_read_output", COMMAND)),
        ("osx-support-find-build-tool", PS + "GHSA-g38g-8gr9-h9xp",
         c("_osx_support:_find_build_tool", "x;" + COMMAND + ";")),
        ("aix-support-read-cmd-output", PS + "GHSA-g38g-8gr9-h9xp",
         c("_aix_support:_read_cmd_output", COMMAND), GONE("python>=3.12")),
        ("pyrepl-pipe-pager", PS + "GHSA-g38g-8gr9-h9xp",
         c("_pyrepl.pager:pipe_pager", "", COMMAND), GONE("python>=3.13")),
        ("pyrepl-tempfile-pager", PS + "GHSA-g38g-8gr9-h9xp",
         c("_pyrepl.pager:tempfile_pager", "", COMMAND + " #"), GONE("python>=3.13")),
        ("test-script-helper", PS + "GHSA-g38g-8gr9-h9xp",
         c("test.support.script_helper:assert_python_ok", *PY), GONE("the test package")),
        ("pydoc-pipepager", PS + "malicious18", c("pydoc:pipepager", "", COMMAND)),
        ("pydoc-tempfilepager", PS + "GHSA-g38g", c("pydoc:tempfilepager", "", COMMAND + " #")),
        ("webbrowser-generic", PS + "README", webbrowser()),
        ("webbrowser-open", PS + "README", c("webbrowser:open", URL)),
        ("mailcap-findmatch", GAME + "1", c("mailcap:findmatch", {"text/plain": [
            {"view": "cat %s", "test": COMMAND}]}, "text/plain", "view", "x", []),
         GONE("python<3.13")),
        ("pipes-template-copy", GAME + "5", pipes(), GONE("python<3.13")),
        ("distutils-spawn", PS + "GHSA-m273-6v24-x4m4", c("distutils.spawn:spawn", SH), OLD),
        ("setuptools-distutils-spawn", GAME + "3", c("setuptools._distutils.spawn:spawn", SH),
         GONE("setuptools")),
        ("venv-create", PS + "malicious20",
         c("venv:create", "venv", False, False, True, False, "$(" + COMMAND + ")"),
         dict(fires=False)),
        ("ensurepip-run-pip", PS + "GHSA-xp4f-hrf8-rxw7",
         c("ensurepip:_run_pip", ["--version"]), dict(fires="effect")),
        ("pip-main", PS + "CVE-2025-1716", c("pip:main", ["--version"]), dict(fires="effect")),
        ("pip-internal-main", PS + "CVE-2025-1716", c("pip._internal:main", ["--version"]),
         dict(fires="effect")),
        ("multiprocessing-spawnv-passfds", F + "GHSA-q5qq-mvfm-j35x; " + MS338,
         c("multiprocessing.util:spawnv_passfds", b"/bin/sh",
           [b"/bin/sh", b"-c", COMMAND.encode()], ())),
        ("multiprocessing-process-run", "modelaudit rules", mp_process()),
        ("asyncio-unix-transport", PS + "GHSA-q77w-mwjj-7mqx", asyncio_start()),
        ("asyncio-run-subprocess", "picklescan: asyncio",
         c("asyncio:run", c("asyncio:create_subprocess_shell", COMMAND))),
        ("concurrent-process-pool", GAME + "43", pool("ProcessPoolExecutor")),
        ("os-fork", "modelaudit rules", c("posix:fork"), dict(fires="effect")),
        ("os-kill", "modelaudit rules", c("posix:kill", 0, 0), dict(fires="effect")),
        ("posixpath-dotted-os", "CTF dotted name", c("posixpath:os.system", COMMAND)),
        ("shutil-dotted-os", "CTF dotted name", c("shutil:os.system", COMMAND)),
        ("unittest-mock-open-dotted", "dotted name", c("unittest.mock:builtins.exec", CODE)),
        ("ctypes-cdll-system", F + "GHSA-q5qq-mvfm-j35x; " + PS + "GHSA-4675-36f9-wf6r",
         c(c("builtins:getattr", c("ctypes:CDLL", None), "system"), COMMAND.encode())),
        ("ctypes-cdll-only", PS + "GHSA-4675-36f9-wf6r", c("ctypes:CDLL", None),
         dict(fires="effect")),
        ("ctypes-dlopen", "modelaudit rules", c("_ctypes:dlopen", "libc.so.6", 2),
         dict(fires="effect")),
        ("ctypes-pythonapi", F + "GHSA-5hvc-6wx8-mvv4",
         c("ctypes:pythonapi.PyRun_SimpleString", CODE.encode())),
        ("ctypes-string-at", "memory read", c("ctypes:string_at", 1, 0), dict(fires="effect")),
        ("pexpect-run", F + "unsafe imports", c("pexpect:run", COMMAND),
         GONE("pexpect")),
        ("pwd-getpwall", "information", c("pwd:getpwall"),
         dict(fires="no effect to see", hold_ok=True)),
        ("os-popen3", "python 2", old("os", "popen3", COMMAND), dict(needs="python2", p=2)),
        ("os-environ-get", "dotted name", c("os:environ.get", "HOME"),
         dict(fires="no effect to see")),
        ("antigravity-import", "import side effect", sglob("antigravity", "geohash")),
    ])
    for n in range(6):
        ref = "issue 3: protocols 0 to 5"
        case("os-system-protocol-%d" % n, "protocols", ref, by_protocol(n))


def fork_exec():
    return then(call("_posixsubprocess:fork_exec",
                [b"/bin/sh", b"-c", COMMAND.encode()], (b"/bin/sh",), False, (), None, None,
                -1, -1, -1, -1, -1, -1, -1, call("posix:dup", 2), False, False, -1, None, None,
                None, -1, None, False), call("time:sleep", 0.2))


def webbrowser():
    b = memo(0, call("webbrowser:GenericBrowser", ["/bin/sh", "-c", COMMAND, "%s"]))
    return then(b, call("webbrowser:GenericBrowser.open", get(0), "x"))


def pipes():
    t = memo(0, call("pipes:Template"))
    return then(t, call("pipes:Template.append", get(0), COMMAND + "; cat $IN > $OUT", "ff"),
                call("pipes:Template.copy", get(0), "/dev/null", "pratique-out"))


def mp_process():
    p = memo(0, call("multiprocessing:Process", None, g("os:system"), None, (COMMAND,)))
    return then(p, call("multiprocessing:Process.run", get(0)))


def asyncio_start():
    t = build(new("asyncio.unix_events:_UnixSubprocessTransport"), {"_closed": True})
    return call("asyncio.unix_events:_UnixSubprocessTransport._start", t, COMMAND, True,
                None, None, None, 0)


def pool(kind):
    cls = "concurrent.futures:" + kind
    return then(memo(0, call(cls)), call(cls + ".submit", get(0), g("os:system"), COMMAND),
                call(cls + ".shutdown", get(0)))


def by_protocol(n):
    cmd = COMMAND.encode()
    if n == 0:
        return b"cposix\nsystem\np0\n(V" + cmd + b"\np1\ntp2\nRp3\n."
    if n < 4:
        return proto(n, glob("posix", "system"), b"q\x00X", len(cmd).to_bytes(4, "little"), cmd,
                     b"q\x01\x85q\x02Rq\x03")
    body = (text("posix") + b"\x94" + text("system") + b"\x94\x93\x94" + text(COMMAND) +
            b"\x94\x85\x94R\x94.")
    return bytes(b"\x80" + bytes([n, 0x95]) + len(body).to_bytes(8, "little") + body)


def code(case):
    c = call
    compiled = c("builtins:compile", CODE, "x", "exec")
    blob = marshal.dumps(compile("", "x", "exec"))  # any code object; only its being there counts
    simple(case, "code", [
        ("builtins-eval", PS + "malicious1", c("builtins:eval", EXPR)),
        ("builtins-exec", PS + "README", c("builtins:exec", CODE)),
        ("builtins-compile", PS + "README", c("builtins:exec", compiled)),
        ("builtins-import-side-effect", PS + "README",
         c("builtins:__import__", "antigravity")),
        ("builtins-breakpoint", PS + "README", c("builtins:breakpoint"), dict(fires="effect")),
        ("builtins-help", GAME + "299", c("builtins:help", "os"),
         dict(fires="no effect to see")),
        ("builtins-input", "modelaudit rules", c("builtins:input"), dict(fires="effect")),
        ("builtins-build-class", "python data model",
         c("builtins:__build_class__", c("types:FunctionType", compiled, {}), "X"),
         dict(fires="effect")),
        ("builtin2-eval", PS + "README", old("__builtin__", "eval", EXPR), dict(p=2)),
        ("builtin2-execfile", "python 2", old("__builtin__", "execfile", VICTIM),
         dict(needs="python2", p=2, fires="no effect to see")),
        ("runpy-run-path", F + "GHSA-wfq2-52f7-7qvj", runpy()),
        ("runpy-run-code", PS + "malicious14", c("runpy:_run_code", compiled, {})),
        ("runpy-run-module", F + "GHSA-wfq2-52f7-7qvj", c("runpy:run_module", "antigravity")),
        ("code-runsource", F + "GHSA-q5qq-mvfm-j35x",
         c("code:InteractiveInterpreter.runsource", c("code:InteractiveInterpreter"), CODE)),
        ("code-runcode", PS + "GHSA-cj3c-v495-4xqh",
         c("code:InteractiveInterpreter.runcode", c("code:InteractiveInterpreter"), compiled)),
        ("code-push", PS + "GHSA-cj3c-v495-4xqh",
         c("code:InteractiveConsole.push", c("code:InteractiveConsole"), CODE)),
        ("timeit-timeit", PS + "GHSA-v7x6-rv5q-mhwc", c("timeit:timeit", "", CODE)),
        ("timeit-repeat", PS + "GHSA-v7x6-rv5q-mhwc", c("timeit:repeat", CODE, "pass", g(
            "time:perf_counter"), 1, 1)),
        ("cprofile-run", F + "GHSA-p523-jq9w-64x9; " + PS + "GHSA-49gj-c84q-6qm9",
         c("cProfile:run", CODE)),
        ("cprofile-runctx", PS + "GHSA-9w88-8rmg-7g2p", c("cProfile:runctx", CODE, {}, {})),
        ("profile-run", PS + "GHSA-x696-vm39-cp64",
         c("profile:Profile.run", c("profile:Profile"), CODE)),
        ("profile-runctx", PS + "GHSA-6vqj-c2q5-j97w",
         c("profile:Profile.runctx", c("profile:Profile"), CODE, {}, {})),
        ("pdb-run", PS + "README", c("pdb:run", CODE), dict(fires="effect")),
        ("pdb-runeval", PS + "README", c("pdb:runeval", EXPR), dict(fires="effect")),
        ("bdb-run", PS + "malicious15", c("bdb:Bdb.run", c("bdb:Bdb"), CODE)),
        ("bdb-runcall", PS + "malicious15",
         c("bdb:Bdb.runcall", c("bdb:Bdb"), g("os:system"), COMMAND)),
        ("trace-run", PS + "GHSA-5qwp-399c-mjwf", c("trace:Trace.run", c("trace:Trace"), CODE)),
        ("trace-runctx", PS + "GHSA-g344-hcph-8vgg",
         c("trace:Trace.runctx", c("trace:Trace"), CODE, {}, {})),
        ("trace-runfunc", PS + "GHSA-g344-hcph-8vgg",
         c("trace:Trace.runfunc", c("trace:Trace"), g("os:system"), COMMAND)),
        ("doctest-debug-script", PS + "GHSA-fqq6-7vqf-w3fg", c("doctest:debug_script", CODE, True),
         dict(fires="effect")),
        ("doctest-runner", PS + "GHSA-fqq6-7vqf-w3fg", doctest()),
        ("lib2to3-grammar-loads", PS + "GHSA-f54q-57x4-jg88",
         c("lib2to3.pgen2.grammar:Grammar.loads", c("lib2to3.pgen2.grammar:Grammar"), evil()),
         GONE("python<3.13")),
        ("lib2to3-make-label", PS + "GHSA-p9w7-82w4-7q8m",
         c("lib2to3.pgen2.pgen:ParserGenerator.make_label", None,
           build(c("types:SimpleNamespace"), {"labels": [], "keywords": {}, "tokens": {}}),
           '""+str(' + EXPR + ")"), GONE("python<3.13")),
        ("idlelib-get-entity", PS + "GHSA-9xph-j2h6-g47v",
         c("idlelib.calltip:get_entity", EXPR), GONE("idlelib")),
        ("idlelib-fetch-tip", PS + "GHSA-8r4j-24qv-fmq9",
         c("idlelib.calltip:Calltip.fetch_tip", c("idlelib.calltip:Calltip"), EXPR),
         GONE("idlelib")),
        ("idlelib-autocomplete-entity", PS + "GHSA-6w4w-5w54-rjvr",
         c("idlelib.autocomplete:AutoComplete.get_entity", None, EXPR), GONE("idlelib")),
        ("idlelib-fetch-completions", PS + "GHSA-7cq8-mj8x-j263",
         c("idlelib.autocomplete:AutoComplete.fetch_completions",
           c("idlelib.autocomplete:AutoComplete"), EXPR, 0), GONE("idlelib")),
        ("idlelib-set-text", PS + "GHSA-3vg9-h568-4w9m",
         c("idlelib.debugobj:ObjectTreeItem.SetText",
           c("types:SimpleNamespace"), EXPR), GONE("idlelib")),
        ("idlelib-executive-runcode", PS + "GHSA-m869-42cg-3xwr",
         c("idlelib.run:Executive.runcode", build(c("types:SimpleNamespace"), {
             "locals": {}, "usr_exc_info": None}), compiled), GONE("idlelib")),
        ("idlelib-pyshell-runcommand", PS + "GHSA-j343-8v2j-ff7w",
         c("idlelib.pyshell:ModifiedInterpreter.runcommand", {}, EXPR),
         dict(needs="idlelib", fires="no effect to see")),
        ("idlelib-pyshell-runcode", PS + "GHSA-3gf5-cxq9-w223",
         c("idlelib.pyshell:ModifiedInterpreter.runcode", {}, EXPR),
         dict(needs="idlelib", fires="no effect to see")),
        ("marshal-functiontype", F + "GHSA-565g-hwwr-4pp3",
         c(c("types:FunctionType", c("marshal:loads", blob), {})), dict(fires="effect")),
        ("types-codetype-functiontype", "picklescan types_CodeType",
         c(c("types:FunctionType", compiled, {}))),
        ("types-functiontype-exec", F + "GHSA-565g-hwwr-4pp3",
         c("builtins:exec", c("marshal:loads", c("marshal:dumps", compiled)))),
        ("typing-eval-type", GAME + "7", typing_eval()),
        ("typing-get-type-hints", GAME + "11",
         c("typing:get_type_hints", c("builtins:type", "C", (), {
             "__annotations__": {"x": "f(p) or int"}}),
           {"f": g("os:system"), "p": COMMAND, "int": g("builtins:int")})),
        ("dataclasses-create-fn", GAME + "9",
         c("dataclasses:_create_fn", "x", ["a=" + EXPR], ["return a"])),
        ("dataclasses-make-dataclass", GAME + "9",
         c("dataclasses:make_dataclass", "X", [("a", "int")]), dict(fires="no effect to see")),
        ("collections-namedtuple", "generated code", c("collections:namedtuple", "X", ["a"]),
         dict(fires="no effect to see", hold_ok=True)),
        ("gettext-c2py", "evaluates its argument", c("gettext:c2py", "n==1"),
         dict(fires="no effect to see", hold_ok=True)),
        ("rlcompleter-attr-matches", "evaluates its argument", rlcompleter(),
         dict(fires="no effect to see")),
        ("importlib-sourcefileloader", "imports a file", loader()),
        ("importlib-reload", "imports again", c("importlib:reload", g("logging:os")),
         dict(fires="no effect to see")),
        ("importlib-exec-module", "picklescan issue 66", c("importlib._bootstrap:_load",
         c("importlib.util:find_spec", "antigravity"))),
        ("imp-load-source", "python 2", then(write_text("x.py", CODE), c("imp:load_source", "x",
         "x.py")), GONE("python<3.12")),
        ("zipimport", "modelaudit rules", c("zipimport:zipimporter", "x.zip"),
         dict(fires="no effect to see")),
        ("site-addsitedir", GAME + "47", addsitedir()),
        ("unittest-loader-discover", GAME + "49", discover()),
        ("unittest-main", "import of a module", c("unittest.loader:TestLoader.loadTestsFromName",
         c("unittest.loader:TestLoader"), "antigravity.fly")),
        ("logging-config-dict", "evaluates and imports",
         c("logging.config:dictConfig", {"version": 1, "formatters": {"a": {
             "()": "os.system", "command": COMMAND}}})),
        ("logging-config-listen", "evaluates what it receives", c("logging.config:listen", 0),
         dict(fires="no effect to see")),
        ("tkinter-tcl", "evaluates Tcl", c(c("builtins:getattr", c("tkinter:Tcl"), "eval"),
         "exec /bin/sh -c {%s}" % COMMAND), GONE("tkinter")),
        ("modulefinder-run-script", "reads a script", c("modulefinder:ModuleFinder.run_script",
         c("modulefinder:ModuleFinder"), VICTIM), dict(fires="effect")),
        ("xxsubinterpreters-run-string", "runs code", c("_xxsubinterpreters:run_string",
         c("_xxsubinterpreters:create"), CODE)),
        ("turtledemo-import", "import side effect", sglob("turtledemo.__main__", "x"),
         dict(needs="tkinter", fires="no effect to see")),
        ("sympy-free-functools-partial", "indirection",
         c(c("functools:partial", g("builtins:exec"), CODE))),
        ("enum-functional-exec", "metaclass keywords",
         c("types:new_class", "X", (), {}, c("functools:partial", g("builtins:exec"), CODE))),
        ("types-prepare-class", "metaclass keywords",
         c("types:prepare_class", "X", (), {"metaclass": c(
             "functools:partial", g("os:system"), COMMAND)}), dict(fires="no effect to see")),
        ("pkg-resources-load-entry", "imports by name",
         c("pkg_resources:EntryPoint.resolve", c("pkg_resources:EntryPoint.parse",
           "x = antigravity:fly")), GONE("setuptools")),
        ("importlib-metadata-entrypoint", "imports by name",
         c(c("importlib.metadata:EntryPoint.load", c("importlib.metadata:EntryPoint", "x",
           "os:system", "x")), COMMAND)),
        ("code-interact", F + "unsafe imports", c("code:interact"), dict(fires="effect")),
        ("py-compile", F + "unsafe imports", c("py_compile:compile", VICTIM, MARKER)),
        ("compileall", F + "unsafe imports", c("compileall:compile_file", VICTIM + ".py"),
         dict(fires="effect")),
    ])


def doctest():
    ex = call("doctest:DocTest", [call("doctest:Example", CODE, "")], {}, "x", "x", 0, "")
    return call("doctest:DocTestRunner.run", call("doctest:DocTestRunner"), ex)


def runpy():
    return then(write_text("x.py", CODE), call("runpy:run_path", "x.py"))


def write_text(path, body):
    return call("pathlib:Path.write_text", call("pathlib:PosixPath", path), body)


def typing_eval():
    ref = call("typing:ForwardRef", "f(p) or int")
    return call("typing:_eval_type", ref, {"f": g("os:system"), "p": COMMAND,
                                           "int": g("builtins:int")}, None)


def rlcompleter():
    return call("rlcompleter:Completer.attr_matches",
                call("rlcompleter:Completer", {"a": call("types:SimpleNamespace")}), "a.b")


def loader():
    return then(write_text("x.py", CODE),
                call("importlib.machinery:SourceFileLoader.load_module",
                     call("importlib.machinery:SourceFileLoader", "x", "x.py")))


def addsitedir():
    return then(write_text("x.pth", CODE), call("site:addsitedir", "."))


def discover():
    return then(write_text("test_x.py", CODE),
                call("unittest.loader:TestLoader.discover",
                     call("unittest.loader:TestLoader"), "."))


def files(case):
    c = call
    e = dict(fires="effect")
    simple(case, "files", [
        ("builtins-open-write", PS + "README", c("builtins:open", MARKER, "w")),
        ("builtins-open-read", PS + "README", c("builtins:open", VICTIM), e),
        ("io-open", GAME + "109", c("io:open", MARKER, "w")),
        ("io-open-code", "io", c("io:open_code", VICTIM), e),
        ("io-fileio", PS + "io_FileIO", c("io:FileIO", MARKER, "w")),
        ("io-fileio-read", PS + "io_FileIO", c("_io:FileIO", VICTIM), e),
        ("codecs-open", "files", c("codecs:open", MARKER, "w")),
        ("pathlib-write-text", GAME + "109", write_text(MARKER, "pratique-fixture")),
        ("pathlib-touch", GAME + "15", c("pathlib:Path.touch", c("pathlib:PosixPath", MARKER))),
        ("pathlib-unlink", "files", c("pathlib:Path.unlink", c("pathlib:PosixPath", VICTIM)), e),
        ("pathlib-read-text", "files", c("pathlib:Path.read_text", c("pathlib:PosixPath",
                                                                    VICTIM)), e),
        ("argparse-filetype", GAME + "123", c(c("argparse:FileType", "w"), MARKER)),
        ("os-remove", F + "unsafe imports", c("posix:remove", VICTIM), e),
        ("os-rename", F + "unsafe imports", c("posix:rename", VICTIM, MARKER)),
        ("os-chmod", F + "unsafe imports", c("posix:chmod", VICTIM, 511), e),
        ("os-symlink", F + "unsafe imports", c("posix:symlink", VICTIM, MARKER)),
        ("os-makedirs", F + "unsafe imports", c("os:makedirs", MARKER)),
        ("shutil-rmtree", F + "unsafe imports", c("shutil:rmtree", VICTIM + "-folder"), e),
        ("shutil-copyfile", F + "unsafe imports", c("shutil:copyfile", VICTIM, MARKER)),
        ("shutil-move", F + "unsafe imports", c("shutil:move", VICTIM, MARKER)),
        ("shutil-unpack", F + "unsafe imports", c("shutil:make_archive", MARKER, "tar", "."), e),
        ("linecache-getline", PS + "dns_exfiltration", c("linecache:getline", VICTIM, 1), e),
        ("fileinput-input", F + "unsafe imports",
         c("builtins:list", c("fileinput:input", VICTIM)), e),
        ("fileinput-inplace", F + "unsafe imports",
         c("builtins:list", c("fileinput:FileInput", VICTIM, True)), e),
        ("glob-glob", F + "unsafe imports", c("glob:glob", "*"), e),
        ("filecmp-cmp", F + "unsafe imports", c("filecmp:cmp", VICTIM, VICTIM, False), e),
        ("logging-filehandler", PS + "CVE-2026-56304", c("logging:FileHandler", MARKER)),
        ("logging-rotating", PS + "CVE-2026-56304",
         c("logging.handlers:RotatingFileHandler", MARKER)),
        ("logging-basicconfig", PS + "CVE-2026-56304",
         new_kw("logging:basicConfig", filename=MARKER)),
        ("distutils-write-file", PS + "GHSA-m273-6v24-x4m4",
         c("distutils.file_util:write_file", MARKER, ["x"]), OLD),
        ("distutils-copy-file", PS + "GHSA-m273-6v24-x4m4",
         c("distutils.file_util:copy_file", VICTIM, MARKER), OLD),
        ("sqlite3-connect", F + "GHSA-mhc9-48gj-9gp3", c("sqlite3:connect", MARKER)),
        ("sqlite3-connection-class", F + "GHSA-mhc9-48gj-9gp3", c("sqlite3:Connection", MARKER)),
        ("shelve-open", F + "unsafe imports", c("shelve:open", "pratique-out"), e),
        ("dbm-dumb-open", F + "unsafe imports", c("dbm.dumb:open", "pratique-out", "n"), e),
        ("zipfile-write", F + "unsafe imports", c("zipfile:ZipFile", MARKER, "w")),
        ("tarfile-open", F + "unsafe imports", c("tarfile:open", MARKER, "w")),
        ("tarfile-extractall", F + "unsafe imports", c("tarfile:TarFile.extractall",
         c("tarfile:open", VICTIM)), e),
        ("gzip-open", "files", c("gzip:open", MARKER, "w")),
        ("bz2-file", "files", c("bz2:BZ2File", MARKER, "w")),
        ("lzma-file", "files", c("lzma:LZMAFile", MARKER, "w")),
        ("wave-open", "files", c("wave:open", MARKER, "wb")),
        ("tempfile-mkdtemp", F + "unsafe imports", c("tempfile:mkdtemp", "", "", "."), e),
        ("tempfile-named", F + "unsafe imports", c("tempfile:NamedTemporaryFile"), e),
        ("mmap-mmap", F + "unsafe imports", c("mmap:mmap", -1, 4096), dict(fires="effect")),
        ("zipapp-create", "files", then(c("posix:mkdir", "x"), c(
            "zipapp:create_archive", "x", MARKER, None, "os:getcwd"))),
        ("tracemalloc-dump", "files", c("tracemalloc:Snapshot.dump",
         c("tracemalloc:Snapshot", (), 1), MARKER)),
        ("faulthandler-enable", "modelaudit rules", c("faulthandler:_sigsegv"),
         dict(fires="no effect to see")),
        ("configparser-read", "files", c("configparser:ConfigParser.read",
         c("configparser:ConfigParser"), VICTIM), e),
        ("netrc", "secrets", c("netrc:netrc", VICTIM), e),
        ("xml-parse", "files", c("xml.etree.ElementTree:parse", VICTIM), e),
        ("json-load-open", "files", c("json:load", c("io:open", VICTIM)), e),
        ("mimetypes-init", "files", c("mimetypes:init", [VICTIM]), e),
        ("csv-writer", "files", c("csv:writer", c("io:open", MARKER, "w"))),
        ("os-listdir", "files", c("posix:listdir", "."), e),
        ("os-getenv", "secrets", c("os:getenv", "HOME"), dict(fires="no effect to see")),
        ("cprofile-dump-stats", "files", c("cProfile:Profile.dump_stats", c("cProfile:Profile"),
                                           MARKER)),
        ("lib2to3-grammar-load", PS + "GHSA-f54q-57x4-jg88",
         c("lib2to3.pgen2.grammar:Grammar.load", c("lib2to3.pgen2.grammar:Grammar"), VICTIM),
         dict(fires="effect", needs="python<3.13")),
        ("zoneinfo-from-file", "files", c("zoneinfo:ZoneInfo.from_file", c("io:open", VICTIM,
                                                                         "rb")), e),
        ("multiprocessing-shared-memory", "files",
         c("multiprocessing.shared_memory:SharedMemory", "pratique-absent"),
         dict(fires="no effect to see")),
    ])


def new_kw(name, **kw):
    """Calls name with keywords, through functools.partial: REDUCE takes none."""
    p = build(new("functools:partial", g(name)), (g(name), (), kw, {}))
    return Op(p + b")R")


def network(case):
    c = call
    lib = lambda name: dict(needs=name, fires="effect")
    e = dict(fires="effect")
    simple(case, "network", [
        ("socket-create-connection", PS + "malicious6", c("socket:create_connection",
                                                          (HOST, PORT)), e),
        ("socket-socket", F + "tests", c("socket:socket"), e),
        ("socket-getaddrinfo", "DNS exfiltration", c("socket:getaddrinfo", "localhost", 80), e),
        ("socket-gethostbyname", "DNS exfiltration", c("socket:gethostbyname", "localhost"), e),
        ("socket-create-server", F + "GHSA-mhc9-48gj-9gp3", c("socket:create_server",
                                                              (HOST, 0)), e),
        ("urllib-urlopen", PS + "urllib_request_urlopen; " + MS338,
         c("urllib.request:urlopen", URL), e),
        ("urllib-urlretrieve", MS338, c("urllib.request:urlretrieve", URL, MARKER), e),
        ("urllib2-urlopen", "python 2", old("urllib2", "urlopen", URL), dict(fires="effect",
                                                                             p=2)),
        ("http-client", PS + "malicious3", c("http.client:HTTPSConnection.connect",
         c("http.client:HTTPSConnection", HOST, PORT)), e),
        ("http-client-request", PS + "malicious3", c("http.client:HTTPConnection.request",
         c("http.client:HTTPConnection", HOST, PORT), "GET", "/"), e),
        ("httplib", PS + "README", old("httplib", "HTTPSConnection", HOST),
         dict(p=2, fires="no effect to see")),
        ("ftplib", F + "GHSA-mhc9-48gj-9gp3", c("ftplib:FTP", HOST), e),
        ("smtplib", F + "GHSA-mhc9-48gj-9gp3", c("smtplib:SMTP", HOST, PORT), e),
        ("imaplib", F + "GHSA-mhc9-48gj-9gp3", c("imaplib:IMAP4", HOST, PORT), e),
        ("poplib", F + "GHSA-mhc9-48gj-9gp3", c("poplib:POP3", HOST, PORT), e),
        ("telnetlib", F + "GHSA-mhc9-48gj-9gp3", c("telnetlib:Telnet", HOST, PORT),
         dict(fires="effect", needs="python<3.13")),
        ("nntplib", F + "GHSA-mhc9-48gj-9gp3", c("nntplib:NNTP", HOST, PORT),
         dict(fires="effect", needs="python<3.13")),
        ("xmlrpc-client", F + "unsafe imports",
         c("xmlrpc.client:ServerProxy._ServerProxy__request",
           c("xmlrpc.client:ServerProxy", URL), "x", ()), e),
        ("socketserver-tcp", F + "GHSA-mhc9-48gj-9gp3",
         c("socketserver:TCPServer", (HOST, 0), g("socketserver:BaseRequestHandler")), e),
        ("http-server", F + "GHSA-mhc9-48gj-9gp3",
         c("http.server:HTTPServer", (HOST, 0), g("http.server:SimpleHTTPRequestHandler")), e),
        ("ssl-get-server-certificate", PS + "dns_exfiltration",
         c("ssl:get_server_certificate", (HOST, PORT)), e),
        ("logging-sockethandler", "network", c("logging.handlers:SocketHandler.createSocket",
         c("logging.handlers:SocketHandler", HOST, PORT)), e),
        ("logging-sysloghandler", "network", c("logging.handlers:SysLogHandler",
                                               (HOST, PORT)), e),
        ("multiprocessing-client", "network", c("multiprocessing.connection:Client",
                                                (HOST, PORT)), e),
        ("multiprocessing-listener", "network", c("multiprocessing.connection:Listener",
                                                  (HOST, 0)), e),
        ("asyncio-open-connection", PS + "README",
         c("asyncio:run", c("asyncio:open_connection", HOST, PORT)), e),
        ("requests-get", PS + "malicious4", c("requests.api:get", URL), lib("requests")),
        ("requests-get-public", PS + "malicious4", c("requests:get", URL), lib("requests")),
        ("aiohttp-session", PS + "malicious5", c("aiohttp.client:ClientSession"),
         dict(needs="aiohttp", fires="no effect to see")),
        ("urllib3-request", "network", c("urllib3:request", "GET", URL), lib("urllib3")),
        ("select-epoll", F + "unsafe imports", c("select:epoll"), dict(fires="no effect to see")),
        ("robotparser-read", "network", c("urllib.robotparser:RobotFileParser.read",
         c("urllib.robotparser:RobotFileParser", URL)), e),
        ("pydoc-browse", "network", c("pydoc:browse", 0, False),
         dict(fires="no effect to see")),
    ])


def indirect(case):
    c = call
    os_mod = c("builtins:__import__", "os")
    simple(case, "indirection", [
        ("getattr-import", "CTF", c(c("builtins:getattr", os_mod, "system"), COMMAND)),
        ("import-module", F + "GHSA-q5qq-mvfm-j35x; modelscan issue 331",
         c(c("builtins:getattr", c("importlib:import_module", "os"), "system"), COMMAND)),
        ("gcd-import", "picklescan issue 66",
         c(c("builtins:getattr", c("importlib._bootstrap:_gcd_import", "os"), "system"),
           COMMAND)),
        ("pkgutil-resolve-name", PS + "GHSA-vvpj-8cmc-gx39",
         c(c("pkgutil:resolve_name", "os:system"), COMMAND)),
        ("pydoc-locate", PS + "GHSA-84r2-jw7c-4r5q; " + F + "GHSA-5hvc-6wx8-mvv4",
         c(c("pydoc:locate", "os.system"), COMMAND)),
        ("pydoc-locate-methodcaller", PS + "GHSA-84r2-jw7c-4r5q",
         c(c("operator:methodcaller", "system", COMMAND), c("pydoc:locate", "os"))),
        ("mock-get-target", GAME + "149",
         c(c(c("operator:getitem", c("unittest.mock:_get_target", "builtins:exec.x"), 0)), CODE)),
        ("mock-importer", "unittest.mock", c(c("builtins:getattr", c("unittest.mock:_importer",
         "os"), "system"), COMMAND), dict(needs="python<3.9")),
        ("logging-config-resolve", "logging.config",
         c(c("logging.config:_resolve", "os.system"), COMMAND)),
        ("xmlrpc-resolve-dotted", "xmlrpc.server",
         c(c("xmlrpc.server:resolve_dotted_attribute", g("logging:os"), "system"), COMMAND)),
        ("formatter-get-field", GAME + "147", c(c("operator:getitem", c(
            "string:Formatter.get_field", c("string:Formatter"), "0.system",
            (g("logging:os"),), {}), 0), COMMAND)),
        ("attrgetter", PS + "malicious12", c(c(c("operator:attrgetter", "system"), g(
            "logging:os")), COMMAND)),
        ("attrgetter-private", "_operator", c(c(c("_operator:attrgetter", "os.system"), g(
            "shutil:os.path")), COMMAND)),
        ("methodcaller", PS + "README", c(c("operator:methodcaller", "system", COMMAND), g(
            "logging:os"))),
        ("itemgetter", PS + "README", c(c(c("operator:itemgetter", "system"), g("os:__dict__")),
                                        COMMAND)),
        ("operator-call", GAME + "13", c("operator:call", g("os:system"), COMMAND)),
        ("partial", PS + "README", c(c("functools:partial", g("os:system"), COMMAND))),
        ("partial-reduced-state", "functools", new_kw("subprocess:call", args=SH)),
        ("reduce", "modelaudit rules", c(c("functools:reduce", g("builtins:getattr"), [
            g("logging:os"), "system"]), COMMAND)),
        ("map-list", GAME + "15", c("builtins:list", c("builtins:map", g("os:system"),
                                                       [COMMAND]))),
        ("map-newobj-tuple", "NEWOBJ iterates", new("builtins:tuple", new(
            "builtins:map", g("os:system"), [COMMAND]))),
        ("map-newobj-frozenset", "NEWOBJ iterates", new("builtins:frozenset", new(
            "builtins:map", g("os:system"), [COMMAND]))),
        ("map-newobj-bytes", "NEWOBJ iterates", new("builtins:bytes", new(
            "builtins:map", g("os:system"), [COMMAND]))),
        ("map-deque", "collections", c("collections:deque", c("builtins:map", g("os:system"),
                                                              [COMMAND]))),
        ("map-any", "builtins", c("builtins:any", c("builtins:map", g("os:system"), [COMMAND]))),
        ("map-ordereddict", "collections", c("collections:OrderedDict", c(
            "builtins:map", g("os:system"), [COMMAND]))),
        ("map-counter", "collections", c("collections:Counter", c(
            "builtins:map", g("os:system"), [COMMAND]))),
        ("map-bytearray", "builtins", c("builtins:bytearray", c(
            "builtins:map", g("os:system"), [COMMAND]))),
        ("map-set", "builtins", c("builtins:set", c("builtins:map", g("os:system"), [COMMAND]))),
        ("map-array", "array", c("array:array", "b", c("builtins:map", g("os:system"),
                                                       [COMMAND]))),
        ("filter", GAME + "19", c("builtins:tuple", c("builtins:filter", g("os:system"),
                                                      [COMMAND]))),
        ("starmap", GAME + "17", c("builtins:tuple", c("itertools:starmap", g("os:system"),
                                                       [(COMMAND,)]))),
        ("takewhile", GAME + "21", c("builtins:tuple", c("itertools:takewhile", g("os:system"),
                                                         [COMMAND]))),
        ("dropwhile", GAME + "23", c("builtins:tuple", c("itertools:dropwhile", g("os:system"),
                                                         [COMMAND]))),
        ("filterfalse", GAME + "25", c("builtins:tuple", c("itertools:filterfalse", g(
            "os:system"), [COMMAND]))),
        ("accumulate", GAME + "27", c("builtins:tuple", c("itertools:accumulate", [
            CODE, {}], g("builtins:exec")))),
        ("groupby", GAME + "29", c("builtins:tuple", c("itertools:groupby", [COMMAND], g(
            "os:system")))),
        ("iter-sentinel", "builtins", c("builtins:tuple", c("builtins:iter", c(
            "functools:partial", g("os:system"), COMMAND), 0))),
        ("sorted-key", "builtins", new_call_kw("builtins:sorted", [[COMMAND]],
                                               {"key": g("os:system")})),
        ("max-key", "builtins", new_call_kw("builtins:max", [[COMMAND]],
                                            {"key": g("os:system")})),
        ("re-sub-callback", GAME + "regex", c("re:sub", "x", c("functools:partial", g(
            "builtins:exec"), CODE), "x"), dict(fires=False)),
        ("re-scanner", "re.Scanner calls its table", c("re:Scanner.scan", c("re:Scanner", [(
            "x", c("functools:partial", g("os:system"), COMMAND))]), "x"), dict(fires=False)),
        ("json-object-hook", "json", new_call_kw("json:loads", ['{"a":1}'],
         {"object_pairs_hook": c("functools:partial", g("os:system"), COMMAND)}),
         dict(fires=False)),
        ("json-parse-float", "json", new_call_kw("json:loads", ["[1.5]"],
         {"parse_float": c("operator:methodcaller", "__class__")}), dict(fires=False)),
        ("dict-get-numpy-builtins", "modelscan issue 89", c(c("builtins:dict.get", g(
            "collections:__builtins__"), "exec"), CODE)),
        ("builtins-dict-global", "modelscan issue 89", c(c("builtins:dict.__getitem__", g(
            "json:__builtins__"), "exec"), CODE)),
        ("module-dict-dotted", "dotted name", c(c("os:__dict__.get", "system"), COMMAND)),
        ("globals-dotted", "dotted name", c(c("os:walk.__globals__.get", "system"), COMMAND)),
        ("sys-modules-get", "dotted name", c(c("builtins:getattr", c("sys:modules.get", "os"),
                                               "system"), COMMAND)),
        ("bound-getattribute", GAME + "155", c(c("builtins:dict.get", c(
            "statistics:mean.__getattribute__", "__builtins__"), "exec"), CODE)),
        ("getattr-static-descriptor", GAME + "151", c(c("builtins:dict.get", c(
            "types:MemberDescriptorType.__get__", c("inspect:getattr_static", g(
                "statistics:mean"), "__builtins__"), g("statistics:mean")), "exec"), CODE)),
        ("object-getattribute", "builtins", c(c("builtins:object.__getattribute__", g(
            "logging:os"), "system"), COMMAND)),
        ("subclasses-walk", "CTF", c("builtins:object.__subclasses__"),
         dict(fires="no effect to see")),
        ("property-get", GAME + "63", c("builtins:property.__get__", c("builtins:property", g(
            "os:system")), COMMAND)),
        ("staticmethod-call", GAME + "65", c(c("builtins:staticmethod.__get__", c(
            "builtins:staticmethod", g("os:system")), None, g("builtins:int")), COMMAND)),
        ("classmethod-get", GAME + "65", c(c("builtins:classmethod.__get__", c(
            "builtins:classmethod", g("os:system")), None, COMMAND))),
        ("methodtype", "types", c(c("types:MethodType", g("os:system"), COMMAND))),
        ("dynamicclassattribute", GAME + "67", c("types:DynamicClassAttribute.__get__", c(
            "types:DynamicClassAttribute", g("os:system")), COMMAND)),
        ("cmp-to-key", GAME + "71", cmp_to_key()),
        ("singledispatch", "functools", c(c("functools:singledispatch", g("os:system")),
                                          COMMAND)),
        ("lru-cache", GAME + "69", c(c("functools:lru_cache", g("os:system")), COMMAND)),
        ("functools-cache", GAME + "69", c(c("functools:cache", g("os:system")), COMMAND)),
        ("wraps", "functools", c(c(c("functools:wraps", g("builtins:int")), c(
            "functools:partial", g("os:system"), COMMAND)))),
        ("partialmethod", "modelaudit rules", c(c("functools:partialmethod.__get__", c(
            "functools:partialmethod", g("builtins:exec"), {}), None, g("builtins:int")),
            CODE)),
        ("contextvars-run", GAME + "45", c("contextvars:Context.run", c("contextvars:Context"),
                                           g("os:system"), COMMAND)),
        ("dotted-vars", "builtins", c(c("builtins:dict.get", c("builtins:vars", g(
            "logging:os")), "system"), COMMAND)),
        ("str-format-attribute", "format strings reach attributes",
         c("builtins:str.format", "{0.__class__}", 1), dict(fires="no effect to see")),
        ("six-moves-getoutput", GAME + "177", c("six.moves:getoutput", COMMAND), GONE("six")),
        ("getattr-on-module-global", "a module as a global", c(c("builtins:getattr", g(
            "logging:os"), "system"), COMMAND)),
        ("copy-deepcopy-reduce", "copy calls __deepcopy__", copy_deepcopy()),
        ("copyreg-reconstructor-popen", "copyreg calls base.__init__(obj, state)",
         c("copyreg:_reconstructor", g("subprocess:Popen"), g("subprocess:Popen"), SH)),
        ("copy-reg-py2-reconstructor", "copy_reg, python 2 name", Op(
            glob("copy_reg", "_reconstructor") + glob("subprocess", "Popen") +
            glob("subprocess", "Popen") + push_old(SH) + b"\x87R"), dict(p=2)),
        ("copyreg-newobj", "copyreg.__newobj__", c("builtins:tuple", c("copyreg:__newobj__", g(
            "builtins:map"), g("os:system"), [COMMAND]))),
        ("copyreg-newobj-ex", "copyreg.__newobj_ex__", c("builtins:tuple", c(
            "copyreg:__newobj_ex__", g("builtins:map"), (g("os:system"), [COMMAND]), {}))),
        ("weakref-finalize-call", "weakref", c(c("weakref:finalize", g("statistics:mean"), g(
            "os:system"), COMMAND))),
        ("builtin-type-call-class", "type.__call__", c("builtins:type.__call__", g(
            "subprocess:Popen"), SH)),
        ("method-wrapper-call", "dotted __call__", c("os:system.__call__", COMMAND)),
        ("exec-method-wrapper", "dotted __call__", c("builtins:exec.__call__", CODE)),
        ("getattr-string-joined", "modelscan issue 331", c(c("builtins:getattr", c(
            "builtins:__import__", c("builtins:str.join", "", ["o", "s"])),
            c("builtins:str.join", "", ["sys", "tem"])), COMMAND)),
        ("codecs-rot13-name", "obfuscation", c(c("builtins:getattr", g("logging:os"), c(
            "codecs:decode", "flfgrz", "rot13")), COMMAND)),
    ])


def new_call_kw(name, args, kw):
    p = build(new("functools:partial", g(name)), (g(name), tuple(args), kw, {}))
    return Op(p + b")R")


def push_old(items):
    return Op(b"](" + b"".join(b"X" + len(i).to_bytes(4, "little") + i.encode()
                               for i in items) + b"e")


def cmp_to_key():
    k = memo(0, call("functools:cmp_to_key", g("builtins:exec")))
    return then(k, call("operator:lt", call(get(0), CODE), call(get(0), {})))


def copy_deepcopy():
    cls = call("builtins:type", "X", (), {"__deepcopy__": call(
        "functools:partial", g("builtins:exec"), CODE)})
    return call("copy:deepcopy", call(cls))


def callbacks(case):
    c = call
    fin = c("weakref:finalize", c("builtins:type", "X", (), {}), g("os:system"), COMMAND)
    simple(case, "callback", [
        ("atexit-register", "atexit", c("atexit:register", g("os:system"), COMMAND)),
        ("weakref-finalize", "weakref", fin),
        ("threading-thread-start", F + "unsafe imports", thread("start")),
        ("threading-thread-run", F + "unsafe imports", thread("run")),
        ("threading-timer", F + "unsafe imports", c("threading:Timer.run", c(
            "threading:Timer", 0, g("os:system"), [COMMAND]))),
        ("thread-start-new", F + "unsafe imports", then(c(
            "_thread:start_new_thread", g("os:system"), (COMMAND,)), c("time:sleep", 0.3))),
        ("signal-signal", F + "GHSA-mhc9-48gj-9gp3", then(c("signal:signal", 10, c(
            "functools:partial", g("builtins:exec"), CODE)), c("signal:raise_signal", 10)),
         dict(fires=False)),
        ("signal-signal-only", F + "GHSA-mhc9-48gj-9gp3", c("signal:signal", 15, 1),
         dict(fires="no effect to see")),
        ("sched-run", GAME + "41", sched()),
        ("thread-pool-submit", GAME + "41", pool("ThreadPoolExecutor")),
        ("thread-pool-initializer", "concurrent", new_call_kw(
            "concurrent.futures:ThreadPoolExecutor", [1, "", g("os:system"), (COMMAND,)], {}),
         dict(fires=False)),
        ("future-done-callback", GAME + "future", future(), dict(fires="no effect to see")),
        ("exitstack-callback", GAME + "exitstack", exitstack()),
        ("sys-settrace", "sys", c("sys:settrace", c("functools:partial", g("builtins:exec"),
                                                    CODE)), dict(fires=False)),
        ("sys-setprofile", "sys", c("sys:setprofile", c("functools:partial", g(
            "builtins:exec"), CODE)), dict(fires=False)),
        ("sys-addaudithook", "sys", then(c("sys:addaudithook", g("builtins:exec")),
                                         c("sys:audit", CODE)), dict(fires=False)),
        ("sys-exit", PS + "malicious9", c("sys:exit", 0), dict(fires="no effect to see")),
        ("os-exit", "process", c("posix:_exit", 0), dict(fires="no effect to see")),
        ("gc-get-objects", F + "unsafe imports", c("gc:get_objects"),
         dict(fires="no effect to see")),
        ("gc-callbacks", "gc calls its list", then(append(g("gc:callbacks"), c(
            "functools:partial", g("builtins:exec"), CODE)), c("gc:collect")),
         dict(fires=False)),
        ("defaultdict-factory", GAME + "299", c("operator:getitem", c(
            "collections:defaultdict", c("functools:partial", g("os:system"), COMMAND)), "x")),
        ("defaultdict-missing-chainmap", GAME + "299", c("operator:getitem", c(
            "collections:ChainMap", c("collections:defaultdict", c(
                "functools:partial", g("os:system"), COMMAND))), "x")),
        ("defaultdict-format-map", GAME + "template", c("builtins:str.format_map", "{x}", c(
            "collections:defaultdict", c("functools:partial", g("os:system"), COMMAND)))),
        ("template-substitute", GAME + "template", c("string:Template.substitute", c(
            "string:Template", "$x"), c("collections:defaultdict", c(
                "functools:partial", g("os:system"), COMMAND)))),
        ("copyreg-pickle-dispatch", "copyreg", c("copyreg:pickle", g("builtins:int"), g(
            "os:system")), dict(fires="no effect to see")),
        ("logging-filter", GAME + "73", c("logging:Filterer.filter", build(new(
            "logging:Filterer"), {"filters": [g("os:system")]}), COMMAND)),
        ("unittest-functiontestcase", "unittest", c("unittest.case:FunctionTestCase.runTest", c(
            "unittest.case:FunctionTestCase", c("functools:partial", g("os:system"),
                                                COMMAND)))),
        ("codecs-register", "codecs", then(c("codecs:register", g("os:system")), c(
            "codecs:lookup", "pratique")), dict(fires="effect")),
        ("ast-nodevisitor", "ast", c("ast:NodeVisitor.visit", build(new("ast:NodeVisitor"), {
            "visit_str": g("os:system")}), COMMAND)),
        ("cmd-onecmd", "cmd", c("cmd:Cmd.onecmd", build(new("cmd:Cmd"), {"do_x": g(
            "os:system")}), "x " + COMMAND)),
        ("string-formatter-vformat", "string", c("string:Formatter.vformat", build(new(
            "string:Formatter"), {"get_value": g("os:system")}), "{0}", (), {}),
         dict(fires=False)),
    ])


def thread(how):
    t = memo(0, call("threading:Thread", None, g("os:system"), None, (COMMAND,)))
    steps = [t, call("threading:Thread." + how, get(0))]
    if how == "start":
        steps.append(call("threading:Thread.join", get(0)))
    return then(*steps)


def sched():
    s = memo(0, call("sched:scheduler"))
    return then(s, call("sched:scheduler.enter", get(0), 0, 1, g("os:system"), (COMMAND,)),
                call("sched:scheduler.run", get(0)))


def future():
    f = memo(0, call("concurrent.futures:Future"))
    return then(f, call("concurrent.futures:Future.add_done_callback", get(0),
                        g("builtins:exec")),
                call("concurrent.futures:Future.set_result", get(0), 1))


def exitstack():
    s = memo(0, call("contextlib:ExitStack"))
    return then(s, call("contextlib:ExitStack.callback", get(0), g("os:system"), COMMAND),
                call("contextlib:ExitStack.close", get(0)))


def planted(case):
    """Calls that no REDUCE makes: methods planted on what lies on the stack."""
    ref = "CPython Modules/_pickle.c: do_append, do_setitems, load_additems, load_build"
    ns = lambda **kw: build(new("types:SimpleNamespace"), kw)
    an = lambda **kw: build(new("argparse:Namespace"), kw)
    f, x = g("os:system"), g("builtins:exec")
    bare = Op(sglob("builtins", "type"))
    cls = lambda d, base=(): call(bare, "X", base, d)
    part = call("functools:partial", f, COMMAND)
    simple(case, "planted", [
        ("append", ref, append(ns(append=f), COMMAND)),
        ("append-argparse", ref, append(an(append=f), COMMAND)),
        ("appends", ref, Op(ns(append=f) + b"(" + text(COMMAND) + b"e")),
        ("appends-extend", ref, Op(ns(extend=g("subprocess:call")) + b"(" +
                                   b"".join(map(push, SH)) + b"e")),
        ("additems", ref, Op(ns(add=f) + b"(" + text(COMMAND) + b"\x90")),
        ("setitem", ref, setitem(call(cls({"__setitem__": g("builtins:exec")})), CODE, {})),
        ("setitems", ref, Op(call(cls({"__setitem__": g("builtins:exec")})) + b"(" +
                             text(CODE) + push({}) + b"u")),
        ("setstate-instance", ref, build(ns(__setstate__=f), COMMAND)),
        ("setstate-argparse", ref, build(an(__setstate__=f), COMMAND)),
        ("setstate-class", ref, build(call(cls({"__setstate__": f})), COMMAND)),
        ("setstate-slots", ref, build(build(new("argparse:Namespace"), (None, {
            "__setstate__": f})), COMMAND)),
        ("getattr-class", ref, build(call(cls({"__getattr__": f})), {"a": 1}),
         dict(fires="effect")),
        ("getattr-partial", ref, build(call(cls({"__getattr__": call(
            "functools:partial", x, CODE)})), {"a": 1}), dict(fires=False)),
        ("hash-as-key", ref, setitem(Op(b"}"), call(cls({"__hash__": part})), 1)),
        ("hash-in-set", ref, Op(b"\x8f(" + call(cls({"__hash__": part})) + b"\x90")),
        ("hash-in-frozenset", ref, Op(b"(" + call(cls({"__hash__": part})) + b"\x91")),
        ("eq-in-dict", ref, Op(b"}" + push(1) + push(1) + b"s" + call(cls({
            "__hash__": call("functools:partial", g("builtins:int"), 1),
            "__eq__": f})) + push(2) + b"s"), dict(fires=False)),
        ("str-subclass-hash", ref, setitem(Op(b"}"), call(cls({"__hash__": part}, (
            g("builtins:str"),)), "k"), 1)),
        ("del-on-pop", ref, then(call(cls({"__del__": part})), 1)),
        ("call-planted", ref, call(call(cls({"__call__": f})), COMMAND)),
        ("new-planted", ref, new(cls({"__new__": call("functools:partial", g("builtins:map"),
                                                      f)}), [COMMAND]),
         dict(fires="no effect to see")),
        ("init-planted", ref, call(cls({"__init__": f}), COMMAND)),
        ("init-subclass", ref, call("builtins:type", "Y", (cls({"__init_subclass__": part}),),
                                    {})),
        ("newobj-init-subclass", ref, new("builtins:type", "Y", (cls({
            "__init_subclass__": part}),), {})),
        ("newobj-type", ref, call(new("builtins:type", "X", (), {"__init__": f}), COMMAND)),
        ("set-name", ref, call("builtins:type", "Y", (), {"a": call(cls({"__set_name__": g(
            "builtins:exec")}))}), dict(fires=False)),
        ("class-getitem", ref, call("operator:getitem", cls({"__class_getitem__": f}),
                                    COMMAND)),
        ("iter-planted", ref, call("builtins:list", call(cls({"__iter__": part})))),
        ("len-planted", GAME + "105", call("builtins:len", call(cls({"__len__": part})))),
        ("repr-planted", GAME + "105", call("builtins:repr", call(cls({"__repr__": part})))),
        ("operator-add-planted", GAME + "91", call("operator:add", call(cls({"__add__": f})),
                                                   COMMAND)),
        ("operator-lt-planted", GAME + "87", call("operator:lt", call(cls({"__lt__": f})),
                                                  COMMAND)),
        ("fspath-planted", GAME + "107", call("io:open", call(cls({"__fspath__": part})))),
        ("index-planted", "python data model", call("builtins:range", call(cls({
            "__index__": part})))),
        ("instancecheck", "python data model", call("builtins:isinstance", 1, call(
            call("builtins:type", "M", (g("builtins:type"),), {"__instancecheck__": call(
                "functools:partial", f, COMMAND)}), "X", (), {})), dict(fires=False)),
        ("mro-planted", "python data model", call(call("builtins:type", "M", (
            g("builtins:type"),), {"mro": call("functools:partial", f, COMMAND)}), "X", (),
            {})),
        ("class-setattr-build", ref, build(build(cls({}), (None, {"__setstate__": f})),
                                           COMMAND)),
        ("namespace-pop-key", ref, append(build(new("optparse:Values"), {"append": f}),
                                          COMMAND)),
        ("unittest-mock-extend", ref, Op(build(call("unittest.mock:NonCallableMock"), (
            None, {"extend": g("subprocess:call")})) + b"(" + b"".join(map(push, SH)) + b"e")),
        ("exception-instance-append", ref, append(build(call("builtins:Exception"), {
            "append": f}), COMMAND)),
        ("threading-local-append", ref, append(build(call("threading:local"), (None, {
            "append": f})), COMMAND)),
        ("function-attribute-append", ref, append(build(g("statistics:mean"), (None, {
            "append": f})), COMMAND)),
        ("class-attribute-append", ref, append(build(g("argparse:Namespace"), (None, {
            "append": f})), COMMAND)),
        ("allowed-class-append", ref, append(build(new("collections:OrderedDict"), (None, {
            "append": f})), COMMAND)),
        ("allowed-class-dict-append", ref, append(build(call("collections:OrderedDict"), {
            "append": f}), COMMAND)),
        ("dict-subclass-setitem", ref, setitem(build(g("collections:UserDict"), (None, {
            "__setitem__": g("builtins:exec")})), CODE, {}), dict(fires=False)),
        ("patched-class-method", "BUILD with a slot state on a class", then(build(g(
            "json:JSONDecoder"), (None, {"decode": f})), build(g("fractions:Fraction"), (None, {
                "__setstate__": f})), build(new("fractions:Fraction"), COMMAND))),
        ("patched-allowed-class", "BUILD with a slot state on a class", then(build(g(
            "collections:UserDict"), (None, {"__setstate__": f})), build(new(
                "collections:UserDict"), COMMAND))),
        ("patched-namedtuple-new", "BUILD with a slot state on a class", then(build(g(
            "fractions:Fraction"), (None, {"__new__": g("builtins:map")})), new(
                "builtins:tuple", new("fractions:Fraction", f, [COMMAND]))), dict(fires=False)),
    ])


def state(case):
    """Process-wide tables changed in place, through globals."""
    table = []
    ref = "CTF pyshv, picklescan sys_module_override_sploit"
    hook = then(append(g("sys:path_hooks"), g("os:system")), append(g("sys:path"), COMMAND),
                sglob("pratique_absent", "x"))
    table += [
        ("sys-path-append", "issue 3", append(g("sys:path"), "pratique-folder"), "effect"),
        ("sys-path-appends", "issue 3", Op(g("sys:path") + b"(" + text("pratique-folder") +
                                           b"e"), "effect"),
        ("sys-path-hooks", "no REDUCE: the importer calls the hook", hook, True),
        ("sys-modules-setitem", ref, then(setitem(g("sys:modules"), "pratique", g("logging:os")),
                                          call("pratique:system", COMMAND)), True),
        ("sys-modules-shadow-json", ref, then(setitem(g("sys:modules"), "json", g("logging:os")),
                                              call("json:system", COMMAND)), True),
        ("sys-modules-shadow-collections", ref, then(
            setitem(g("sys:modules"), "collections", build(new("types:SimpleNamespace"), {
                "OrderedDict": g("os:system")})),
            call("collections:OrderedDict", COMMAND)), True),
        ("sys-modules-shadow-torch", ref, then(
            setitem(g("sys:modules"), "torch", g("logging:os")),
            setitem(g("sys:modules"), "torch._utils", build(new("types:SimpleNamespace"), {
                "_rebuild_tensor_v2": g("os:system")})),
            call("torch._utils:_rebuild_tensor_v2", COMMAND)), True),
        ("sys-modules-update", ref, then(call("sys:modules.update", {"pratique": g(
            "logging:os")}), call("pratique:system", COMMAND)), True),
        ("os-environ-setitem", "issue 3", setitem(g("os:environ"), "PRATIQUE_X", "1"), "effect"),
        ("os-environ-path", "issue 3", setitem(g("os:environ"), "PATH", "."), "effect"),
        ("builtins-dict-setitem", "modelscan issue 89", then(setitem(g("builtins:__dict__"),
         "pratique", g("os:system")), call("builtins:pratique", COMMAND)), True),
        ("builtins-overwrite-len", "modelscan issue 89", then(setitem(g("builtins:__dict__"),
         "str", g("os:system")), call("builtins:str", COMMAND)), True),
        ("module-dict-setitem", "modelscan issue 89", then(setitem(g("statistics:__dict__"),
         "mean", g("os:system")), call("statistics:mean", COMMAND)), True),
        ("module-build", "modelscan issue 85", then(build(g("logging:os"), {"pratique": g(
            "builtins:exec")}), call("os:pratique", CODE)), True),
        ("module-build-slots", "modelscan issue 85", then(build(g("logging:weakref"), (None, {
            "ref": g("os:system")})), call("weakref:ref", COMMAND)), True),
        ("global-attribute-names", "modelscan issue 85", then(build(g("statistics:mean"), (
            None, {"a": "os", "b": "system"})), call(Op(g("statistics:mean.a") + g(
                "statistics:mean.b") + b"\x93"), COMMAND)), True),
        ("numpy-shape-builtins", "modelscan issue 330", then(build(g("statistics:mean"), (
            None, {"shape": g("json:__builtins__")})), call(call(
                "statistics:mean.shape.get", "exec"), CODE)), True),
        ("copyreg-add-extension", "issue 3", then(call("copyreg:add_extension", "os", "system",
         240), Op(b"\x82\xf0" + tup(COMMAND) + b"R")), True),
        ("copyreg-inverted-registry", "issue 3: no REDUCE before EXT1", Op(then(setitem(g(
            "copyreg:_inverted_registry"), 241, ("os", "system")), Op(
                b"\x82\xf1" + tup(COMMAND) + b"R"))), True),
        ("copyreg-extension-cache", "issue 3: no REDUCE before EXT2", then(setitem(g(
            "copyreg:_extension_cache"), 4242, g("os:system")), Op(
                b"\x83\x92\x10" + tup(COMMAND) + b"R")), True),
        ("copyreg-ext4", "issue 3", then(setitem(g("copyreg:_inverted_registry"), 100000, (
            "os", "system")), Op(b"\x84\xa0\x86\x01\x00" + tup(COMMAND) + b"R")), True),
        ("fix-imports-table", "the C unpickler's own name tables", then(setitem(g(
            "_compat_pickle:IMPORT_MAPPING"), "pratique", "os"), 1), "no effect to see"),
        ("copyreg-dispatch-table", "copyreg", setitem(g("copyreg:dispatch_table"), g(
            "builtins:int"), g("os:system")), "no effect to see"),
        ("linecache-cache", "linecache", setitem(g("linecache:cache"), "x", (1, None, ["x"],
                                                                            "x")),
         "no effect to see"),
        ("sys-meta-path", "importer", append(g("sys:meta_path"), build(new(
            "types:SimpleNamespace"), {"find_spec": g("os:system")})), "no effect to see"),
        ("warnings-filters", "quiet", append(g("warnings:filters"), ("ignore", None, g(
            "builtins:Warning"), None, 0)), "no effect to see"),
        ("sys-argv", "process", append(g("sys:argv"), "pratique"), "no effect to see"),
        ("user-base-class-dict", "class patched", build(g("argparse:Namespace"), (None, {
            "__eq__": g("os:system")})), "no effect to see"),
        ("atexit-dict", "class patched", build(g("pickle:Unpickler"), (None, {})),
         "no effect to see"),
    ]
    for name, r, op, fires in table:
        case(name, "process state", r, p4(op), fires=fires)


def nested(case):
    inner = evil()
    ref = "modelscan issue 267, picklescan malicious13"
    c = call
    z, b, xz = zlib.compress(inner), bz2.compress(inner), lzma.compress(inner)
    simple(case, "nested", [
        ("pickle-loads", ref, c("pickle:loads", inner)),
        ("pickle-c-loads", ref, c("_pickle:loads", inner)),
        ("pickle-py-loads", ref, c("pickle:_loads", inner)),
        ("pickle-load-bytesio", ref, c("pickle:load", c("io:BytesIO", inner))),
        ("pickle-unpickler-load", ref, c("pickle:Unpickler.load", c("pickle:Unpickler", c(
            "io:BytesIO", inner)))),
        ("pickle-py-unpickler", ref, c("pickle:_Unpickler.load", c("pickle:_Unpickler", c(
            "io:BytesIO", inner)))),
        ("pickle-find-class", "Unpickler.find_class", c(c("pickle:Unpickler.find_class", c(
            "pickle:Unpickler", c("io:BytesIO", b"")), "os", "system"), COMMAND)),
        ("loads-base64", "base64 layer", c("pickle:loads", c("base64:b64decode",
         base64.b64encode(inner)))),
        ("loads-base85", "base85 layer", c("pickle:loads", c("base64:b85decode",
         base64.b85encode(inner)))),
        ("loads-hex", "hex layer", c("pickle:loads", c("binascii:unhexlify", inner.hex()))),
        ("loads-bytes-fromhex", "hex layer", c("pickle:loads", c("builtins:bytes.fromhex",
                                                               inner.hex()))),
        ("loads-zlib", MS338, c("pickle:loads", c("zlib:decompress", z))),
        ("loads-bz2", "bz2 layer", c("pickle:loads", c("bz2:decompress", b))),
        ("loads-lzma", "lzma layer", c("pickle:loads", c("lzma:decompress", xz))),
        ("loads-codecs-zlib", "codecs layer", c("pickle:loads", c("codecs:decode", z, "zlib"))),
        ("loads-codecs-hex", "codecs layer", c("pickle:loads", c("_codecs:decode",
         inner.hex().encode(), "hex"))),
        ("loads-codecs-base64", "codecs layer", c("pickle:loads", c("codecs:decode",
         base64.encodebytes(inner), "base64"))),
        ("loads-latin1-encode", "codecs layer", c("pickle:loads", c("_codecs:encode",
         inner.decode("latin1"), "latin1"))),
        ("exec-zlib-base64", MS338, c("builtins:exec", c("zlib:decompress", c(
            "base64:b64decode", base64.b64encode(zlib.compress(CODE.encode())))))),
        ("exec-rot13", "codecs layer", c("builtins:exec", c("codecs:decode", codecs.encode(
            CODE, "rot13"), "rot13"))),
        ("loads-in-loads", "two layers", c("pickle:loads", p4(c("pickle:loads", inner)))),
        ("loads-bytearray", "bytearray argument", c("pickle:loads", Op(
            b"\x96" + len(inner).to_bytes(8, "little") + inner))),
        ("loads-concatenated", "built by an operator", c("pickle:loads", c(
            "operator:add", inner[:9], inner[9:]))),
        ("loads-joined", "built by join", c("pickle:loads", c("builtins:bytes.join", b"", [
            inner[:7], inner[7:]]))),
        ("forking-pickler-loads", "multiprocessing", c(
            "multiprocessing.reduction:ForkingPickler.loads", inner)),
        ("multiprocessing-loads", "multiprocessing", c("_pickle:loads", inner)),
        ("marshal-loads-only", F + "GHSA-565g-hwwr-4pp3", c("marshal:loads", marshal.dumps(1)),
         dict(fires="no effect to see")),
        ("cpickle-loads", "python 2 name", Op(glob("cPickle", "loads") + b"T" + len(
            inner).to_bytes(4, "little") + inner + b"\x85R"), dict(needs="python2", p=2)),
        ("dill-loads", "modelaudit rules", c("dill:loads", inner), GONE("dill")),
        ("dill-private-loads", "modelaudit rules", c("dill._dill:loads", inner), GONE("dill")),
        ("cloudpickle-loads", "modelaudit rules", c("cloudpickle:loads", inner),
         GONE("cloudpickle")),
        ("joblib-load", "CVE-2020-13092", c("joblib:load", c("io:BytesIO", inner)),
         GONE("joblib")),
        ("joblib-numpy-pickle-load", "CVE-2024-34997", c("joblib.numpy_pickle:load", c(
            "io:BytesIO", inner)), GONE("joblib")),
        ("pandas-read-pickle", "picklescan TODO", c("pandas:read_pickle", c("io:BytesIO",
                                                                          inner)),
         GONE("pandas")),
        ("pandas-io-pickle-read", "picklescan TODO", c("pandas.io.pickle:read_pickle", c(
            "io:BytesIO", inner)), GONE("pandas")),
        ("numpy-load-bytesio", "CVE-2019-6446", numpy_load(inner), GONE("numpy")),
        ("numpy-read-array", "CVE-2019-6446", c("numpy.lib.format:read_array", c("io:BytesIO",
         npy_object(inner)), True), GONE("numpy")),
        ("torch-load-from-bytes", "fickling UnsafeImportsML", c("torch.storage:_load_from_bytes",
                                                               torch_legacy(inner)),
         GONE("torch")),
        ("torch-load", PS + "malicious19", new_call_kw("torch:load", [c(
            "io:BytesIO", torch_legacy(inner))], {"weights_only": False}), GONE("torch")),
        ("yaml-unsafe-load", GAME + "127", c("yaml:unsafe_load",
         "!!python/object/apply:os.system ['%s']" % COMMAND.replace("'", "''")), GONE("yaml")),
        ("jsonpickle-decode", "jsonpickle", c("jsonpickle:decode", '{"py/reduce":[]}'),
         GONE("jsonpickle")),
        ("shelve-bsddb", "shelve", c("shelve:DbfilenameShelf", "pratique-out"),
         dict(fires="effect")),
    ])
    case("loads-str-latin1-protocol0", "nested", ref,
         b"c_pickle\nloads\n(c_codecs\nencode\n(V" +
         inner.decode("latin1").replace("\\", "\\u005c").replace("\n", "\\u000a")
         .encode("raw_unicode_escape") + b"\nVlatin1\ntRtR.")


def npy_object(inner):
    head = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
    head += " " * (-(len(head) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head.encode() + inner


def numpy_load(inner):
    return new_call_kw("numpy:load", [call("io:BytesIO", npy_object(inner))],
                       {"allow_pickle": True})


def torch_legacy(inner):
    magic = 0x1950a86a20f9469cfc6c
    info = {"protocol_version": 1001, "little_endian": True, "type_sizes": {
        "short": 2, "int": 4, "long": 4}}
    return proto(2, push(magic)) + proto(2, push(1001)) + proto(2, push_dict2(info)) + inner


def push_dict2(d):
    body = b""
    for k, v in d.items():
        body += b"X" + len(k).to_bytes(4, "little") + k.encode()
        body += push_dict2(v) if isinstance(v, dict) else bytes(push(v))
    return Op(b"}(" + body + b"u")


def exhaust(case):
    """Plain constructors that never end, or take all memory, from a few bytes."""
    c, ref = call, "endless arguments to constructors that only build data"
    hold = dict(fires="no effect to see", hold_ok=True, load="none")
    simple(case, "exhaustion", [
        ("list-of-count", ref, c("builtins:list", c("itertools:count")), hold),
        ("list-of-repeat", ref, c("builtins:list", c("itertools:repeat", 0)), hold),
        ("tuple-of-product", ref, c("builtins:tuple", c("itertools:product", *[[0] * 50] * 6)),
         hold),
        ("frozenset-of-count", ref, new("builtins:frozenset", c("itertools:count")), hold),
        ("deque-of-cycle", ref, c("collections:deque", c("itertools:cycle", [1])), hold),
        ("counter-of-count", ref, c("collections:Counter", c("itertools:count")), hold),
        ("list-of-addresses", ref, c("builtins:list", c("ipaddress:IPv6Network", "::/0")), hold),
        ("bytes-of-a-number", ref, c("builtins:bytes", 1 << 36), hold),
        ("bytearray-of-a-number", ref, c("builtins:bytearray", 1 << 36), hold),
        ("int-of-decimal", ref, c("builtins:int", c("decimal:Decimal", "1e999999999")), hold),
        ("fraction-of-text", ref, c("fractions:Fraction", "1e99999999"), hold),
        ("list-through-torch", ref, c("torch._tensor:_rebuild_from_type_v2", g("builtins:list"),
                                      g("builtins:list"), (c("itertools:count"),), {}),
         dict(hold, needs="torch")),
    ])


def dtype(code, state):
    return build(call("numpy:dtype", code, False, True), state)


def ndarray(dt, data, n=1):
    return build(call("numpy._core.multiarray:_reconstruct", g("numpy:ndarray"), (0,), b"b"),
                 (1, (n,), dt, False, data))


def libraries(case):
    c = call
    lib = lambda name, **kw: dict(needs=name, **kw)
    old_torch = lib("torch<2.7")
    T, N, P, S, K = lib("torch"), lib("numpy"), lib("pandas"), lib("scipy"), lib("sklearn")
    e = lambda name: lib(name, fires="effect")
    see = lambda name, **kw: lib(name, fires="no effect to see", **kw)
    simple(case, "torch", [
        ("bottleneck-cprofile", PS + "GHSA-4r9r-ch6f-vxmx",
         c("torch.utils.bottleneck.__main__:run_cprofile", CODE, {}), old_torch),
        ("bottleneck-autograd", PS + "GHSA-4whj-rm5r-c2v8",
         c("torch.utils.bottleneck.__main__:run_autograd_prof", CODE, {}), old_torch),
        ("dynamo-guardbuilder-get", PS + "GHSA-86cj-95qr-2p4f",
         c("torch._dynamo.guards:GuardBuilder.get", {}, EXPR),
         lib("torch._dynamo+torch<2.7")),
        ("shapeenv-guards", PS + "GHSA-f4x7-rfwp-v3xw",
         c("torch.fx.experimental.symbolic_shapes:ShapeEnv.evaluate_guards_expression", {},
           EXPR, []), T),
        ("collect-env-run", PS + "GHSA-f745-w6jp-hpxx; " + MS338,
         c("torch.utils.collect_env:run", COMMAND), T),
        ("collect-env-read-all", PS + "GHSA-jhph-76pp-mggw",
         c("torch.utils.collect_env:run_and_read_all", g("torch.utils.collect_env:run"),
           COMMAND), T),
        ("collect-env-indirect", MS338, c("torch.library:torch.utils.collect_env.run", COMMAND),
         T),
        ("datapipes-basichandlers", PS + "GHSA-h3qp-7fh3-f8h4",
         c("torch.utils.data.datapipes.utils.decoder:basichandlers", "pickle", evil()), T),
        ("execwrapper", PS + "GHSA-vr7h-p6mm-wpmh",
         c("torch.jit.unsupported_tensor_ops:execWrapper", CODE, {}, {}), T),
        ("configmodule-load", PS + "GHSA-vv6j-3g6g-2pvj",
         c("torch.utils._config_module:ConfigModule.load_config", {}, evil()), T),
        ("inductor-compile-file", PS + "malicious17",
         c("torch._inductor.codecache:compile_file", "", "", ["sh", "-c", COMMAND]),
         lib("torch._inductor+torch<2.7")),
        ("rebuild-from-type-v2", "calls its first argument",
         c("torch._tensor:_rebuild_from_type_v2", g("os:system"), g("builtins:int"), (COMMAND,),
           {}), T),
        ("rebuild-from-type", "calls its first argument",
         c("torch._tensor:_rebuild_from_type", g("os:system"), g("builtins:int"), (COMMAND,),
           {}), T),
        ("rebuild-from-type-v2-exec-free", "a callable that no list names",
         c("torch._tensor:_rebuild_from_type_v2", g(
             "torch.utils.collect_env:run"), g("builtins:int"), (COMMAND,), {}), T),
        ("fx-reduce-graph-module", "torch.fx executes the source it holds",
         c("torch.fx.graph_module:reduce_graph_module", {"_code": "def forward(self): pass\n",
           "_graphmodule_cls_name": "X"}, CODE + "\n"), T),
        ("fx-forward-from-src", "torch.fx executes the source it holds",
         c("torch.fx.graph_module:_exec_with_source", CODE, {}), T),
        ("fx-format-import", "torch.fx", c("torch.fx.graph_module:_forward_from_src",
         CODE + "\ndef forward(self): pass", {}), T),
        ("jit-parse-type-line", "CVE-2022-45907",
         c("torch.jit.annotations:parse_type_line", "# type: (" + EXPR + ") -> None", None, 0),
         lib("torch<1.13")),
        ("hub-load", F + "UnsafeImportsML", c("torch.hub:load", "x/y", "z"), e("torch")),
        ("hub-download", F + "UnsafeImportsML",
         c("torch.hub:download_url_to_file", URL, MARKER), e("torch")),
        ("hub-load-state-dict", F + "UnsafeImportsML",
         c("torch.hub:load_state_dict_from_url", URL), e("torch")),
        ("jit-load", F + "UnsafeImportsML", c("torch.jit:load", VICTIM), see("torch")),
        ("torch-compile", F + "UnsafeImportsML", c("torch:compile", g("os:system")),
         see("torch")),
        ("ops-load-library", "torch", c("torch:ops.load_library", VICTIM), see("torch")),
        ("classes-load-library", "torch", c("torch:classes.load_library", VICTIM), see("torch")),
        ("cpp-extension-load", "torch", c("torch.utils.cpp_extension:load", "x", VICTIM),
         see("torch")),
        ("package-importer", "torch.package", c("torch.package:PackageImporter", VICTIM),
         see("torch")),
        ("distributed-rpc-unpickle", "CVE-2024-5480",
         c("torch.distributed.rpc.internal:deserialize", evil(), []), T),
        ("distributed-object-tensor", "torch.distributed",
         c("torch.distributed.distributed_c10d:_tensor_to_object", c(
             "torch:ByteTensor", list(evil())), len(evil()), None), T),
        ("rendezvous-etcd", F + "UnsafeImportsML",
         c("torch.distributed.elastic.rendezvous.api:basichandlers", "x"), see("torch")),
        ("multiprocessing-rebuild-storage", "opens a file of the loader's choice",
         c("torch.multiprocessing.reductions:rebuild_storage_filename", g(
             "torch:FloatStorage"), b"x", b"pratique", 4), see("torch")),
        ("multiprocessing-rebuild-cuda", "opens a device handle",
         c("torch.multiprocessing.reductions:rebuild_cuda_tensor"), see("torch")),
        ("untyped-storage-from-file", "maps a file for writing",
         c("torch:UntypedStorage.from_file", MARKER, True, 16), T),
        ("tensor-from-file", "maps a file for writing", c("torch:from_file", MARKER, True, 16),
         T),
        ("torch-save", "writes a file", c("torch:save", {}, MARKER), T),
        ("module-apply", "calls its argument", c("torch.nn:Module.apply", call(
            "torch.nn:Module"), c("functools:partial", g("builtins:exec"), CODE)),
         lib("torch", fires=False)),
        ("overrides-wrap", "calls its argument", c(c("torch.overrides:wrap_torch_function",
         g("builtins:tuple")), COMMAND), see("torch")),
        ("checkpoint", "calls its argument", c("torch.utils.checkpoint:checkpoint", g(
            "os:system"), COMMAND), T),
        ("tree-map", "calls its argument", c("torch.utils._pytree:tree_map", g("os:system"),
                                             COMMAND), T),
        ("data-loader-collate", "calls its argument", c("builtins:list", c(
            "torch.utils.data:DataLoader", [COMMAND], 1, False, None, None, 0, g("os:system"))),
         lib("torch", fires=False)),
        ("autograd-profiler", "writes a file", c("torch.autograd.profiler:load_nvprof", VICTIM),
         lib("torch", fires="no effect to see", hold_ok=True)),
        ("remote-module", "CVE-2024-48063", c(
            "torch.distributed.nn.api.remote_module:_recursive_script_module_receiver", b""),
         see("torch", hold_ok=True)),
        ("nn-module-hooks", "hooks run on use", build(new("torch.nn.modules.linear:Linear"), {
            "_forward_hooks": call("collections:OrderedDict", [(0, g("builtins:exec"))])}),
         see("torch")),
        ("torch-serialization-load", PS + "README", new_call_kw(
            "torch.serialization:load", [c("io:BytesIO", torch_legacy(evil()))],
            {"weights_only": False}), T),
        ("set-default-dtype", "process state", c("torch:set_default_device", "cpu"),
         see("torch", hold_ok=True)),
        ("triton-compile", "torch inductor", c(
            "torch._inductor.runtime.compile_tasks:_reload_python_module", "k", VICTIM),
         see("torch")),
        ("pycodecache-load", "torch inductor", c("torch._inductor.codecache:PyCodeCache.load",
                                                 CODE), T),
    ])
    f8 = c("numpy:dtype", "f8", False, True)
    simple(case, "numpy", [
        ("runstring", PS + "malicious22", c("numpy.testing._private.utils:runstring", CODE, {}),
         N),
        ("getlincoef", PS + "GHSA-r8g5-cgf2-4m4m",
         c("numpy.f2py.crackfortran:getlincoef", EXPR, []), N),
        ("eval-length", PS + "GHSA-cffc-mxrf-mhh4",
         c("numpy.f2py.crackfortran:_eval_length", EXPR, {}), N),
        ("param-eval", PS + "GHSA-rrxm-2pvv-m66x",
         c("numpy.f2py.crackfortran:param_eval", EXPR, {}, {}), N),
        ("f2py-eval-scalar", PS + "GHSA-6556-fwc2-fg2p",
         c("numpy.f2py.crackfortran:_eval_scalar", EXPR, {}), N),
        ("capi-maps-load", PS + "README",
         c("numpy.f2py.capi_maps:load_f2cmap_file", VICTIM), e("numpy")),
        ("myeval", PS + "README", c("numpy.f2py.crackfortran:myeval", EXPR), N),
        ("f2py-compile", "runs a compiler", c("numpy.f2py:compile", "x"),
         lib("numpy<2", fires="effect")),
        ("f2py-diagnose", "prints", c("numpy.f2py.diagnose:run"), see("numpy")),
        ("measure", "evaluates its argument", c("numpy.testing:measure", CODE), N),
        ("rundocs", "runs doctests of a file", c("numpy.testing:rundocs", VICTIM),
         see("numpy")),
        ("assert-raises", "calls its argument", c("numpy.testing:assert_raises", g(
            "builtins:Exception"), g("os:system"), COMMAND), N),
        ("assert-warns", "calls its argument", c("numpy.testing:assert_warns", g(
            "builtins:Warning"), g("os:system"), COMMAND), N),
        ("assert-array-compare", "calls its argument",
         c("numpy.testing._private.utils:assert_array_compare", g("builtins:eval"), EXPR, EXPR),
         lib("numpy", fires=False)),
        ("vectorize", "calls its argument", c(c("numpy:vectorize", g("os:system")), COMMAND), N),
        ("frompyfunc", "calls its argument", c(c("numpy:frompyfunc", g("os:system"), 1, 1),
                                               COMMAND), N),
        ("apply-along-axis", "calls its argument", c("numpy:apply_along_axis", g("os:system"),
         0, [COMMAND]), lib("numpy", fires=False)),
        ("fromfunction", "calls its argument", c("numpy:fromfunction", g("builtins:exec"), (1,)),
         lib("numpy", fires=False)),
        ("piecewise", "calls its argument", c("numpy:piecewise", [1.0], [True], [c(
            "operator:methodcaller", "tofile", MARKER)]), N),
        ("ufunc-reconstruct", "imports any name: numpy's own pickle helper",
         c(c("numpy.core:_ufunc_reconstruct", "os", "system"), COMMAND), N),
        ("ufunc-reconstruct-private", "imports any name: numpy's own pickle helper",
         c(c("numpy._core:_ufunc_reconstruct", "os", "system"), COMMAND),
         dict(fires="no effect to see", needs="numpy")),
        ("ufunc-reconstruct-only", "imports any module",
         c("numpy.core:_ufunc_reconstruct", "antigravity", "geohash"), N),
        ("generator-ctor", "calls its second argument",
         c("numpy.random._pickle:__generator_ctor", COMMAND, g("os:system")), N),
        ("randomstate-ctor", "calls its second argument",
         c("numpy.random._pickle:__randomstate_ctor", COMMAND, g("os:system")), N),
        ("bit-generator-ctor", "calls its argument",
         c("numpy.random._pickle:__bit_generator_ctor", g("builtins:breakpoint")),
         see("numpy")),
        ("memmap-newobj", "creates a file in __new__",
         new("numpy:memmap", MARKER, "u1", "w+", 0, (4,)), N),
        ("memmap-reduce", "creates a file", c("numpy:memmap", MARKER, "u1", "w+", 0, (4,)), N),
        ("memmap-newobj-ex", "creates a file in __new__",
         new_ex("numpy:memmap", (MARKER,), {"mode": "w+", "shape": (4,)}), N),
        ("memmap-open", "creates a file", c("numpy.lib.format:open_memmap", MARKER, "w+", None,
                                            (4,)), N),
        ("reconstruct-memmap", "numpy", c("numpy._core.multiarray:_reconstruct", g(
            "numpy:memmap"), (0,), b"b"), see("numpy", hold_ok=True)),
        ("fromfile", "reads a file", c("numpy:fromfile", VICTIM), e("numpy")),
        ("loadtxt", "reads a file or a URL", c("numpy:loadtxt", VICTIM), e("numpy")),
        ("genfromtxt", "reads a file or a URL", c("numpy:genfromtxt", URL), e("numpy")),
        ("datasource", "fetches a URL", c("numpy.lib.npyio:DataSource.open", c(
            "numpy.lib.npyio:DataSource"), URL), e("numpy")),
        ("save", "writes a file", c("numpy:save", MARKER, [1]), e("numpy")),
        ("savetxt", GAME + "125", c("numpy:savetxt", MARKER, [1]), N),
        ("savez", "writes a file", c("numpy:savez", MARKER, [1]), e("numpy")),
        ("ndarray-tofile", "writes a file", c("numpy:ndarray.tofile", c("numpy:array", [1]),
                                              MARKER), N),
        ("ndarray-dump", "writes a file", c("numpy:ndarray.dump", c("numpy:array", [1]), MARKER),
         N),
        ("ctypeslib-load", "loads a library", c("numpy.ctypeslib:load_library", "libc.so.6",
                                                "/lib"), see("numpy")),
        ("distutils-exec", F + "UnsafeImportsML",
         c("numpy.distutils.exec_command:exec_command", COMMAND), see("numpy")),
        ("bmat", "evaluates names in a string", c("numpy:bmat", "os"), see("numpy",
                                                                          hold_ok=True)),
        ("lib-npyio-load", "CVE-2019-6446", new_call_kw("numpy.lib.npyio:load", [VICTIM],
                                                        {"allow_pickle": True}),
         lib("numpy<2", fires="effect")),
        ("memory-dtype-flags", "object pointers read from the file's bytes: crashes", ndarray(
            dtype("O8", (3, "|", None, None, None, -1, -1, 0)), b"A" * 8), see("numpy")),
        ("memory-field-is-object", "object pointers read from the file's bytes: crashes",
         ndarray(dtype("V8", (3, "|", None, ("a",), {"a": (dtype("O8", (
             3, "|", None, None, None, -1, -1, 63)), 0)}, 8, 1, 0)), b"A" * 8), see("numpy")),
        ("memory-field-offset", "a field that lies outside its record: reads and writes beyond "
         "the array, crashes on use", ndarray(dtype("V8", (3, "|", None, ("a",), {
             "a": (c("numpy:dtype", "f8", False, True), 1 << 20)}, 8, 1, 0)), b"A" * 8),
         see("numpy", hold_ok=True)),
        ("memory-field-negative", "a field before its record: shows other memory of the process",
         ndarray(dtype("V8", (3, "|", None, ("a",), {"a": (f8, -4096)}, 8, 1, 0)), b"A" * 8),
         see("numpy", hold_ok=True)),
        ("memory-field-past-item", "a field longer than its record", ndarray(dtype("V8", (
            3, "|", None, ("a",), {"a": (f8, 0)}, 4, 1, 0)), b"A" * 4), see("numpy",
                                                                          hold_ok=True)),
        ("memory-item-of-nothing", "a million records of no bytes with a field each", ndarray(
            dtype("V8", (3, "|", None, ("a",), {"a": (f8, 0)}, 0, 1, 0)), b"", 1000000),
         see("numpy", hold_ok=True)),
        ("memory-subarray", "a subarray larger than its item: crashes on use", ndarray(dtype(
            "V8", (3, "|", (f8, (1 << 20,)), None, None, 8, 1, 0)), b"A" * 8),
         see("numpy", hold_ok=True)),
        ("memory-scalar-field", "a scalar whose field lies beyond it: crashes on use", c(
            "numpy._core.multiarray:scalar", dtype("V8", (3, "|", None, ("a",), {
                "a": (f8, 1 << 30)}, 8, 1, 0)), b"A" * 8), see("numpy", hold_ok=True)),
        ("testing-private-dotted-os", "dotted name", c("numpy.testing._private.utils:os.system",
                                                       COMMAND), N),
        ("core-internal-dotted", "modelscan issue 89",
         c("numpy.lib._npyio_impl:os.system", COMMAND), N),
        ("numpy-dotted-builtins", "modelscan issue 330", c(c("numpy:__builtins__.get", "exec"),
                                                           CODE), N),
        ("nested-ndarray-object", "payload inside an object array",
         build(c("numpy._core.multiarray:_reconstruct", g("numpy:ndarray"), (0,), b"b"), (
             1, (1,), build(c("numpy:dtype", "O8", False, True), (3, "|", None, None, None, -1,
                            -1, 63)), False, [c("os:system", COMMAND)])), N),
        ("ndarray-subtype", "numpy._reconstruct of a class of the file's choice",
         c("numpy._core.multiarray:_reconstruct", g(
             "subprocess:Popen"), (0,), b"b"), see("numpy")),
        ("mareconstruct", "numpy.ma with a class of the file's choice",
         c("numpy.ma.core:_mareconstruct", g("subprocess:Popen"), g("numpy:ndarray"), (0,),
           "b"), see("numpy")),
    ])
    simple(case, "pandas", [
        ("eval", "evaluates its argument", c("pandas:eval", "@os.system"), see("pandas")),
        ("eval-python", "pandas evaluates an expression",
         new_call_kw("pandas:eval", ["x(y)"], {"engine": "python", "local_dict": {
             "x": g("os:system"), "y": COMMAND}}), P),
        ("dataframe-query", "DataFrame.query reaches attributes",
         new_call_kw("pandas:DataFrame.query", [c("pandas:DataFrame", {"a": [1]}),
                     "@x(@y) == 0"], {"engine": "python", "local_dict": {
                         "x": g("os:system"), "y": COMMAND}}), P),
        ("dataframe-eval", "DataFrame.eval", new_call_kw("pandas.core.frame:DataFrame.eval", [
            c("pandas:DataFrame", {"a": [1]}), "@x(@y)"], {"engine": "python", "local_dict": {
                "x": g("os:system"), "y": COMMAND}}), P),
        ("dataframe-apply", "calls its argument", c("pandas:Series.apply", c("pandas:Series", [
            COMMAND]), g("os:system")), P),
        ("series-map", "calls its argument", c("pandas:Series.map", c("pandas:Series", [
            COMMAND]), g("os:system")), P),
        ("pipe", "calls its argument", c(
            "pandas.core.common:pipe", COMMAND, g("os:system")), P),
        ("apply-if-callable", "calls its argument", c("pandas.core.common:apply_if_callable", g(
            "os:system"), COMMAND), P),
        ("read-csv-url", MS338, c("pandas.io.parsers.readers:read_csv", URL), e("pandas")),
        ("read-csv-file", MS338, c("pandas:read_csv", VICTIM), e("pandas")),
        ("read-html", "fetches", c("pandas:read_html", URL), see("pandas")),
        ("to-csv", "writes a file", c("pandas:DataFrame.to_csv", c("pandas:DataFrame"), MARKER),
         P),
        ("to-pickle", "writes a file", c("pandas:to_pickle", 1, MARKER), P),
        ("hdfstore", "opens a file", c("pandas:HDFStore", MARKER), see("pandas")),
        ("read-json", "reads a file or a URL", c("pandas:read_json", URL), e("pandas")),
        ("import-optional", "imports by name",
         c("pandas.compat._optional:import_optional_dependency", "antigravity"), P),
        ("new-index-class", "calls a class of the file's choice",
         c("pandas.core.indexes.base:_new_Index", g("subprocess:Popen"), {"args": SH}),
         see("pandas")),
        ("clipboard", "runs a program", c("pandas.io.clipboard:init_xclip_clipboard"),
         see("pandas")),
    ])
    exhaust(case)
    arg_template = CODE + "\ndef _parse_args(*a): return (), 0, 1\n_parse_args_stats = " \
        "_parse_args_rvs = _parse_args\n"
    simple(case, "scipy and scikit-learn", [
        ("scipy-rv-setstate", GAME + "193: __setstate__ executes its state", build(new(
            "scipy.stats._continuous_distns:norm_gen"), {"_parse_arg_template": arg_template,
                "name": "norm", "badvalue": 0, "a": 0, "b": 1, "shapes": None,
                "_ctor_param": [0] * 10}), S),
        ("scipy-norm-singleton", GAME + "195", build(g("scipy.stats:norm"), {
            "_parse_arg_template": arg_template}), S),
        ("scipy-rv-generic-dotted", GAME + "193", c(
            "scipy.stats._distn_infrastructure:rv_generic.__setstate__", new(
                "scipy.stats._continuous_distns:norm_gen"), {
                    "_parse_arg_template": arg_template}), S),
        ("scipy-lowlevelcallable", "C pointer", c("scipy:LowLevelCallable", 1), see("scipy")),
        ("scipy-minimize", "calls its argument", c("scipy.optimize:minimize_scalar", g(
            "builtins:exec")), lib("scipy", fires=False)),
        ("scipy-io-loadmat", "reads a file", c("scipy.io:loadmat", VICTIM), e("scipy")),
        ("scipy-map-wrapper", "calls its argument", c("builtins:list", c(
            "scipy._lib._util:MapWrapper.__call__", c("scipy._lib._util:MapWrapper"), g(
                "os:system"), [COMMAND])), S),
        ("scipy-functionwrapper", "calls its argument", c("scipy._lib._util:_FunctionWrapper."
         "__call__", c("scipy._lib._util:_FunctionWrapper", g("os:system"), ()), COMMAND), S),
        ("sklearn-functiontransformer", "calls on use", build(new(
            "sklearn.preprocessing._function_transformer:FunctionTransformer"), {
                "func": g("os:system"), "_sklearn_version": "1.9.1"}), see("sklearn")),
        ("sklearn-functiontransformer-fires", "calls its argument", c(
            "sklearn.preprocessing:FunctionTransformer.transform", c(
                "sklearn.preprocessing:FunctionTransformer", g("os:system")), COMMAND), K),
        ("sklearn-fetch-openml", "fetches", c("sklearn.datasets:fetch_openml", "iris"),
         e("sklearn")),
        ("sklearn-load-files", "reads files", c("sklearn.datasets:load_files", "."),
         e("sklearn")),
        ("sklearn-load-svmlight", "reads a file", c("sklearn.datasets:load_svmlight_file",
                                                    VICTIM), e("sklearn")),
        ("sklearn-newobj-helper", "newObj of a class of the file's choice", c(
            "sklearn.neighbors._kd_tree:newObj", g("subprocess:Popen")), see("sklearn")),
        ("sklearn-delayed", "calls its argument", c("builtins:list", c("joblib:Parallel.__call__",
         c("joblib:Parallel"), [(g("os:system"), (COMMAND,), {})])), lib("joblib")),
        ("sklearn-safe-indexing", "dotted name", c("sklearn.utils._testing:joblib.load", c(
            "io:BytesIO", evil())), lib("sklearn")),
        ("joblib-memory", "creates folders", c("joblib.memory:Memory", MARKER),
         lib("joblib")),
        ("joblib-dump", "writes a file", c("joblib:dump", 1, MARKER), lib("joblib")),
        ("joblib-batchedcalls", "calls its argument", c("joblib.parallel:BatchedCalls.__call__",
         c("joblib.parallel:BatchedCalls", [(g("os:system"), (COMMAND,), {})],
           ("sequential", None))), lib("joblib")),
        ("joblib-eval-expr", "evaluates", c("joblib._utils:eval_expr", "1+1"),
         see("joblib", hold_ok=True)),
        ("joblib-loky-reduction", "cloudpickle inside", c(
            "joblib.externals.cloudpickle.cloudpickle:subimport", "antigravity"),
         lib("joblib<1.6")),
        ("joblib-compat-ndarraywrapper", "reads another pickle by name", build(new(
            "joblib.numpy_pickle_compat:NDArrayWrapper"), {"filename": "../pratique.npy",
             "subclass": g("numpy:ndarray"), "allow_mmap": True}), see("joblib",
                                                                      hold_ok=True)),
        ("joblib-arraywrapper-object", "an object array is one more pickle", joblib_wrapper(),
         dict(needs="joblib", load="joblib")),
        ("skops-operatorfunc", "skops", c("skops.io:load", VICTIM), e("skops")),
    ])
    simple(case, "other libraries", [
        ("cloudpickle-subimport", "picklescan list", c("cloudpickle.cloudpickle:subimport",
                                                      "antigravity"), lib("cloudpickle")),
        ("cloudpickle-builtin-type", "picklescan list", c(
            "cloudpickle.cloudpickle:_builtin_type", "CodeType"), see("cloudpickle")),
        ("cloudpickle-make-skeleton", "cloudpickle", c(
            "cloudpickle.cloudpickle:_make_skeleton_class", g("builtins:type"), "X", (), {},
            None, None), see("cloudpickle")),
        ("dill-create-function", "dill", c(c("dill._dill:_create_function", c(
            "builtins:compile", CODE, "x", "exec"), {})),
         lib("dill")),
        ("dill-import-module", "dill", c(c("builtins:getattr", c("dill._dill:_import_module",
         "os"), "system"), COMMAND), lib("dill")),
        ("dill-get-attr", "dill", c(c("dill._dill:_get_attr", g("logging:os"), "system"),
                                    COMMAND), lib("dill")),
        ("dill-eval-repr", "dill", c("dill._dill:_eval_repr", EXPR), lib("dill")),
        ("dill-load-type", "dill", c("dill._dill:_load_type", "CodeType"), see("dill")),
        ("mlflow-run-entry-point", MS338, c("mlflow.projects.backend.local:_run_entry_point",
         COMMAND, ".", "", ""), see("mlflow", hold_ok=True)),
        ("nltk-data-load", "reads a pickle or a URL", c("nltk.data:load", "file:x.pickle"),
         see("nltk")),
        ("nltk-download", "fetches", c("nltk:download", "x"), see("nltk")),
        ("gensim-load", "reads a pickle", c("gensim.utils:SaveLoad.load", VICTIM), e("gensim")),
        ("gensim-unpickle", "reads a pickle", c("gensim.utils:unpickle", VICTIM), e("gensim")),
        ("gensim-pyro", "network", c("gensim.utils:getNS", HOST, PORT), see("gensim",
                                                                           hold_ok=True)),
        ("patsy-eval", "evaluates", c("patsy.eval:EvalEnvironment.eval", c(
            "patsy.eval:EvalEnvironment", [{}], 0), EXPR), lib("patsy")),
        ("statsmodels-unpickle", "reads a pickle", c("statsmodels.iolib.smpickle:load_pickle",
                                                     VICTIM), e("statsmodels")),
        ("sympy-sympify", "evaluates", c("sympy:sympify", EXPR), lib("sympy")),
        ("sympy-parse-expr", "evaluates", c("sympy.parsing.sympy_parser:parse_expr", EXPR),
         lib("sympy")),
        ("sympy-lambdify", "evaluates", c(c("sympy:lambdify", "x", EXPR), 1), see("sympy")),
        ("numexpr-evaluate", "evaluates", c("numexpr:evaluate", EXPR), see("numexpr")),
        ("click-edit", GAME + "175", c("click:edit", "seed", "/bin/sh -c '%s'" % COMMAND, None,
                                       False),
         lib("click")),
        ("fsspec-filesystem", GAME + "197", c("fsspec:filesystem", "http"), see("fsspec")),
        ("fsspec-registry", GAME + "197", then(setitem(g("fsspec.registry:known_implementations"),
         "pratique", {"class": "subprocess.Popen"}), call("fsspec:filesystem", "pratique")),
         see("fsspec")),
        ("fsspec-open", "network", c("fsspec:open", URL), see("fsspec")),
        ("smart-open", "network", c("smart_open:open", URL), e("smart_open")),
        ("execnet-makegateway", GAME + "173", c("execnet:makegateway", "popen"), see("execnet")),
        ("pytest-sysexec", GAME + "171", c("_pytest._py.path:LocalPath.sysexec", c(
            "_pytest._py.path:LocalPath", "/bin/sh"), "-c", COMMAND), see("pytest")),
        ("jinja2-template", "evaluates", c("jinja2:Template.render", c("jinja2:Template",
         "{{ x }}")), see("jinja2", hold_ok=True)),
        ("mako-template", "evaluates", c("mako.template:Template", "${1}"), see("mako",
                                                                              hold_ok=True)),
        ("ipython-system", "runs a command", c("IPython.utils.process:system", COMMAND),
         see("ipython")),
        ("keras-lambda", "CVE-2024-3660", c("keras.src.utils.python_utils:func_load", "x"),
         see("keras")),
        ("keras-deserialize", "CVE-2025-1550", c("keras.saving:deserialize_keras_object", {
            "module": "subprocess", "class_name": "Popen", "config": {}}), see("keras")),
        ("tensorflow-load-library", "loads a library", c("tensorflow:load_op_library", VICTIM),
         see("tensorflow")),
        ("tensorflow-py-function", "calls its argument", c("tensorflow:py_function", g(
            "os:system"), [COMMAND]), see("tensorflow")),
        ("transformers-pipeline", "fetches code", c("transformers:AutoModel.from_pretrained",
         "x/y"), see("transformers")),
        ("transformers-dynamic", "fetches code", c(
            "transformers.dynamic_module_utils:get_class_from_dynamic_module", "a", "b"),
         see("transformers")),
        ("hydra-instantiate", "hydra", c("hydra.utils:instantiate", {"_target_": "os.system"}),
         see("hydra")),
        ("hydra-locate", "hydra", c("hydra._internal.utils:_locate", "os.system"),
         see("hydra")),
        ("django-import-string", "imports by name", c("django.utils.module_loading:import_string",
         "os.system"), see("django", hold_ok=True)),
        ("cupy-rawkernel", "compiles", c("cupy:RawKernel", "x", "y"), see("cupy",
                                                                         hold_ok=True)),
        ("numba-jit", "compiles", c("numba:jit", g("os:system")), see("numba")),
        ("ray-remote", "calls its argument", c("ray:remote", g("os:system")), see("ray")),
        ("dask-delayed", "calls its argument", c("dask:delayed", g("os:system")), see("dask")),
        ("paramiko-exec", "network", c("paramiko:ProxyCommand", COMMAND), see("paramiko",
                                                                             hold_ok=True)),
        ("cffi-dlopen", "loads a library", c("cffi:FFI.dlopen", c("cffi:FFI"), None),
         see("cffi")),
        ("xgboost-load-model", "reads a file", c("xgboost:Booster", None, (), VICTIM),
         see("xgboost", hold_ok=True)),
        ("lightgbm-load-model", "reads a file", c("lightgbm:Booster", None, None, VICTIM),
         see("lightgbm", hold_ok=True)),
        ("unknown-package", "a name nobody knows: the loader may have it", c(
            "pratique_unknown_package.sub:build", COMMAND), see("nothing", hold_ok=True)),
        ("main-function", "a function of the program that loads", c("__main__:run", COMMAND),
         see("nothing", hold_ok=True)),
        ("fickling-deactivate", F + "pull 249", c("fickling:always_check_safety"),
         see("fickling", hold_ok=True)),
        ("picklescan-deactivate", F + "pull 249", setitem(g(
            "picklescan.scanner:_unsafe_globals"), "os", ()), see("picklescan", hold_ok=True)),
    ])


def joblib_wrapper():
    """joblib's wrapper of an object array: the array's own pickle follows in the stream."""
    dt = build(call("numpy:dtype", "O8", False, True), (3, "|", None, None, None, -1, -1, 63))
    w = build(new("joblib.numpy_pickle:NumpyArrayWrapper"), {
        "subclass": g("numpy:ndarray"), "shape": (1,), "order": "C", "dtype": dt,
        "allow_mmap": False, "numpy_array_alignment_bytes": None})
    return Op(w + evil())
