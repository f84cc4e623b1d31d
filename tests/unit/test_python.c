/* From source to names: what a program uses, however it is spelled. */
#include "test.h"

#include <stdlib.h>

#include "../fuzz/harness.h"
#include "fact/python.h"
#include "format/python/python.h"

/* One kind of fact is looked for: its subject, at a line; NULL: none of any kind is there. */
struct row {
    const char *source;
    enum fact_kind kind;
    const char *subject;
    uint32_t line;
    unsigned flags; /* all of these are set */
};

static bool is_telling(const struct fact *f)
{
    return f->kind == FACT_PY_NAME || f->kind == FACT_PY_MEMBER || f->kind == FACT_PY_UNRESOLVED ||
           f->kind == FACT_PY_SYNTAX || f->kind == FACT_PY_ENCODING || f->kind == FACT_PY_DEEP;
}

static bool found(const struct harness *h, const struct row *r)
{
    for (size_t i = 0; i < h->facts.n; i++) {
        const struct fact *f = &h->facts.list[i];

        if (!r->subject && is_telling(f))
            return false;
        if (r->subject && f->kind == r->kind && span_is(f->subject, r->subject) &&
            f->line == r->line && (f->flags & r->flags) == r->flags)
            return true;
    }
    return !r->subject;
}

static void run(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct harness h;
        enum pratique_status st;

        harness_init(&h);
        h.scan.name = SPAN_LITERAL("a.py");
        st = python_scan(&h.scan, span_text(rows[i].source), 1);
        CHECK(st == PRATIQUE_OK, "%s: status %d", rows[i].source, st);
        CHECK(found(&h, &rows[i]), "%s: %s", rows[i].source,
              rows[i].subject ? rows[i].subject : "something is told");
        harness_free(&h);
    }
}

#define RUN(rows)               run(rows, sizeof(rows) / sizeof *(rows))
#define NAME(name, line, flags) FACT_PY_NAME, name, line, flags
#define NOTHING                 FACT_PY_NAME, NULL, 0, 0

TEST(python_names)
{
    static const struct row rows[] = {
        { "import os\nos.system('x')\n", NAME("os.system", 2, PY_CALLED) },
        { "import os as o\no.system('x')\n", NAME("os.system", 2, PY_CALLED | PY_INDIRECT) },
        { "from os import system as s\ns('x')\n", NAME("os.system", 1, PY_IMPORTED) },
        { "from os import *\nsystem('x')\n", NAME("os.system", 2, PY_CALLED) },
        { "import os.path as p\np.os.system('x')\n", NAME("os.system", 2, PY_CALLED) },
        { "import shutil\nshutil.os.system('x')\n", NAME("os.system", 2, PY_CALLED) },
        { "import os\nf = os.system\n", NAME("os.system", 2, PY_REFERENCED) },
        { "import os\nf = g = os.popen\ng('x')\n", NAME("os.popen", 3, PY_CALLED | PY_INDIRECT) },
        { "import os\na, (b, c) = 1, (2, os)\nc.system('x')\n", NAME("os.system", 3, 0) },
        { "import os\na, *b = 1, os\nb[0].system('x')\n", NAME("os.system", 3, 0) },
        { "import os\nfor m in [os]: m.system('x')\n", NAME("os.system", 2, 0) },
        { "import os\n[m.system('x') for m in (os,)]\n", NAME("os.system", 2, 0) },
        { "import os\n(m := os).system('x')\n", NAME("os.system", 2, 0) },
        { "import os\ndef f(m=os): m.system('x')\n", NAME("os.system", 2, 0) },
        { "import os\ndef f(m): m.system('x')\nf(os)\n", NAME("os.system", 2, 0) },
        { "import os\ndef f(): return os\nf().system('x')\n", NAME("os.system", 3, 0) },
        { "import os\nclass A:\n  o = os\nA().o.system('x')\n", NAME("os.system", 4, 0) },
        { "import os\nclass A:\n  @property\n  def o(self): return os\nA().o.system('x')\n",
          NAME("os.system", 5, 0) },
        { "import os\nd = {}\nd['k'] = os\nd['k'].system('x')\n", NAME("os.system", 4, 0) },
        { "import os\n@exec\ndef f(): pass\n", NAME("builtins.exec", 2, PY_DECORATES) },
        { "\xEF\xBD\x85\xEF\xBD\x96\xEF\xBD\x81\xEF\xBD\x8C('1')\n", NAME("builtins.eval", 1, 0) },
        { "map(exec, [])\n", NAME("builtins.exec", 1, PY_REFERENCED) },
        { "class A: __class_getitem__ = exec\n", NAME("builtins.exec", 1, PY_REFERENCED) },
        { "import urllib.request\n", NAME("urllib.request", 1, PY_IMPORTED) },
        { "from asyncio.base_events import socket\n", NAME("socket", 1, PY_IMPORTED) },
    };

    RUN(rows);
}

TEST(python_by_text)
{
    static const struct row rows[] = {
        { "import os\ngetattr(os, 'sys' + 'tem')('x')\n", NAME("os.system", 2, PY_INDIRECT) },
        { "import os\nvars(os)['sys%s' % 'tem']('x')\n", NAME("os.system", 2, 0) },
        { "import os\nos.__dict__['{}tem'.format('sys')]('x')\n", NAME("os.system", 2, 0) },
        { "__builtins__['ev' 'al']('1')\n", NAME("builtins.eval", 1, 0) },
        { "globals()['__builtins__'].eval('1')\n", NAME("builtins.eval", 1, 0) },
        { "import sys\nsys.modules['os'].system('x')\n", NAME("os.system", 2, 0) },
        { "import importlib as i\ni.import_module('so' + 'cket')\n",
          NAME("socket", 2, PY_IMPORTED) },
        { "__import__('os').system('x')\n", NAME("os.system", 1, 0) },
        { "import os, operator\noperator.attrgetter('system')(os)('x')\n",
          NAME("os.system", 2, 0) },
        { "import os, functools\nfunctools.partial(os.system, 'x')()\n", NAME("os.system", 2, 0) },
        { "import os\ngetattr(os, ''.join(chr(c) for c in [115, 121, 115, 116, 101, 109]))('x')\n",
          NAME("os.system", 2, 0) },
        { "import os\ngetattr(os, 'metsys'[::-1])('x')\n", NAME("os.system", 2, 0) },
        { "import os\ngetattr(os, bytes.fromhex('73797374656d').decode())('x')\n",
          NAME("os.system", 2, 0) },
        { "import os, base64\ngetattr(os, base64.b64decode('c3lzdGVt').decode())('x')\n",
          NAME("os.system", 2, 0) },
        { "import os, codecs\ngetattr(os, codecs.decode('flfgrz', 'rot13'))('x')\n",
          NAME("os.system", 2, 0) },
        { "import os\nn = ''\nfor c in 'metsys':\n  n = c + n\ngetattr(os, n)('x')\n",
          NAME("os.system", 5, 0) },
        { "exec('import os\\nos.system(1)')\n", NAME("os.system", 1, PY_IN_CONSTANT) },
        { "exec(\"exec('exec(\\\"import socket\\\")')\")\n", NAME("socket", 1, PY_IN_CONSTANT) },
        { "import os\ngetattr(os, input())()\n", FACT_PY_UNRESOLVED, "getattr(module, ?)", 2, 0 },
        { "().__class__.__base__.__subclasses__()\n", FACT_PY_MEMBER, "__subclasses__", 1, 0 },
        { "'{0.__globals__}'.format(f)\n", FACT_PY_MEMBER, "__globals__", 1, 0 },
    };

    RUN(rows);
}

TEST(python_innocents)
{
    static const struct row rows[] = {
        { "'os.system(1)'\n# eval(1)\n", NOTHING },
        { "def eval(x): return x\neval('1')\n", NOTHING },
        { "def f(exec): exec('1')\n", NOTHING },
        { "model.eval()\nre.compile('x')\n", NOTHING },
        { "class A:\n  def system(self): pass\nA().system()\n", NOTHING },
        { "import os\nos.path.join('a', 'b')\nos.environ.get('X')\n", NOTHING },
        { "from subprocess import CalledProcessError\n", NOTHING },
        { "import platform\nplatform.system()\nplatform.uname().system\n", NOTHING },
        { "from urllib.parse import quote\nfrom http import HTTPStatus\n", NOTHING },
        { "getattr(self, name)()\n", NOTHING },
        { "import sys\nsys.modules[__name__].f()\n", NOTHING },
        { "match x:\n  case {'exec': exec}: exec\n", NOTHING },
        { "", NOTHING },
    };

    RUN(rows);
}

TEST(python_arguments)
{
    static const struct row rows[] = {
        { "open('/etc/passwd')\n", NAME("builtins.open", 1, PY_ARG_CONSTANT) },
        { "open(f'/etc/{x}')\n", NAME("builtins.open", 1, PY_ARG_PREFIX) },
        { "open(x)\n", NAME("builtins.open", 1, PY_ARG_UNKNOWN) },
        { "open(**k)\n", NAME("builtins.open", 1, PY_ARG_MAYBE) },
        { "from pathlib import Path as P\n(P('/') / 'a').open()\n",
          NAME("pathlib.Path.open", 2, PY_ARG_CONSTANT) },
        { "import torch\ntorch.load(f, weights_only=True)\n",
          NAME("torch.load", 2, PY_ARG_CONSTANT) },
        { "import torch\ntorch.load(f, **{'weights_only': True})\n",
          NAME("torch.load", 2, PY_ARG_CONSTANT) },
        { "import yaml\nyaml.load(f, Loader=yaml.SafeLoader)\n",
          NAME("yaml.load", 2, PY_ARG_NAME) },
    };

    RUN(rows);
}

TEST(python_faults)
{
    static const struct row rows[] = {
        { "x = (\n", FACT_PY_SYNTAX, "'(' was never closed", 1, 0 },
        { "# coding: nonsense\n", FACT_PY_ENCODING, "nonsense", 1, 0 },
    };

    RUN(rows);
}

/* Chains and nests that are long: an answer in time, whatever it is. */
TEST(python_long)
{
    static const struct {
        const char *head, *part, *tail;
    } rows[] = {
        { "import os\nos", ".a", ".system('x')\n" },
        { "import os\nf", "(os)", "\n" },
        { "x = 'a'", " + 'a'", "\ngetattr(os, x)\n" },
        { "x = ", "not ", "eval\n" },
        { "x = ", "lambda: ", "eval\n" },
        { "x = ", "(", "eval\n" },
        { "x = ", "eval if a else ", "b\n" },
        { "if a: pass\n", "elif eval('1'): pass\n", "" },
        { "import os\nx = os\n", "x = x + x\n", "getattr(os, x)()\n" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t part = strlen(rows[i].part), n = strlen(rows[i].head);
        char *text = malloc(n + part * 20000 + strlen(rows[i].tail) + 1);
        struct harness h;
        enum pratique_status st;

        if (!text)
            abort();
        memcpy(text, rows[i].head, n);
        for (unsigned k = 0; k < 20000; k++, n += part)
            memcpy(text + n, rows[i].part, part);
        strcpy(text + n, rows[i].tail);
        harness_init(&h);
        st = python_scan(&h.scan, span_text(text), 1);
        CHECK(st == PRATIQUE_OK && h.facts.n > 0, "%s...: status %d", rows[i].part, st);
        harness_free(&h);
        free(text);
    }
}
