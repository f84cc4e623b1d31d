/* src/format/text/deny.c: names in text, and prose that only speaks of them. */
#include "format/text/deny.h"

#include "fact/python.h"
#include "format/text/config.h"
#include "model.h"
#include "rules/pynames.h"

static void run(struct bench *b, struct span in, bool python)
{
    struct text text = { &b->scan, in, true };

    bench_init(b);
    text.s = &b->scan;
    b->status = python ? text_names(&b->scan, in, 1) : text_deny(&text);
    CHECK(b->status == PRATIQUE_OK, "status %d", b->status);
}

TEST(deny_finds)
{
    static const struct {
        const char *in, *want; /* NULL: nothing */
        uint32_t line, column;
    } rows[] = {
        /* calls */
        { "os.system('id')", "os.system", 1, 1 },
        { "x = 1\n  y = os . system (cmd)\n", "os.system", 2, 7 },
        { "self.os.system(cmd)", "os.system", 1, 1 },
        { "a;os.system(cmd)", "os.system", 1, 3 },
        { "{\"code\": \"os.system(\\\"id\\\")\"}", "os.system", 1, 11 },
        { "subprocess.run(['ls'])", "subprocess.run", 1, 1 },
        { "run: subprocess.Popen(x)", "subprocess.Popen", 1, 6 },
        { "eval(x)", "builtins.eval", 1, 1 },
        { "= exec(x)", "builtins.exec", 1, 3 },
        { "__import__('os')", "builtins.__import__", 1, 1 },
        { "builtins.exec(x)", "builtins.exec", 1, 1 },
        { "compile(s, 'a', 'exec')", "builtins.compile", 1, 1 },
        { "compile(s, f, mode = \"eval\")", "builtins.compile", 1, 1 },
        { "pickle.loads(b)", "pickle.loads", 1, 1 },
        { "getattr(os, 'system')(x)", "os.system", 1, 1 },
        { "().__class__.__base__.__subclasses__()", "__subclasses__", 1, 4 },
        { "__import__('os').popen('id')", "os.popen", 1, 1 },
        { "x.__builtins__()", "__builtins__", 1, 1 },
        { "{\"code\": \"x\\nos.system(y)\"}", "os.system", 1, 14 },
        { "requests.get('https://x')", "requests", 1, 1 },
        { "ctypes.CDLL(None)", "ctypes", 1, 1 },
        { "open('/etc/passwd')", "builtins.open", 1, 1 },
        { "open(file=r'C:\\Windows\\x')", "builtins.open", 1, 1 },
        { "Path(\"/etc/passwd\").read_text()", "pathlib.Path.read_text", 1, 1 },
        { "yaml.load(f, Loader=yaml.Loader)", "yaml.load", 1, 1 },
        { "yaml.load(f)", "yaml.load", 1, 1 },
        { "np = numpy.load(f, allow_pickle=True)", "numpy.load", 1, 6 },
        { "torch.load(f)", "torch.load", 1, 1 },
        { "execSync('id')", "js.child_process", 1, 1 },
        { "const a = require('child_process')", "js.child_process", 1, 11 },
        { "require(\"node:net\")", "js.net", 1, 1 },
        { "x = new Function('return 1')", "js.Function", 1, 9 },
        { "new XMLHttpRequest()", "js.XMLHttpRequest", 1, 5 },
        { "await fetch(\"https://x\")", "js.fetch", 1, 7 },
        /* imports */
        { "import socket", "socket", 1, 1 },
        { "# A\n\n    import socket\n", "socket", 3, 5 },
        { ">>> import socket\n", "socket", 1, 5 },
        { "import os, socket as s, re\n", "socket", 1, 1 },
        { "import urllib.request\r\n", "urllib.request", 1, 1 },
        { "import requests.sessions # x", "requests", 1, 1 },
        { "x = 1; import socket", "socket", 1, 8 },
        { "try: import socket", "socket", 1, 6 },
        { "python -c \"import socket\"", "socket", 1, 12 },
        { "python -c 'import socket; x()'", "socket", 1, 12 },
        { "{\"source\": [\"import socket\\n\"]}", "socket", 1, 14 },
        { "{\"source\": \"x\\nimport socket\\ny\"}", "socket", 1, 16 },
        { "{\"source\": \"x\\nfrom os import system\\ny\"}", "os.system", 1, 16 },
        { "from urllib import request", "urllib.request", 1, 1 },
        { "from urllib.request import urlopen", "urllib.request", 1, 1 },
        { "from socket import *", "socket", 1, 1 },
        { "from os import (path,\n    system)", "os.system", 1, 1 },
        { "from os import system as s, path", "os.system", 1, 1 },
        { "import { exec } from 'child_process';", "js.child_process", 1, 1 },
        { "import \"net\"", "js.net", 1, 1 },
        /* the statement of Python 2 */
        { "exec \"import x\"", "builtins.exec", 1, 1 },
        /* what is none of them */
        { "", NULL, 0, 0 },
        { "(", NULL, 0, 0 },
        { "import", NULL, 0, 0 },
        { "from import", NULL, 0, 0 },
        { "never use eval, or exec", NULL, 0, 0 },
        { "exec (as in exec(3)) and open(path[, mode])", NULL, 0, 0 },
        { "class A { exec(a) { return 1 } }", NULL, 0, 0 },
        { "the eval() function and os.system() are bad", NULL, 0, 0 },
        { "see subprocess.run in the manual", NULL, 0, 0 },
        { "call subprocess.run(...) with care", NULL, 0, 0 },
        { "model.eval(x)", NULL, 0, 0 },
        { "re.compile(r'x', 'exec')", NULL, 0, 0 },
        { "regex.exec(text)", NULL, 0, 0 },
        { "$exec(x)", NULL, 0, 0 },
        { "myeval(x)", NULL, 0, 0 },
        { "\xC3\xA9val(x) \xC3\xA9"
          "eval(x)",
          NULL, 0, 0 },
        { "def eval(self, x):", NULL, 0, 0 },
        { "function exec(a) {}", NULL, 0, 0 },
        { "compile(s)", NULL, 0, 0 },
        { "compile(source, target)", NULL, 0, 0 },
        { "os.path.join(a)", NULL, 0, 0 },
        { "macos.system(a)", NULL, 0, 0 },
        { "open('data.txt')", NULL, 0, 0 },
        { "open(path)", NULL, 0, 0 },
        { "yaml.load(f, Loader=yaml.SafeLoader)", "yaml.load", 1, 1 }, /* for the rules to judge */
        { "yaml.safe_load(f)", NULL, 0, 0 },
        { "numpy.load('/data/a.npy')", NULL, 0, 0 },
        { "numpy.load(f, allow_pickle=False)", NULL, 0, 0 },
        { "types.FunctionType is a class", NULL, 0, 0 },
        { "Use import socket in a script", NULL, 0, 0 },
        { "import socket to connect", NULL, 0, 0 },
        { "`import socket`", NULL, 0, 0 },
        { "say \"import socket\" first", NULL, 0, 0 },
        { "Note: import socket", NULL, 0, 0 },
        { "from socket import the rest", NULL, 0, 0 },
        { "important.socket", NULL, 0, 0 },
        { "import urllib.parse", NULL, 0, 0 },
        { "from urllib.parse import quote", NULL, 0, 0 },
        { "from urllib import parse", NULL, 0, 0 },
        { "import socketlib", NULL, 0, 0 },
        { "import os", NULL, 0, 0 },
        { "from types import FunctionType", NULL, 0, 0 },
        { "import { a } from './net';", NULL, 0, 0 },
        { "exec \"$@\"", NULL, 0, 0 },
        { "please exec \"this\"", NULL, 0, 0 },
        { "Function(\"return this\")()", NULL, 0, 0 },
        { "new Function(\"return this\")()", NULL, 0, 0 },
        { "fetch(url)", NULL, 0, 0 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct fact *f;
        struct bench b;

        run(&b, span_text(rows[i].in), false);
        f = bench_fact(&b, FACT_TEXT_NAME);
        CHECK(b.facts.n == (rows[i].want != NULL), "%s: %zu facts", rows[i].in, b.facts.n);
        if (f && rows[i].want)
            CHECK(span_is(f->subject, rows[i].want) && f->line == rows[i].line &&
                      f->column == rows[i].column,
                  "%s: %.*s at %u:%u", rows[i].in, (int)f->subject.n, (const char *)f->subject.p,
                  f->line, f->column);
        bench_free(&b);
    }
}

TEST(deny_tells_the_argument)
{
    static const struct {
        const char *in;
        uint32_t flags;
        const char *value;
    } rows[] = {
        { "open('/a')", PY_CALLED | PY_ARG_CONSTANT, "'/a'" },
        { "open(\"/a\" + x)", PY_CALLED | PY_ARG_PREFIX, "'/a'" },
        { "open(r'C:\\a')", PY_CALLED | PY_ARG_CONSTANT, "'C:\\\\a'" },
        { "open('C:\\\\a')", PY_CALLED | PY_ARG_CONSTANT, "'C:\\\\a'" },
        { "open(f'/a/{x}')", PY_CALLED | PY_ARG_PREFIX, "'/a/'" },
        { "\"open(\\\"/a\\\", 'w')\"", PY_CALLED | PY_ARG_CONSTANT, "'/a'" },
        { "torch.load(f, weights_only=True)", PY_CALLED | PY_ARG_CONSTANT, "True" },
        { "torch.load(f, weights_only=w)", PY_CALLED | PY_ARG_NAME, "w" },
        { "torch.load(f, g(a, b), weights_only=w())", PY_CALLED | PY_ARG_UNKNOWN, "" },
        { "torch.load(f)", PY_CALLED, "" },
        { "yaml.load(f, yaml.FullLoader)", PY_CALLED | PY_ARG_NAME, "yaml.FullLoader" },
        { "import socket", PY_IMPORTED, "" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct fact *f;
        struct bench b;

        run(&b, span_text(rows[i].in), false);
        f = bench_fact(&b, FACT_TEXT_NAME);
        CHECK(f, "%s", rows[i].in);
        if (f)
            CHECK(f->flags == rows[i].flags && span_is(f->refs[PY_REF_ARG], rows[i].value),
                  "%s: flags %x, %.*s", rows[i].in, f->flags, (int)f->refs[PY_REF_ARG].n,
                  (const char *)f->refs[PY_REF_ARG].p);
        bench_free(&b);
    }
}

TEST(deny_in_broken_python)
{
    struct bench b;

    run(&b, SPAN_LITERAL("print 'x'\nexec payload\n"), true);
    CHECK(bench_count(&b, FACT_TEXT_NAME) == 1, "%zu", b.facts.n);
    bench_free(&b);
    run(&b, SPAN_LITERAL("print 'x'\neval (payload)\n"), true);
    CHECK(bench_count(&b, FACT_TEXT_NAME) == 1, "%zu", b.facts.n);
    bench_free(&b);
    run(&b, SPAN_LITERAL("print 'x'\nexec payload\n"), false);
    CHECK(b.facts.n == 0, "%zu", b.facts.n);
    bench_free(&b);
}

/* More of the same is not told for ever, and another name still is. */
TEST(deny_is_bounded)
{
    enum { N = 20000 };
    static char text[N * 8 + 32];
    struct bench b;

    for (size_t i = 0; i < N; i++)
        memcpy(text + i * 8, "eval(x)\n", 8);
    memcpy(text + N * 8, "os.system(x)\n", 14);
    run(&b, span_text(text), false);
    CHECK(b.facts.n == 17, "%zu facts", b.facts.n);
    CHECK(span_is(b.facts.list[16].subject, "os.system") && b.facts.list[16].line == N + 1,
          "line %u", b.facts.list[16].line);
    bench_free(&b);
}

/* Brackets, blanks and statements without an end cost no more than a fixed part of each byte. */
TEST(deny_is_linear)
{
    static const char *const pieces[] = { "(", "eval(", "open(",    "import ",   "from a import (",
                                          ".", "a.",    "import\n", "import a,", "from import ",
                                          " ", "\\n",   "Path('/",  "exec ",     ">>> " };
    enum { SIZE = 1 << 20 };
    char *text = malloc(SIZE);

    for (size_t i = 0; text && i < sizeof pieces / sizeof *pieces; i++) {
        size_t n = strlen(pieces[i]);
        uint64_t start = budget_now_us();
        struct bench b;

        for (size_t off = 0; off < SIZE; off++)
            text[off] = pieces[i][off % n];
        run(&b, span_of(text, SIZE), false);
        bench_free(&b);
        CHECK(budget_now_us() - start < 5000000, "%s: %llu us", pieces[i],
              (unsigned long long)(budget_now_us() - start));
    }
    free(text);
}

TEST(deny_sweep)
{
    static const char text[] = "from os import (system,\n  popen) ;import socket as s, ssl\n"
                               "open ( r\"/etc/passwd\", mode='r')\ngetattr(os, 'system')\n"
                               "Path('/x').open('w')\nimport {a} from 'net'\n>>> exec \"x\"\n"
                               "yaml.load(a[b(c)], Loader = yaml.Loader)";
    uint8_t copy[sizeof text];
    struct bench b;

    for (size_t n = 0; n < sizeof text; n++) {
        uint8_t *exact = malloc(n ? n : 1);

        if (!exact)
            return;
        memcpy(exact, text, n);
        run(&b, span_of(exact, n), n % 2 != 0);
        bench_free(&b);
        free(exact);
    }
    memcpy(copy, text, sizeof text);
    for (size_t i = 0; i < sizeof text; i++)
        for (unsigned c = 1; c < 256; c <<= 1) {
            copy[i] ^= (uint8_t)c;
            run(&b, span_of(copy, sizeof copy), true);
            bench_free(&b);
            copy[i] ^= (uint8_t)c;
        }
}
