/* What of a package runs when, and how it comes to that. */
#include "test.h"

#include <stdlib.h>

#include "../fuzz/harness.h"
#include "fact/package.h"
#include "format/package/package.h"
#include "format/python/python.h"

#define FILES_MAX 12

struct file {
    const char *path, *text;
};

/* A package, and one name of it that is called: its chain, and when; NULL: it is not told. */
struct row {
    const char *what;
    enum package_kind kind;
    struct file files[FILES_MAX];
    const char *subject, *chain;
    unsigned flags; /* all of these are set */
    unsigned never; /* ... and none of these */
};

static void begin(struct harness *h, const struct file *files, size_t n, enum package_kind kind)
{
    struct member *members = calloc(n + 1, sizeof *members);
    struct archive a = { .kind = "zip", .members = members, .n = n };

    for (size_t i = 0; i < n; i++)
        members[i] = (struct member){ .name = span_text(files[i].path), .raw = SPAN_EMPTY };
    h->scan.packages = PACKAGES_ALL;
    package_begin(&h->scan, &a);
    if (h->scan.package)
        h->scan.package->kind = kind;
    free(members);
}

static enum pratique_status scan_file(struct harness *h, struct span path, struct span text)
{
    struct package *p = h->scan.package;
    struct scan *s = &h->scan;
    const struct where *outer = s->where;
    enum pratique_status st = PRATIQUE_OK;

    package_member(s, path, text);
    s->name = path;
    s->where = facts_where(s->facts, outer, path);
    if (text.n > 0 &&
        (span_ends(path, SPAN_LITERAL(".py")) || span_ends(path, SPAN_LITERAL(".pth"))))
        st = python_scan(s, text, 1);
    s->where = outer;
    CHECK(s->package == p, "the package is still there");
    return st;
}

static enum pratique_status scan_all(struct harness *h, const struct file *files, size_t n,
                                     enum package_kind kind)
{
    enum pratique_status st = PRATIQUE_OK;

    begin(h, files, n, kind);
    for (size_t i = 0; i < n && st == PRATIQUE_OK; i++)
        st = scan_file(h, span_text(files[i].path), span_text(files[i].text));
    return package_end(&h->scan, st);
}

static const struct fact *find(const struct harness *h, enum fact_kind kind, const char *subject)
{
    for (size_t i = 0; i < h->facts.n; i++)
        if (h->facts.list[i].kind == kind && span_is(h->facts.list[i].subject, subject))
            return &h->facts.list[i];
    return NULL;
}

static void check(const struct row *r, const struct harness *h)
{
    const struct fact *f = find(h, FACT_PKG_RUNS, r->subject);

    if (!r->chain) {
        CHECK(!f, "%s: %.*s", r->what, f ? (int)f->refs[PKG_REF_CHAIN].n : 0,
              f ? (const char *)f->refs[PKG_REF_CHAIN].p : "");
        return;
    }
    CHECK(f != NULL, "%s: %s is not told", r->what, r->subject);
    if (!f)
        return;
    CHECK(span_is(f->refs[PKG_REF_CHAIN], r->chain), "%s: %.*s", r->what,
          (int)f->refs[PKG_REF_CHAIN].n, (const char *)f->refs[PKG_REF_CHAIN].p);
    CHECK((f->flags & r->flags) == r->flags && !(f->flags & r->never), "%s: flags %x", r->what,
          f->flags);
}

static void run(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct harness h;
        size_t files = 0;
        enum pratique_status st;

        while (files < FILES_MAX && rows[i].files[files].path)
            files++;
        harness_init(&h);
        st = scan_all(&h, rows[i].files, files, rows[i].kind);
        CHECK(st == PRATIQUE_OK, "%s: status %d", rows[i].what, st);
        check(&rows[i], &h);
        harness_free(&h);
    }
}

#define RUN(rows)   run(rows, sizeof(rows) / sizeof *(rows))
#define SURE_IMPORT PKG_ON_IMPORT | PKG_SURE
#define F(...)                                                                                     \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define BAD "import os\ndef bad():\n    os.system('x')\n"
/* One module that is imported, and one that has something to say. */
#define ONE(text) F({ "p/__init__.py", text })
#define TWO(text) F({ "p/__init__.py", text }, { "p/b.py", BAD })

TEST(graph_calls)
{
    static const struct row rows[] = {
        { "at the top", PACKAGE_WHEEL, ONE("import os\nos.system('x')\n"), "os.system",
          "p/__init__.py:2 -> os.system", SURE_IMPORT, 0 },
        { "in a function", PACKAGE_WHEEL, ONE(BAD), "os.system", NULL, 0, 0 },
        { "called", PACKAGE_WHEEL, ONE(BAD "bad()\n"), "os.system",
          "p/__init__.py:4 -> bad (3) -> os.system", SURE_IMPORT, 0 },
        { "of another module", PACKAGE_WHEEL, TWO("from .b import bad\nbad()\n"), "os.system",
          "p/__init__.py:2 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "by its module", PACKAGE_WHEEL, TWO("from . import b\nb.bad()\n"), "os.system",
          "p/__init__.py:2 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "absolute", PACKAGE_WHEEL, TWO("import p.b\np.b.bad()\n"), "os.system",
          "p/__init__.py:2 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "alias", PACKAGE_WHEEL, TWO("import p.b as q\nf = q.bad\nf()\n"), "os.system",
          "p/__init__.py:3 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "star", PACKAGE_WHEEL, TWO("from .b import *\nbad()\n"), "os.system",
          "p/__init__.py:2 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "not called", PACKAGE_WHEEL, TWO("from .b import bad\n"), "os.system", NULL, 0, 0 },
        { "lambda", PACKAGE_WHEEL, TWO("from .b import bad\n(lambda: bad())()\n"), "os.system",
          "p/__init__.py:2 -> <lambda> (2) -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "named lambda", PACKAGE_WHEEL, ONE("import os\nf = lambda: os.system('x')\nf()\n"),
          "os.system", "p/__init__.py:3 -> <lambda> (2) -> os.system", SURE_IMPORT, 0 },
        { "partial", PACKAGE_WHEEL,
          TWO("import functools\nfrom .b import bad\nfunctools.partial(bad)()\n"), "os.system",
          "p/__init__.py:3 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "getattr", PACKAGE_WHEEL, TWO("from . import b\ngetattr(b, 'bad')()\n"), "os.system",
          "p/__init__.py:2 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "globals", PACKAGE_WHEEL, ONE(BAD "globals()['bad']()\n"), "os.system",
          "p/__init__.py:4 -> bad (3) -> os.system", SURE_IMPORT, 0 },
        { "globals, imported", PACKAGE_WHEEL, TWO("from .b import bad\nglobals()['bad']()\n"),
          "os.system", "p/__init__.py:2 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "import_module", PACKAGE_WHEEL,
          TWO("import importlib\nimportlib.import_module('.b', __package__).bad()\n"), "os.system",
          "p/__init__.py:2 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "import_module by name", PACKAGE_WHEEL,
          TWO("from importlib import import_module as i\nm = i(__name__ + '.b')\nm.bad()\n"),
          "os.system", "p/__init__.py:3 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "sys.modules", PACKAGE_WHEEL,
          TWO("import sys\nfrom . import b\nsys.modules['p.b'].bad()\n"), "os.system",
          "p/__init__.py:3 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "argument", PACKAGE_WHEEL, TWO("from .b import bad\ndef run(f):\n    f()\nrun(bad)\n"),
          "os.system", "p/__init__.py:4 -> b.bad (3) -> os.system", PKG_ON_IMPORT, 0 },
        { "in a constant", PACKAGE_WHEEL, TWO("exec('from p.b import bad; bad()')\n"), "os.system",
          "p/__init__.py:1 -> b.bad (3) -> os.system", PKG_ON_IMPORT, 0 },
        { "dictionary", PACKAGE_WHEEL, ONE(BAD "d = {'a': bad}\nd['a']()\n"), "os.system",
          "p/__init__.py:5 -> bad (3) -> os.system", PKG_ON_IMPORT, 0 },
        { "default", PACKAGE_WHEEL, ONE(BAD "def g(x=bad()): pass\n"), "os.system",
          "p/__init__.py:4 -> bad (3) -> os.system", SURE_IMPORT, 0 },
        { "nested", PACKAGE_WHEEL,
          ONE("import os\ndef f():\n  def g():\n    os.system('x')\n  return g\nf()()\n"),
          "os.system", "p/__init__.py:6 -> f.g (4) -> os.system", SURE_IMPORT, 0 },
        { "try", PACKAGE_WHEEL,
          TWO("try:\n    from .b import bad\nexcept ImportError:\n    bad = None\nbad()\n"),
          "os.system", "p/__init__.py:5 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "re-exported", PACKAGE_WHEEL,
          F({ "p/__init__.py", "from .b import bad\n" }, { "p/b.py", BAD },
            { "q.py", "import p\np.bad()\n" }),
          "os.system", "q.py:2 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "async", PACKAGE_WHEEL,
          ONE("import os, asyncio\nasync def f():\n    os.system('x')\nasyncio.run(f())\n"),
          "os.system", "p/__init__.py:4 -> f (3) -> os.system", SURE_IMPORT, 0 },
    };

    RUN(rows);
}

TEST(graph_classes)
{
    static const struct row rows[] = {
        { "init", PACKAGE_WHEEL,
          ONE("import os\nclass A:\n  def __init__(self):\n    os.system('x')\nA()\n"), "os.system",
          "p/__init__.py:5 -> A.__init__ (4) -> os.system", SURE_IMPORT, 0 },
        { "not made", PACKAGE_WHEEL,
          ONE("import os\nclass A:\n  def __init__(self):\n    os.system('x')\n"), "os.system",
          NULL, 0, 0 },
        { "class body", PACKAGE_WHEEL, ONE("import os\nclass A:\n  os.system('x')\n"), "os.system",
          "p/__init__.py:3 -> os.system", SURE_IMPORT, 0 },
        { "method", PACKAGE_WHEEL,
          ONE("import os\nclass A:\n  def f(self):\n    os.system('x')\na = A()\na.f()\n"),
          "os.system", "p/__init__.py:6 -> A.f (4) -> os.system", SURE_IMPORT, 0 },
        { "self", PACKAGE_WHEEL,
          ONE("import os\nclass A:\n  def __init__(self): self.f()\n  def f(self):\n"
              "    os.system('x')\nA()\n"),
          "os.system", "p/__init__.py:6 -> A.__init__ (3) -> A.f (5) -> os.system", SURE_IMPORT,
          0 },
        { "across modules", PACKAGE_WHEEL,
          F({ "p/__init__.py", "from .b import A\nA().f()\n" },
            { "p/b.py", "import os\nclass A:\n  def f(self):\n    os.system('x')\n" }),
          "os.system", "p/__init__.py:2 -> b.A.f (4) -> os.system", SURE_IMPORT, 0 },
        { "inherited across modules", PACKAGE_WHEEL,
          F({ "p/__init__.py", "from .b import A\nclass B(A): pass\nb = B()\nb.f()\n" },
            { "p/b.py", "import os\nclass A:\n  def f(self):\n    os.system('x')\n" }),
          "os.system", "p/__init__.py:4 -> b.A.f (4) -> os.system", SURE_IMPORT, 0 },
        { "super", PACKAGE_WHEEL,
          F({ "p/__init__.py", "from .b import A\nclass B(A):\n  def f(self): super().f()\n"
                               "B().f()\n" },
            { "p/b.py", "import os\nclass A:\n  def f(self):\n    os.system('x')\n" }),
          "os.system", "p/__init__.py:4 -> B.f (3) -> b.A.f (4) -> os.system", SURE_IMPORT, 0 },
        { "field", PACKAGE_WHEEL,
          F({ "p/__init__.py", "from .b import A\nclass C:\n  def __init__(self): self.a = A()\n"
                               "  def g(self): self.a.f()\nC().g()\n" },
            { "p/b.py", "import os\nclass A:\n  def f(self):\n    os.system('x')\n" }),
          "os.system", "p/__init__.py:5 -> C.g (4) -> b.A.f (4) -> os.system", SURE_IMPORT, 0 },
        { "factory", PACKAGE_WHEEL,
          F({ "p/__init__.py", "from .b import make\nmake().f()\n" },
            { "p/b.py", "import os\nclass A:\n  def f(self):\n    os.system('x')\n"
                        "def make(): return A()\n" }),
          "os.system", "p/__init__.py:2 -> b.A.f (4) -> os.system", SURE_IMPORT, 0 },
        { "decorator", PACKAGE_WHEEL,
          ONE("import os\ndef d(f):\n  os.system('x')\n  return f\n@d\ndef g(): pass\n"),
          "os.system", "p/__init__.py:5 -> d (3) -> os.system", SURE_IMPORT, 0 },
        { "wrapper", PACKAGE_WHEEL,
          ONE("import os\ndef d(f):\n  def w():\n    os.system('x')\n  return w\n@d\n"
              "def g(): pass\ng()\n"),
          "os.system", "p/__init__.py:8 -> g (6) -> d.w (4) -> os.system", SURE_IMPORT, 0 },
        { "decorated is called", PACKAGE_WHEEL,
          ONE("import os\ndef d(f):\n  f()\n@d\ndef g(): os.system('x')\n"), "os.system",
          "p/__init__.py:4 -> g (5) -> os.system", PKG_ON_IMPORT, 0 },
        { "class decorator", PACKAGE_WHEEL,
          ONE("import os\ndef d(c):\n  os.system('x')\n  return c\n@d\nclass A: pass\n"),
          "os.system", "p/__init__.py:5 -> d (3) -> os.system", SURE_IMPORT, 0 },
        { "metaclass", PACKAGE_WHEEL,
          ONE("import os\nclass M(type):\n  def __new__(m, *a):\n    os.system('x')\n"
              "class A(metaclass=M): pass\n"),
          "os.system", "p/__init__.py:5 -> M.__new__ (4) -> os.system", SURE_IMPORT, 0 },
        { "metaclass of a base", PACKAGE_WHEEL,
          F({ "p/__init__.py", "from .b import A\nclass B(A): pass\n" },
            { "p/b.py", "import os\nclass M(type):\n  def __init__(m, *a):\n    if a[0] == 'B': "
                        "os.system('x')\nclass A(metaclass=M): pass\n" }),
          "os.system", "p/__init__.py:2 -> b.M.__init__ (4) -> os.system", SURE_IMPORT, 0 },
        { "init_subclass", PACKAGE_WHEEL,
          ONE("import os\nclass A:\n  def __init_subclass__(cls):\n    os.system('x')\n"
              "class B(A): pass\n"),
          "os.system", "p/__init__.py:5 -> A.__init_subclass__ (4) -> os.system", SURE_IMPORT, 0 },
        { "set_name", PACKAGE_WHEEL,
          ONE("import os\nclass D:\n  def __set_name__(self, o, n):\n    os.system('x')\n"
              "class A:\n  d = D()\n"),
          "os.system", "p/__init__.py:6 -> D.__set_name__ (4) -> os.system", SURE_IMPORT, 0 },
        { "property", PACKAGE_WHEEL,
          ONE("import os\nclass A:\n  @property\n  def f(self):\n    os.system('x')\nA().f\n"),
          "os.system", "p/__init__.py:6 -> A.f (5) -> os.system", SURE_IMPORT, 0 },
        { "with", PACKAGE_WHEEL,
          ONE("import os\nclass A:\n  def __enter__(self):\n    os.system('x')\n"
              "  def __exit__(self, *a): pass\nwith A() as a: pass\n"),
          "os.system", "p/__init__.py:6 -> A.__enter__ (4) -> os.system", SURE_IMPORT, 0 },
        { "for", PACKAGE_WHEEL,
          ONE("import os\nclass A:\n  def __iter__(self):\n    os.system('x')\n"
              "for a in A(): pass\n"),
          "os.system", "p/__init__.py:5 -> A.__iter__ (4) -> os.system", SURE_IMPORT, 0 },
        { "operator", PACKAGE_WHEEL,
          ONE("import os\nclass A:\n  def __add__(self, x):\n    os.system('x')\nA() + 1\n"),
          "os.system", "p/__init__.py:5 -> A.__add__ (4) -> os.system", SURE_IMPORT, 0 },
        { "str", PACKAGE_WHEEL,
          ONE("import os\nclass A:\n  def __str__(self):\n    os.system('x')\nstr(A())\n"),
          "os.system", "p/__init__.py:5 -> A.__str__ (4) -> os.system", SURE_IMPORT, 0 },
        { "an instance is called", PACKAGE_WHEEL,
          ONE("import os\nclass A:\n  def __call__(self):\n    os.system('x')\na = A()\na()\n"),
          "os.system", "p/__init__.py:6 -> A.__call__ (4) -> os.system", SURE_IMPORT, 0 },
        { "and one that is not", PACKAGE_WHEEL,
          ONE("import os\nclass A:\n  def __call__(self):\n    os.system('x')\na = A()\n"),
          "os.system", NULL, 0, 0 },
        { "template method", PACKAGE_WHEEL,
          ONE("import os\nclass A:\n  def __init__(self): self.go()\n  def go(self): pass\n"
              "class B(A):\n  def go(self):\n    os.system('x')\nB()\n"),
          "os.system", "p/__init__.py:8 -> A.__init__ (3) -> B.go (7) -> os.system", PKG_ON_IMPORT,
          PKG_SURE },
        { "module getattr", PACKAGE_WHEEL,
          F({ "p/__init__.py", "from . import b\nb.anything\n" },
            { "p/b.py", "import os\ndef __getattr__(name):\n    os.system('x')\n" }),
          "os.system", "p/__init__.py:2 -> b.__getattr__ (3) -> os.system", SURE_IMPORT, 0 },
        { "cyclic bases", PACKAGE_WHEEL,
          ONE("class A(B): pass\nclass B(A): pass\nA().f()\nimport os\nos.system('x')\n"),
          "os.system", "p/__init__.py:5 -> os.system", SURE_IMPORT, 0 },
    };

    RUN(rows);
}

TEST(graph_handed_on)
{
    static const struct row rows[] = {
        { "Thread", PACKAGE_WHEEL,
          TWO("import threading\nfrom .b import bad\nthreading.Thread(target=bad).start()\n"),
          "os.system", "p/__init__.py:3 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "Timer", PACKAGE_WHEEL,
          TWO("from threading import Timer\nfrom .b import bad\nTimer(1, bad).start()\n"),
          "os.system", "p/__init__.py:3 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "atexit", PACKAGE_WHEEL, TWO("import atexit\nfrom . import b\natexit.register(b.bad)\n"),
          "os.system", "p/__init__.py:3 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "atexit decorates", PACKAGE_WHEEL,
          ONE("import os, atexit\n@atexit.register\ndef f(): os.system('x')\n"), "os.system",
          "p/__init__.py:2 -> f (3) -> os.system", SURE_IMPORT, 0 },
        { "submit", PACKAGE_WHEEL,
          TWO("from concurrent.futures import ThreadPoolExecutor as E\nfrom .b import bad\n"
              "with E() as e:\n    e.submit(bad)\n"),
          "os.system", "p/__init__.py:4 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "map", PACKAGE_WHEEL, TWO("from .b import bad\nlist(map(bad, [1]))\n"), "os.system",
          "p/__init__.py:2 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "excepthook", PACKAGE_WHEEL,
          TWO("import sys\nfrom .b import bad\nsys.excepthook = bad\n"), "os.system",
          "p/__init__.py:3 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "meta_path", PACKAGE_WHEEL,
          ONE("import os, sys\nclass F:\n  def find_spec(self, *a):\n    os.system('x')\n"
              "sys.meta_path.append(F())\n"),
          "os.system", "p/__init__.py:5 -> F.find_spec (4) -> os.system", SURE_IMPORT, 0 },
        { "to something unknown", PACKAGE_WHEEL,
          TWO("import lib\nfrom .b import bad\nlib.later(bad)\n"), "os.system", NULL, 0, 0 },
        { "registered", PACKAGE_WHEEL,
          TWO("import typer\nfrom .b import bad\napp = typer.Typer()\napp.command('x')(bad)\n"),
          "os.system", NULL, 0, 0 },
        { "an option's callback", PACKAGE_WHEEL,
          TWO("import typer\nfrom .b import bad\nX = typer.Option(callback=bad)\n"), "os.system",
          NULL, 0, 0 },
        { "decorated as a route", PACKAGE_WHEEL,
          ONE("import os, lib\nr = lib.Router()\n@r.get('/')\ndef f(): os.system('x')\n"),
          "os.system", NULL, 0, 0 },
        { "decorated as a route, and called", PACKAGE_WHEEL,
          ONE("import os, lib\nr = lib.Router()\n@r.get('/')\ndef f(): os.system('x')\nf()\n"),
          "os.system", "p/__init__.py:5 -> f (4) -> os.system", SURE_IMPORT, 0 },
        { "a cached function is called", PACKAGE_WHEEL,
          TWO("import functools\nfrom .b import bad\ng = functools.lru_cache(None)(bad)\ng()\n"),
          "os.system", "p/__init__.py:4 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "what another library made of it is called", PACKAGE_WHEEL,
          TWO("import lib\nfrom .b import bad\ng = lib.wrap(bad)\ng()\n"), "os.system",
          "p/__init__.py:4 -> b.bad (3) -> os.system", PKG_ON_IMPORT, PKG_SURE },
        { "an exit stack", PACKAGE_WHEEL,
          TWO("import contextlib\nfrom .b import bad\nwith contextlib.ExitStack() as s:\n"
              "  s.callback(bad)\n"),
          "os.system", "p/__init__.py:4 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "a callback of something", PACKAGE_WHEEL,
          TWO("import lib\nfrom .b import bad\nlib.app.callback(bad)\n"), "os.system",
          "p/__init__.py:3 -> b.bad (3) -> os.system", PKG_ON_IMPORT, PKG_SURE },
        { "it decorates, and nobody calls", PACKAGE_WHEEL,
          ONE("import os, functools\ndef d(f):\n  @functools.wraps(f)\n  def w(*a):\n"
              "    return f(*a)\n  return w\n@d\ndef g(): os.system('x')\n"),
          "os.system", NULL, 0, 0 },
        { "of the same name as what it wraps", PACKAGE_WHEEL,
          ONE("import os\nfrom functools import wraps\ndef f(): os.system('x')\nclass A:\n"
              "  @wraps(f)\n  def f(self): return f()\n"),
          "os.system", NULL, 0, 0 },
        { "a decorator calls itself", PACKAGE_WHEEL,
          ONE("import os\nclass D:\n  def __call__(self, f):\n    self(f.x)\n    return f\n"
              "d = D()\n@d\ndef g(): os.system('x')\n"),
          "os.system", NULL, 0, 0 },
        { "python -m", PACKAGE_WHEEL,
          F({ "p/__init__.py", "import subprocess, sys\n"
                               "subprocess.Popen([sys.executable, '-m', 'p.b'])\n" },
            { "p/b.py", "import os\nif __name__ == '__main__':\n    os.system('x')\n" }),
          "os.system", "p/__init__.py:2 -> p/b.py:3 -> os.system", SURE_IMPORT, 0 },
    };

    RUN(rows);
}

TEST(graph_fetches)
{
    static const struct row rows[] = {
        { "urlopen", PACKAGE_WHEEL,
          F({ "a3s_code/__init__.py",
              "\n\n\n\n\n\n\n\nfrom . import _bootstrap\n_bootstrap.ensure_native_loaded()\n" },
            { "a3s_code/_bootstrap.py", "import urllib.request\n\ndef _http_get(u):\n"
                                        "    with urllib.request.urlopen(u) as r:\n"
                                        "        return r.read()\n\n"
                                        "def ensure_native_loaded():\n    _http_get('x')\n" }),
          "urllib.request.urlopen",
          "a3s_code/__init__.py:10 -> _bootstrap.ensure_native_loaded (8) -> _http_get (4) -> "
          "urllib.request.urlopen",
          SURE_IMPORT | PY_CALLED, 0 },
        { "from", PACKAGE_WHEEL, ONE("from requests import get as g\ng('u')\n"), "requests.get",
          "p/__init__.py:2 -> requests.get", SURE_IMPORT, 0 },
        { "session", PACKAGE_WHEEL, ONE("import requests\ns = requests.Session()\ns.get('u')\n"),
          "requests.Session().get", "p/__init__.py:3 -> requests.Session().get", SURE_IMPORT, 0 },
        { "session of an object", PACKAGE_WHEEL,
          ONE("import httpx\nclass A:\n  def __init__(self):\n    self.c = httpx.Client()\n"
              "  def f(self):\n    self.c.get('u')\nA().f()\n"),
          "httpx.Client().get", "p/__init__.py:7 -> A.f (6) -> httpx.Client().get", SURE_IMPORT,
          0 },
        { "quote is none", PACKAGE_WHEEL, ONE("import urllib.parse\nurllib.parse.quote('u')\n"),
          "urllib.parse.quote", NULL, 0, 0 },
    };

    RUN(rows);
}

TEST(graph_phases)
{
    static const struct row rows[] = {
        { "below __main__", PACKAGE_WHEEL,
          ONE("import os\nif __name__ == '__main__':\n    os.system('x')\n"), "os.system", NULL, 0,
          0 },
        { "below TYPE_CHECKING", PACKAGE_WHEEL,
          ONE("import os\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
              "    os.system('x')\n"),
          "os.system", NULL, 0, 0 },
        { "else of TYPE_CHECKING", PACKAGE_WHEEL,
          ONE("import os\nimport typing\nif typing.TYPE_CHECKING:\n    pass\nelse:\n"
              "    os.system('x')\n"),
          "os.system", "p/__init__.py:6 -> os.system", SURE_IMPORT, 0 },
        { "__main__.py", PACKAGE_WHEEL, F({ "p/__main__.py", "import os\nos.system('x')\n" }),
          "os.system", NULL, 0, 0 },
        { "a script", PACKAGE_WHEEL,
          F({ "p-1.data/scripts/run.py", "import os\nos.system('x')\n" }), "os.system", NULL, 0,
          0 },
        { "purelib", PACKAGE_WHEEL,
          F({ "p-1.data/purelib/p/a.py", "import p.b\np.b.bad()\n" }, { "p/b.py", BAD }),
          "os.system", "p-1.data/purelib/p/a.py:2 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { ".pth", PACKAGE_WHEEL, F({ "x.pth", "import p.b; p.b.bad()\n" }, { "p/b.py", BAD }),
          "os.system", "x.pth:1 -> b.bad (3) -> os.system", PKG_ON_START | PKG_SURE, 0 },
        { ".pth imports", PACKAGE_WHEEL,
          F({ "x.pth", "import p.b\n" }, { "p/b.py", BAD "bad()\n" }), "os.system",
          "x.pth:1 -> p/b.py:4 -> bad (3) -> os.system", PKG_ON_START | PKG_SURE, 0 },
        { "sitecustomize", PACKAGE_WHEEL, F({ "sitecustomize.py", BAD "bad()\n" }), "os.system",
          "sitecustomize.py:4 -> bad (3) -> os.system", PKG_ON_START, 0 },
        { "setup.py", PACKAGE_SDIST,
          F({ "p-1/setup.py", "import os\nif __name__ == '__main__':\n    os.system('x')\n" }),
          "os.system", "p-1/setup.py:3 -> os.system", PKG_ON_INSTALL | PKG_SURE, 0 },
        { "beside setup.py", PACKAGE_SDIST,
          F({ "p-1/setup.py", "from conf import bad\nbad()\n" }, { "p-1/conf.py", BAD }),
          "os.system", "p-1/setup.py:2 -> conf.bad (3) -> os.system", PKG_ON_INSTALL, 0 },
        { "cmdclass", PACKAGE_SDIST,
          F({ "p-1/setup.py",
              "import os\nfrom setuptools import setup\n"
              "from setuptools.command.install import install\nclass I(install):\n"
              "  def run(self):\n    os.system('x')\nsetup(cmdclass={'install': I})\n" }),
          "os.system", "p-1/setup.py:I.run (6) -> os.system", PKG_ON_INSTALL | PKG_SURE, 0 },
        { "cmdclass of another module", PACKAGE_SDIST,
          F({ "p-1/setup.py", "from setuptools import setup\nfrom cmds import I\n"
                              "setup(cmdclass=dict(install=I))\n" },
            { "p-1/cmds.py", "import os\nfrom setuptools.command.install import install\n"
                             "class I(install):\n  def run(self):\n    os.system('x')\n" }),
          "os.system", "p-1/setup.py:3 -> cmds.I.run (5) -> os.system", PKG_ON_INSTALL, 0 },
        { "backend", PACKAGE_SDIST,
          F({ "p-1/pyproject.toml", "[build-system]\nrequires = []\nbuild-backend = \"back\"\n"
                                    "backend-path = [\".\"]\n" },
            { "p-1/back.py", "import os\ndef build_wheel(d, *a):\n    os.system('x')\n" }),
          "os.system", "p-1/back.py:build_wheel (3) -> os.system", PKG_ON_INSTALL, 0 },
        { "backend in a folder", PACKAGE_SDIST,
          F({ "p-1/pyproject.toml", "[build-system]\nbuild-backend = 'back.x'\n"
                                    "backend-path = [\n  'tools',\n]\n" },
            { "p-1/tools/back/x.py", "import os\ndef build_sdist(d):\n    os.system('x')\n" }),
          "os.system", "p-1/tools/back/x.py:build_sdist (3) -> os.system", PKG_ON_INSTALL, 0 },
        { "hatch", PACKAGE_SDIST,
          F({ "p-1/hatch_build.py", "import os\nfrom hatchling.builders.hooks.plugin.interface "
                                    "import BuildHookInterface\nclass H(BuildHookInterface):\n"
                                    "  def initialize(self, v, d):\n    os.system('x')\n" }),
          "os.system", "p-1/hatch_build.py:H.initialize (5) -> os.system", PKG_ON_INSTALL, 0 },
        { "src", PACKAGE_SDIST,
          F({ "p-1/src/p/__init__.py", "from p.b import bad\nbad()\n" }, { "p-1/src/p/b.py", BAD }),
          "os.system", "p-1/src/p/__init__.py:2 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "tests of an sdist", PACKAGE_SDIST,
          F({ "p-1/tests/test_x.py", "import os\nos.system('x')\n" }), "os.system", NULL, 0, 0 },
        { "entry point", PACKAGE_WHEEL,
          F({ "p-1.dist-info/entry_points.txt",
              "[console_scripts]\nx = p.c:main\n[distutils.commands]\nq = p.b:bad\n" },
            { "p/b.py", BAD }),
          "os.system", "p/b.py:bad (3) -> os.system", PKG_ON_IMPORT, 0 },
        { "namespace", PACKAGE_WHEEL,
          F({ "n/c/__init__.py", "from n.d import bad\nbad()\n" }, { "n/d/__init__.py", BAD }),
          "os.system", "n/c/__init__.py:2 -> d.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "cyclic imports", PACKAGE_WHEEL,
          F({ "p/a.py", "from .b import *\nfrom .b import x\n" },
            { "p/b.py", "from .a import *\nfrom .a import x\nx()\nimport os\nos.system('x')\n" }),
          "os.system", "p/b.py:5 -> os.system", SURE_IMPORT, 0 },
        { "two of one name", PACKAGE_WHEEL,
          F({ "p.py", "def bad(): pass\n" }, { "p/__init__.py", BAD },
            { "q.py", "import p\np.bad()\n" }),
          "os.system", "q.py:2 -> p.bad (3) -> os.system", SURE_IMPORT, 0 },
    };

    RUN(rows);
}

/* What stands below a test that is false on import, and what only looks like one. */
TEST(graph_guards)
{
    static const struct row rows[] = {
        { "__main__ and another test", PACKAGE_WHEEL,
          ONE("import os, sys\nif sys.platform != 'x' and __name__ == '__main__':\n"
              "    def f(): return 1\n    os.system('x')\n    f()\n"),
          "os.system", NULL, 0, 0 },
        { "__main__ or another test", PACKAGE_WHEEL,
          ONE("import os, sys\nif sys.platform != 'x' or __name__ == '__main__':\n"
              "    os.system('x')\n"),
          "os.system", "p/__init__.py:3 -> os.system", SURE_IMPORT, 0 },
        { "else of not __main__", PACKAGE_WHEEL,
          ONE("import os\nif __name__ != '__main__':\n    pass\nelse:\n    os.system('x')\n"),
          "os.system", NULL, 0, 0 },
        { "behind a nested function", PACKAGE_WHEEL,
          ONE("import os\nif '__main__' == __name__:\n    def f():\n        return lambda: 1\n"
              "    class A:\n        x = [y for y in f()]\n    os.system('x')\n"),
          "os.system", NULL, 0, 0 },
        { "behind what stands below it", PACKAGE_WHEEL,
          ONE("import os\nif __name__ == '__main__':\n    def f(): pass\nos.system('x')\n"),
          "os.system", "p/__init__.py:4 -> os.system", SURE_IMPORT, 0 },
        { "p.__main__", PACKAGE_WHEEL,
          ONE("import os\nif __name__ == 'p.__main__':\n    os.system('x')\n"), "os.system",
          "p/__init__.py:3 -> os.system", SURE_IMPORT, 0 },
        { "a name of one's own", PACKAGE_WHEEL,
          ONE("import os\n__name__ = '__main__'\nif __name__ == '__main__':\n    os.system('x')\n"),
          "os.system", "p/__init__.py:4 -> os.system", SURE_IMPORT, 0 },
        { "TYPE_CHECKING is False", PACKAGE_WHEEL,
          ONE("import os\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n    os.system('x')\n"),
          "os.system", NULL, 0, 0 },
        { "TYPE_CHECKING is True", PACKAGE_WHEEL,
          ONE("import os\nTYPE_CHECKING = True\nif TYPE_CHECKING:\n    os.system('x')\n"),
          "os.system", "p/__init__.py:4 -> os.system", SURE_IMPORT, 0 },
        { "TYPE_CHECKING of elsewhere", PACKAGE_WHEEL,
          ONE("import os\nfrom .c import TYPE_CHECKING\nif TYPE_CHECKING:\n    os.system('x')\n"),
          "os.system", "p/__init__.py:4 -> os.system", SURE_IMPORT, 0 },
        { "TYPE_CHECKING is a module", PACKAGE_WHEEL,
          ONE("import os\nimport typing as TYPE_CHECKING\nif TYPE_CHECKING:\n    os.system('x')\n"),
          "os.system", "p/__init__.py:4 -> os.system", SURE_IMPORT, 0 },
        { "TYPE_CHECKING is set", PACKAGE_WHEEL,
          ONE("import os, typing\ntyping.TYPE_CHECKING = 1\nif typing.TYPE_CHECKING:\n"
              "    os.system('x')\n"),
          "os.system", "p/__init__.py:4 -> os.system", SURE_IMPORT, 0 },
    };

    RUN(rows);
}

/* What is imported by itself, and what only by those who want it. */
#define AT(path) F({ path, "import os\nos.system('x')\n" }, { "p/b.py", "x = 1\n" })
TEST(graph_asides)
{
    static const struct row rows[] = {
        { "tests", PACKAGE_WHEEL, AT("p/tests/a.py"), "os.system", NULL, 0, 0 },
        { "a test", PACKAGE_WHEEL, AT("p/test_a.py"), "os.system", NULL, 0, 0 },
        { "another", PACKAGE_WHEEL, AT("p/a_test.py"), "os.system", NULL, 0, 0 },
        { "conftest", PACKAGE_WHEEL, AT("p/conftest.py"), "os.system", NULL, 0, 0 },
        { "an example", PACKAGE_WHEEL, AT("examples/a.py"), "os.system", NULL, 0, 0 },
        { "no name for it", PACKAGE_WHEEL, AT("p/test-data/a.py"), "os.system", NULL, 0, 0 },
        { "no name for the file", PACKAGE_WHEEL, AT("p/2a.py"), "os.system", NULL, 0, 0 },
        { "testing", PACKAGE_WHEEL, AT("p/testing/a.py"), "os.system", NULL, 0, 0 },
        { "latest", PACKAGE_WHEEL, AT("p/latest.py"), "os.system", "p/latest.py:2 -> os.system",
          SURE_IMPORT, 0 },
        { "imported after all", PACKAGE_WHEEL,
          F({ "p/__init__.py", "from .tests import test_a\n" },
            { "p/tests/test_a.py", "import os\nos.system('x')\n" }),
          "os.system", "p/__init__.py:1 -> p/tests/test_a.py:2 -> os.system", SURE_IMPORT, 0 },
        { "named by an entry point", PACKAGE_WHEEL,
          F({ "p-1.dist-info/entry_points.txt", "[pytest11]\nx = p.tests.a\n" },
            { "p/__init__.py", "x = 1\n" }, { "p/tests/a.py", "import os\nos.system('x')\n" }),
          "os.system", "p/tests/a.py:2 -> os.system", SURE_IMPORT, 0 },
        { "run by its path", PACKAGE_WHEEL,
          F({ "p/__init__.py", "exec(compile(open('tests/a.py').read(), 'a', 'exec'))\n" },
            { "p/tests/a.py", "import os\nos.system('x')\n" }),
          "os.system", "p/__init__.py:1 -> p/tests/a.py:2 -> os.system", SURE_IMPORT, 0 },
        { "run by the end of its path", PACKAGE_WHEEL,
          F({ "p/__init__.py", "import os, pathlib\nh = pathlib.Path(__file__).parent\n"
                               "code = (h / 'test-data/a.py').read_text()\nexec(code)\n" },
            { "p/test-data/a.py", "import os\nos.system('x')\n" }),
          "os.system", "p/__init__.py:4 -> p/test-data/a.py:2 -> os.system", SURE_IMPORT, 0 },
        { "opened below with", PACKAGE_WHEEL,
          F({ "p/__init__.py", "import os\nwith open(os.path.join(os.path.dirname(__file__), "
                               "'a-b.py')) as f:\n  exec(f.read())\n" },
            { "p/a-b.py", "import os\nos.system('x')\n" }),
          "os.system", "p/__init__.py:3 -> p/a-b.py:2 -> os.system", SURE_IMPORT, 0 },
        { "opened alone", PACKAGE_WHEEL,
          F({ "p/__init__.py", "text = open('tests/a.py').read()\n" },
            { "p/tests/a.py", "import os\nos.system('x')\n" }),
          "os.system", "p/__init__.py:1 -> p/tests/a.py:2 -> os.system", PKG_ON_IMPORT, PKG_SURE },
        { "nothing else is there", PACKAGE_WHEEL,
          F({ "tests/__init__.py", "import os\nos.system('x')\n" }), "os.system",
          "tests/__init__.py:2 -> os.system", SURE_IMPORT, 0 },
        { "examples of an sdist", PACKAGE_SDIST, AT("p-1/src/p/examples/a.py"), "os.system", NULL,
          0, 0 },
        { "a folder of an sdist", PACKAGE_SDIST, AT("p-1/my-lib/src/q.py"), "os.system",
          "p-1/my-lib/src/q.py:2 -> os.system", SURE_IMPORT, 0 },
    };

    RUN(rows);
}

/* Steps that are certain, and those that a name alone tells. */
#define HELPER "import os\nclass H:\n  def go(self): os.system('x')\n"
TEST(graph_certain)
{
    static const struct row rows[] = {
        { "an attribute that the class sets", PACKAGE_WHEEL,
          ONE(HELPER "class C:\n  def __init__(self): self.h = H()\n  def run(self): self.h.go()\n"
                     "C().run()\n"),
          "os.system", "p/__init__.py:7 -> C.run (6) -> H.go (3) -> os.system", SURE_IMPORT, 0 },
        { "that the class above sets", PACKAGE_WHEEL,
          ONE(HELPER "class B:\n  def __init__(self): self.h = H()\nclass C(B):\n"
                     "  def run(self): self.h.go()\nC().run()\n"),
          "os.system", "p/__init__.py:8 -> C.run (7) -> H.go (3) -> os.system", SURE_IMPORT, 0 },
        { "that another class sets", PACKAGE_WHEEL,
          ONE(HELPER "class B:\n  def __init__(self): self.h = H()\nclass C:\n"
                     "  def run(self): self.h.go()\nC().run()\n"),
          "os.system", "p/__init__.py:8 -> C.run (7) -> H.go (3) -> os.system", PKG_ON_IMPORT,
          PKG_SURE },
        { "that another sets, while this defines it", PACKAGE_WHEEL,
          ONE(HELPER "class B:\n  def f(self): self.run = 1\nclass C:\n"
                     "  def run(self): H().go()\nC().run()\n"),
          "os.system", "p/__init__.py:8 -> C.run (7) -> H.go (3) -> os.system", SURE_IMPORT, 0 },
        { "set on the class from outside", PACKAGE_WHEEL,
          F({ "p/__init__.py", "from .b import bad\nfrom .c import C\nC().go()\n" },
            { "p/b.py", BAD }, { "p/c.py", "from .b import bad\nclass C: pass\nC.go = bad\n" }),
          "os.system", "p/__init__.py:3 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "with a type", PACKAGE_WHEEL,
          F({ "p/__init__.py", "from .b import H\nfrom .c import C\nC().h.go()\n" },
            { "p/b.py", HELPER },
            { "p/c.py", "from .b import H\nclass C:\n  def __init__(self): self.h: H = H()\n" }),
          "os.system", "p/__init__.py:3 -> b.H.go (3) -> os.system", SURE_IMPORT, 0 },
        { "set on a name", PACKAGE_WHEEL,
          TWO("import types\nfrom .b import bad\nn = types.SimpleNamespace()\nn.f = bad\nn.f()\n"),
          "os.system", "p/__init__.py:5 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "set on a function", PACKAGE_WHEEL, ONE(BAD "def g(): pass\ng.f = bad\ng.f()\n"),
          "os.system", "p/__init__.py:6 -> bad (3) -> os.system", SURE_IMPORT, 0 },
        { "set on another name", PACKAGE_WHEEL,
          TWO("import types\nfrom .b import bad\nn = types.SimpleNamespace()\nn.f = bad\nm.f()\n"),
          "os.system", NULL, 0, 0 },
        { "a singleton", PACKAGE_WHEEL,
          ONE("import os\nclass R:\n  it = None\n  def __new__(cls):\n"
              "    cls.it = super().__new__(cls)\n    cls.it.go()\n    return cls.it\n"
              "  def go(self): os.system('x')\nclass A:\n  r = R()\n"),
          "os.system", "p/__init__.py:10 -> R.__new__ (6) -> R.go (8) -> os.system", SURE_IMPORT,
          0 },
        { "of several callers", PACKAGE_WHEEL,
          ONE(BAD "def ok(): pass\ndef run(f):\n  g = f\n  g()\nrun(ok)\nrun(bad)\n"), "os.system",
          "p/__init__.py:8 -> run (7) -> bad (3) -> os.system", PKG_ON_IMPORT, PKG_SURE },
        { "of a dictionary", PACKAGE_WHEEL,
          ONE(BAD "d = {'a': bad}\nfor f in d.values():\n  f()\n"), "os.system",
          "p/__init__.py:6 -> bad (3) -> os.system", SURE_IMPORT, 0 },
        { "of some object's dictionary", PACKAGE_WHEEL,
          ONE(BAD "class A:\n  def g(self): self.d = {'a': bad}\ndef h(x):\n"
                  "  for f in x.d.values():\n    f()\nh(1)\n"),
          "os.system", "p/__init__.py:9 -> h (8) -> bad (3) -> os.system", PKG_ON_IMPORT,
          PKG_SURE },
        { "a module beside it", PACKAGE_WHEEL,
          F({ "p/__init__.py", "import redis\nredis.bad()\n" }, { "p/redis.py", BAD }), "os.system",
          NULL, 0, 0 },
        { "a module beside it, on the search path", PACKAGE_WHEEL,
          F({ "p/__init__.py", "import sys\nsys.path.insert(0, __path__[0])\n" },
            { "p/a.py", "import redis\nredis.bad()\n" }, { "p/redis.py", BAD }),
          "os.system", "p/a.py:2 -> redis.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "an attribute in an annotation", PACKAGE_WHEEL,
          F({ "p/__init__.py",
              "from .b import t\ndef f(x: dict[str, t.T]) -> dict[str, t.T]: pass\n" },
            { "p/b.py",
              "import os\nclass L:\n  def __getattr__(self, n): os.system('x')\nt = L()\n" }),
          "os.system", NULL, 0, 0 },
        { "a call in an annotation", PACKAGE_WHEEL,
          F({ "p/__init__.py", "from .b import bad\ndef f(x: dict[str, bad()]): pass\n" },
            { "p/b.py", BAD }),
          "os.system", "p/__init__.py:2 -> b.bad (3) -> os.system", SURE_IMPORT, 0 },
        { "a method of something unknown", PACKAGE_WHEEL,
          ONE(HELPER "import lib\nlib.make().x.go()\n"), "os.system", NULL, 0, 0 },
        { "an operator of the class itself", PACKAGE_WHEEL,
          ONE("import os\nclass A:\n  def __or__(self, x): os.system('x')\nB = A | int\n"),
          "os.system", NULL, 0, 0 },
        { "an operator of an instance", PACKAGE_WHEEL,
          ONE("import os\nclass A:\n  def __or__(self, x): os.system('x')\nB = A() | 1\n"),
          "os.system", "p/__init__.py:4 -> A.__or__ (3) -> os.system", SURE_IMPORT, 0 },
        { "an operator of the metaclass", PACKAGE_WHEEL,
          ONE("import os\nclass M(type):\n  def __or__(self, x): os.system('x')\n"
              "class A(metaclass=M): pass\nB = A | int\n"),
          "os.system", "p/__init__.py:5 -> M.__or__ (3) -> os.system", SURE_IMPORT, 0 },
    };

    RUN(rows);
}

/* What a build runs, as the configuration says. */
#define COMMANDS                                                                                   \
    "import os\nfrom setuptools.command.build_py import build_py\nclass B(build_py):\n"            \
    "  def run(self): os.system('x')\ndef get(): os.system('x')\n"
#define PROJECT(text) F({ "p-1/pyproject.toml", text }, { "p-1/back/cmds.py", COMMANDS })
#define CONFIG(text)  F({ "p-1/setup.cfg", text }, { "p-1/back/cmds.py", COMMANDS })
#define RUNS_B        "os.system", "p-1/back/cmds.py:B.run (4) -> os.system", PKG_ON_INSTALL | PKG_SURE, 0
#define AT_TOP(toml, path)                                                                         \
    F({ "p-1/pyproject.toml", toml },                                                              \
      { "p-1/" path, "import os\nif __name__ == '__main__':\n  os.system('x')\n" })
TEST(graph_builds)
{
    static const struct row rows[] = {
        { "cmdclass", PACKAGE_SDIST,
          PROJECT("[tool.setuptools.cmdclass]\nbuild_py = \"back.cmds.B\"\n"), RUNS_B },
        { "cmdclass in a line", PACKAGE_SDIST,
          PROJECT("[tool.setuptools]\ncmdclass = { \"build_py\" = 'back.cmds.B' }\n"), RUNS_B },
        { "cmdclass, dotted", PACKAGE_SDIST,
          PROJECT("[ tool . \"setuptools\" ]\ncmdclass.build_py = 'back.cmds.B'\n"), RUNS_B },
        { "cmdclass of another tool", PACKAGE_SDIST,
          PROJECT("[tool.other.cmdclass]\nbuild_py = \"back.cmds.B\"\n"), "os.system", NULL, 0, 0 },
        { "cmdclass in a comment", PACKAGE_SDIST,
          PROJECT("[tool.setuptools.cmdclass]\n# build_py = \"back.cmds.B\"\n"), "os.system", NULL,
          0, 0 },
        { "setup.cfg", PACKAGE_SDIST,
          CONFIG("[options]\nname = p\ncmdclass =\n    build_py = back.cmds.B\n"), RUNS_B },
        { "setup.cfg, of another key", PACKAGE_SDIST,
          CONFIG("[options]\ncmdclass =\npackages =\n    build_py = back.cmds.B\n"), "os.system",
          NULL, 0, 0 },
        { "distutils.commands", PACKAGE_SDIST,
          CONFIG("[options.entry_points]\ndistutils.commands =\n  b = back.cmds:B\n"), RUNS_B },
        { "console_scripts", PACKAGE_SDIST,
          CONFIG("[options.entry_points]\nconsole_scripts =\n  b = back.cmds:B\n"), "os.system",
          NULL, 0, 0 },
        { "attr", PACKAGE_SDIST,
          F({ "p-1/setup.cfg", "[metadata]\nversion = attr: tools.v.VERSION\n" },
            { "p-1/tools/v.py", "import os\nos.system('x')\n" }),
          "os.system", "p-1/tools/v.py:2 -> os.system", PKG_ON_INSTALL | PKG_SURE, 0 },
        { "getter of pdm", PACKAGE_SDIST,
          PROJECT("[tool.pdm.version]\nsource = 'call'\ngetter = 'back.cmds:get'\n"), "os.system",
          "p-1/back/cmds.py:get (5) -> os.system", PKG_ON_INSTALL | PKG_SURE, 0 },
        { "poetry", PACKAGE_SDIST, AT_TOP("[tool.poetry]\nbuild = 'build.py'\n", "build.py"),
          "os.system", "p-1/build.py:3 -> os.system", PKG_ON_INSTALL | PKG_SURE, 0 },
        { "poetry's script", PACKAGE_SDIST,
          AT_TOP("[tool.poetry.build]\nscript = 'tools/x.py'\n", "tools/x.py"), "os.system",
          "p-1/tools/x.py:3 -> os.system", PKG_ON_INSTALL | PKG_SURE, 0 },
        { "a file that nothing names", PACKAGE_SDIST, AT_TOP("[tool.poetry]\n", "build.py"),
          "os.system", NULL, 0, 0 },
        { "hatch's hook elsewhere", PACKAGE_SDIST,
          F({ "p-1/pyproject.toml", "[tool.hatch.build.targets.wheel.hooks.custom]\n"
                                    "path = 'tools/h.py'\n" },
            { "p-1/tools/h.py", "import os\nclass H:\n  def initialize(self, v, d):\n"
                                "    os.system('x')\n" }),
          "os.system", "p-1/tools/h.py:H.initialize (4) -> os.system", PKG_ON_INSTALL | PKG_SURE,
          0 },
        { "pdm's hook elsewhere", PACKAGE_SDIST,
          F({ "p-1/pyproject.toml", "[tool.pdm.build]\ncustom-hook = 'tools/h.py'\n" },
            { "p-1/tools/h.py", "import os\ndef pdm_build_initialize(c):\n  os.system('x')\n" }),
          "os.system", "p-1/tools/h.py:pdm_build_initialize (3) -> os.system",
          PKG_ON_INSTALL | PKG_SURE, 0 },
        { "a provider of metadata", PACKAGE_SDIST,
          F({ "p-1/pyproject.toml", "[tool.scikit-build.metadata.version]\nprovider = 'v'\n"
                                    "provider-path = '_own'\n" },
            { "p-1/_own/v.py", "import os\ndef dynamic_metadata(f, s):\n  os.system('x')\n" }),
          "os.system", "p-1/_own/v.py:dynamic_metadata (3) -> os.system", PKG_ON_INSTALL | PKG_SURE,
          0 },
    };

    RUN(rows);
}

/* Classes that stand in diamonds, one upon the other: as many ways up as 2 to the 40th. */
TEST(graph_diamonds)
{
    enum { DEEP = 40 };
    char *text = malloc(DEEP * 64 + 256);
    size_t n = (size_t)sprintf(text, "import os\nclass L0:\n  def go(s): os.system('x')\n"
                                     "class R0(L0): pass\n");
    struct harness h;
    const struct fact *f;

    for (unsigned i = 1; i < DEEP; i++)
        n += (size_t)sprintf(text + n, "class L%u(L%u, R%u): pass\nclass R%u(L%u, R%u): pass\n", i,
                             i - 1, i - 1, i, i - 1, i - 1);
    n += (size_t)sprintf(text + n, "L%u().none()\nL%u().go()\n", DEEP - 1, DEEP - 1);
    harness_init(&h);
    begin(&h, &(struct file){ "a.py", "" }, 1, PACKAGE_WHEEL);
    CHECK(scan_file(&h, SPAN_LITERAL("a.py"), span_of(text, n)) == PRATIQUE_OK, "it is read");
    CHECK(package_end(&h.scan, PRATIQUE_OK) == PRATIQUE_OK, "it ends");
    f = find(&h, FACT_PKG_RUNS, "os.system");
    CHECK(f && f->flags & PKG_SURE, "the method is found");
    CHECK(!find(&h, FACT_PKG_NOT_LINKED, "too much to link"), "within its steps");
    harness_free(&h);
    free(text);
}

/* A chain through very many functions; both ends of it are printed. */
TEST(graph_many)
{
    enum { MANY = 100000 };
    char *text = malloc((size_t)MANY * 48 + 256);
    size_t n = 0;
    struct harness h;
    const struct fact *f;

    n += (size_t)sprintf(text + n, "import os\n");
    for (unsigned i = 0; text && i < MANY; i++)
        n += (size_t)sprintf(text + n, "def f%u(): f%u()\n", i, i + 1);
    n += (size_t)sprintf(text + n, "def f%u(): os.system('x')\nf0()\n", (unsigned)MANY);
    harness_init(&h);
    h.budget.memory_left = 1u << 30;
    begin(&h, &(struct file){ "a.py", "" }, 1, PACKAGE_WHEEL);
    CHECK(scan_file(&h, SPAN_LITERAL("a.py"), span_of(text, n)) == PRATIQUE_OK, "it is read");
    CHECK(package_end(&h.scan, PRATIQUE_OK) == PRATIQUE_OK, "it ends");
    f = find(&h, FACT_PKG_RUNS, "os.system");
    CHECK(f != NULL, "the end of the chain is reached");
    if (f)
        CHECK(span_starts(f->refs[PKG_REF_CHAIN], SPAN_LITERAL("a.py -> ... -> ")) &&
                  span_ends(f->refs[PKG_REF_CHAIN],
                            SPAN_LITERAL("f99999 (100001) -> f100000 (100002) -> os.system")),
              "%.*s", (int)f->refs[PKG_REF_CHAIN].n, (const char *)f->refs[PKG_REF_CHAIN].p);
    harness_free(&h);
    free(text);
}

/* What stands in a package beside what runs. */
TEST(graph_others)
{
    static const struct file files[] = {
        { "x.pth", "import p.b\n# nothing\nimport sys; sys.x = 1\n" },
        { "p/__init__.py", "from . import b\n" },
        { "p/b.py", BAD },
        { "p.py", "x = 1\n" },
    };
    struct harness h;
    const struct fact *f;

    harness_init(&h);
    CHECK(scan_all(&h, files, 4, PACKAGE_WHEEL) == PRATIQUE_OK, "read");
    f = find(&h, FACT_PKG_PTH, "x.pth");
    CHECK(f && f->line == 1 && span_is(f->detail, "import p.b"), "a .pth file is shown");
    f = find(&h, FACT_PKG_NOT_LINKED, "two modules of one name");
    CHECK(f && span_is(f->detail, "p: p/__init__.py, p.py"), "two modules of one name: %.*s",
          f ? (int)f->detail.n : 0, f ? (const char *)f->detail.p : "");
    harness_free(&h);
}
