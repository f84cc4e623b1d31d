/* src/report: what is told of a watch. */
#include "../watch/sample.h"
#include "report/watched.h"
#include "report/writer.h"
#include "test.h"

static bool into_buf(void *user, const char *text, size_t len)
{
    return buf_add(user, text, len);
}

static void write_report(struct buf *b, enum pratique_format f, const struct pratique_style *style,
                         const struct pratique_report *r)
{
    struct pratique_writer *w = NULL;

    buf_init(b, 1 << 26);
    CHECK(pratique_writer_begin(&w, f, style, NULL, into_buf, b) == PRATIQUE_OK, "begin");
    CHECK(pratique_writer_add(w, r) == PRATIQUE_OK, "add");
    CHECK(pratique_writer_end(w) == PRATIQUE_OK, "end");
}

TEST(watched_text)
{
    struct pratique_style style = { .width = 100 };
    struct buf b;
    const char *at;

    write_report(&b, PRATIQUE_TEXT, &style, sample_guilty("m.whl"));
    at = strstr(b.p, "  watched ");
    CHECK(
        at &&
            strcmp(at,
                   "  watched   full isolation, CPython 3.11.2 (/usr/bin/python3.11)\n"
                   "  imported  mistralai\n"
                   "  failed    mistralai.client (ImportError: No module named 'httpx')\n"
                   "  processes python3 /home/alex/project/main.py  pid 2, +0.000 s to +0.290 s\n"
                   "              python3 /tmp/transformers.pyz  pid 7, +0.240 s to +0.420 s, "
                   "signal 9\n"
                   "                sh -c \"while true; do sleep 60; done\"  pid 8, +0.300 s to "
                   "the end\n"
                   "            python3 /home/alex/project/main.py  pid 2, +2.001 s to +2.400 s\n"
                   "  timeline  +0.210 s  lookup     files.example (A)  WAT002\n"
                   "            +0.213 s  connect    tcp 198.18.0.7:443 (files.example)  WAT002\n"
                   "            +0.220 s  request    https://files.example/transformers.pyz (GET), "
                   "204 bytes  WAT002\n"
                   "                      by mistralai/__init__.py:3 -> ... -> "
                   "mistralai/client/__init__.py:14\n"
                   "                         _run_background_task -> urllib.request.urlopen\n"
                   "            +0.240 s  exec       /usr/bin/python3.11: python3 "
                   "/tmp/transformers.pyz  WAT001\n"
                   "                      by mistralai/client/__init__.py:22 _run_background_task "
                   "->\n"
                   "                         subprocess.Popen.__init__\n"
                   "            +0.262 s  canary     python: "
                   "https://files.example/transformers.pyz  WAT001\n"
                   "            +1.900 s  left       /tmp/transformers.pyz, 512 bytes: PK  "
                   "WAT003\n"
                   "\n"
                   "1 artifact, 12.3 kB: 1 refused\n") == 0,
        "%s", b.p);
    buf_free(&b);
}

TEST(watched_text_of_a_command)
{
    struct buf b;

    write_report(&b, PRATIQUE_TEXT, NULL, sample_command(9));
    CHECK(strcmp(b.p, "admit       make all  command, policy watch\n"
                      "  watched   weak isolation; the command ended with signal 9\n"
                      "            layers: NOT landlock (the kernel has none)\n"
                      "  stdout    cc -c a.c (10 bytes)\n"
                      "1 artifact, 0 bytes: 1 admitted\n") == 0,
          "%s", b.p);
    buf_free(&b);
}

/* An admitted wheel: what of it ran, and what did not; a second round and pass say it again. */
TEST(watched_text_of_what_was_admitted)
{
#define IMPORTED(name, why, n)                                                                     \
    {                                                                                              \
        .kind = "imported", .subject = name, .detail = why, .pass = n                              \
    }
#define PRINTED(n)                                                                                 \
    {                                                                                              \
        .kind = "output", .subject = "stdout", .detail = "hi\\n", .number = 3, .pass = n           \
    }
    static const struct pratique_event events[] = {
        { .kind = "import", .subject = "a", .detail = "", .pass = 1 },
        IMPORTED("a", "", 1),
        IMPORTED("b", "ModuleNotFoundError: No module named 'x.y'", 1),
        IMPORTED("c", "ModuleNotFoundError: No module named 'x'", 1),
        { .kind = "crashed", .subject = "d", .detail = "", .pass = 1 },
        PRINTED(1),
        IMPORTED("a", "", 1),
        IMPORTED("e", "", 1),
        IMPORTED("a", "", 2),
        PRINTED(2),
    };
    struct pratique_report r = *sample_clean("a.whl");
    struct buf b;

    r.events = (struct pratique_event *)(uintptr_t)events;
    r.events_n = ARRAY_LEN(events);
    write_report(&b, PRATIQUE_TEXT, NULL, &r);
    CHECK(strstr(b.p, "  imported  a\n"
                      "  failed    b (ModuleNotFoundError: No module named 'x.y'), "
                      "c (ModuleNotFoundError: No module named 'x'), d (crashed)\n"
                      "  missing   x; what stands behind it has not run: give it by --with, and "
                      "watch again\n"
                      "  stdout    hi (3 bytes)\n"
                      "1 artifact"),
          "%s", b.p);
    buf_free(&b);
    r.events_n = 0;
    write_report(&b, PRATIQUE_TEXT, NULL, &r);
    CHECK(strstr(b.p, "imported  nothing"), "%s", b.p);
    buf_free(&b);
#undef IMPORTED
#undef PRINTED
}

TEST(watched_every_kind_has_words)
{
    static const char *const kinds[] = {
#define EVENT(kind, name, text) name,
#include "fact/events.def"
#undef EVENT
    };

    for (size_t i = 0; i + 1 < ARRAY_LEN(kinds); i++) /* the last is never reported */
        CHECK(watched_kind_known(kinds[i]), "%s", kinds[i]);
}

TEST(watched_events_in_words)
{
    static const struct {
        struct pratique_event e;
        const char *want;
    } rows[] = {
        { { .kind = "exec", .subject = "/bin/sh", .detail = "sh -c id" }, "/bin/sh: sh -c id" },
        { { .kind = "connect", .subject = "tcp 192.0.2.1:443", .detail = "" },
          "tcp 192.0.2.1:443" },
        { { .kind = "connect", .subject = "unix @x", .detail = "", .denied = true },
          "unix @x (denied)" },
        { { .kind = "request", .subject = "http://a/", .detail = "POST a/b", .number = 12 },
          "http://a/ (POST a/b), 12 bytes" },
        { { .kind = "rename", .subject = "/b", .detail = "/a" }, "/a -> /b" },
        { { .kind = "link", .subject = "/b", .detail = "/a" }, "/b -> /a" },
        { { .kind = "chmod", .subject = "/b", .detail = "", .number = 04755 }, "/b to 4755" },
        { { .kind = "sleep", .subject = "", .detail = "", .number = 60500 }, "60.500 s" },
        { { .kind = "end", .subject = "", .detail = "", .number = 256 }, "exit status 1" },
        { { .kind = "end", .subject = "", .detail = "", .number = UINT64_MAX },
          "it is not known how" },
        { { .kind = "left", .subject = "/a", .detail = "PK\\x03", .number = 1 }, "/a, 1 byte: PK" },
        { { .kind = "left", .subject = "/a", .detail = "\\x7fELF", .number = 2 }, "/a, 2 bytes" },
        { { .kind = "crashed", .subject = "m", .detail = "", .number = 11 }, "m, signal 11" },
        { { .kind = "kill", .subject = "", .detail = "7", .number = 9 }, "signal 9 to process 7" },
        { { .kind = "newer", .subject = "a", .detail = "b", .number = 3 }, "a: b, 3" },
        { { .kind = "setsid", .subject = "", .detail = "" }, "" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct out o;

        out_init(&o, NULL, NULL);
        watched_event(&o, &rows[i].e);
        CHECK(strcmp(o.buf.p ? o.buf.p : "", rows[i].want) == 0, "row %zu: %s", i, o.buf.p);
        out_free(&o);
    }
}

TEST(watched_chains)
{
#define LIB  "/usr/lib/python3.11/"
#define SITE "/opt/venv/lib/python3.11/site-packages/"
    static const struct {
        const char *frames, *want;
    } rows[] = {
        { "", "" },
        { "\n\n", "" },
        { "a/b.py:3 f", "a/b.py:3 f" },
        { "a/b.py:3 <module>\n", "a/b.py:3" },
        { LIB "urllib/request.py:216 urlopen\na/b.py:3 f", "a/b.py:3 f -> urllib.request.urlopen" },
        { LIB "json/__init__.py:1 loads\n" SITE "a.py:3 f\n/x/main.py:9 main",
          "a.py:3 f -> json.loads" },
        { LIB "os.py:1 system\n" SITE "a.py:3 f\n" SITE "a.py:9 <module>",
          "a.py:3 f -> os.system" },
        { LIB "os.py:1 system\n" SITE "a.py:3 f\n" SITE "b.py:9 <module>",
          "b.py:9 -> a.py:3 f -> os.system" },
        { SITE "a.py:3 f\n" SITE "b.py:9 g\n<frozen importlib._bootstrap>:241 _call\n" SITE
               "c.py:1 h",
          "c.py:1 h -> ... -> a.py:3 f" },
        { "<string>:1 f", "<string>:1 f" },
        { LIB "socket.py:1 connect\n" LIB "http/client.py:2 send", "socket.connect" },
        { "a:1:2 f", "a:1:2 f" },
        { "no line", "no line" },
        { "a.py:99999999999999999999 f", "a.py f" },
        { "a.py:7", "a.py:7" },
        { ":", ":" },
        { "/lib/python", "/lib/python" },
        { "/lib/python3/.py:1 f", "/lib/python3/.py:1 f" },
        { "/lib/python3/a.py:1 f", "a.f" },
        { SITE ":1 f", ":1 f" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct out o;

        out_init(&o, NULL, NULL);
        watched_chain(&o, rows[i].frames);
        CHECK(strcmp(o.buf.p ? o.buf.p : "", rows[i].want) == 0, "row %zu: %s", i, o.buf.p);
        out_free(&o);
    }
}

TEST(watched_tree_of_any_shape)
{
    enum { N = WATCHED_TREE_MAX + 5 };
    static struct pratique_process p[N];
    struct pratique_report r = { .processes = p, .processes_n = N };
    struct watched_tree t;

    for (size_t i = 0; i < N; i++) /* a chain */
        p[i] =
            (struct pratique_process){ .pid = (uint32_t)i + 1, .parent = (uint32_t)i, .pass = 1 };
    watched_tree(&t, &r);
    CHECK(t.n == WATCHED_TREE_MAX && t.omitted == 5, "%zu, %zu", t.n, t.omitted);
    CHECK(t.row[t.n - 1].depth == WATCHED_TREE_MAX - 1, "%u", t.row[t.n - 1].depth);
    for (size_t i = 0; i < N; i++) /* each its own parent, and every number the same */
        p[i] = (struct pratique_process){ .pid = 3, .parent = 3, .pass = 1 };
    watched_tree(&t, &r);
    CHECK(t.n == WATCHED_TREE_MAX, "each once: %zu", t.n);
    r.processes_n = 4;
    p[0] = (struct pratique_process){ .pid = 2, .parent = 0, .pass = 1 };
    p[1] = (struct pratique_process){ .pid = 3, .parent = 9, .pass = 1 }; /* of one never seen */
    p[2] = (struct pratique_process){ .pid = 4, .parent = 2, .pass = 1 };
    p[3] = (struct pratique_process){ .pid = 5, .parent = 2, .pass = 2 }; /* of another pass */
    watched_tree(&t, &r);
    CHECK(t.row[0].process == 0 && t.row[1].process == 2 && t.row[1].depth == 1, "the child next");
    CHECK(t.row[2].depth == 0 && t.row[3].depth == 0, "the others begin trees");
}

TEST(watched_reports_of_any_format_hold_no_control_characters)
{
    struct pratique_style styles[] = { { .verbose = true }, { .width = 40 } };

    for (unsigned f = PRATIQUE_TEXT; f <= PRATIQUE_CYCLONEDX; f++)
        for (size_t s = 0; s < ARRAY_LEN(styles); s++) {
            struct buf b;

            write_report(&b, (enum pratique_format)f, &styles[s], sample_hostile(NULL));
            for (size_t i = 0; i < b.n; i++)
                CHECK((unsigned char)b.p[i] >= ' ' || b.p[i] == '\n', "format %u: %02x", f, b.p[i]);
            CHECK(!strstr(b.p, "\xe2\x80\xae"), "format %u: a mark of direction", f);
            buf_free(&b);
        }
}

/* As much as a watch ever tells: each format in its time, the page no larger than a browser shows.
 */
TEST(watched_floods_are_bounded)
{
    enum { N = 50000, PROCESSES = 5000, FINDINGS = 5000 };
    static struct pratique_event e[N];
    static struct pratique_process p[PROCESSES];
    static struct pratique_finding f[FINDINGS];
    static char names[N][8];
    struct pratique_style style = { .width = 80 };
    struct pratique_report r = *sample_guilty("m.whl");

    for (size_t i = 0; i < N; i++) {
        e[i] = r.events[i % r.events_n];
        (void)snprintf(names[i], sizeof names[i], "%zu", i);
        e[i].subject = names[i];
        e[i].pass = (uint32_t)(i / (N / 100));
    }
    for (size_t i = 0; i < PROCESSES; i++)
        p[i] = (struct pratique_process){ .pid = (uint32_t)i + 2, .pass = 99, .command = "sh" };
    for (size_t i = 0; i < FINDINGS; i++) {
        f[i] = r.judged.findings[i * 3 / FINDINGS];
        f[i].subject = names[i];
    }
    r.events = e, r.events_n = N;
    r.processes = p, r.processes_n = PROCESSES;
    r.judged.findings = f, r.judged.n = FINDINGS;
    for (unsigned format = PRATIQUE_TEXT; format <= PRATIQUE_CYCLONEDX; format++) {
        struct buf b;

        write_report(&b, (enum pratique_format)format, &style, &r);
        CHECK(!b.failed, "format %u", format);
        if (format == PRATIQUE_TEXT)
            CHECK(b.n < 8000, "one or two screens, not %zu bytes", b.n);
        buf_free(&b);
    }
}
