/* The zip reader: the golden cases, names, records, sweeps, and what is spared. */
#include <glob.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "format/codec/codec.h"
#include "format/zip/parts.h"
#include "format/zip/zip.h"
#include "rules/rules.h"
#include "test.h"

#define PASSED_MAX 4096

/* A scan that notes what was handed on. */
struct bench {
    struct arena arena;
    struct budget budget;
    struct facts facts;
    struct scan scan;
    struct {
        char name[64];
        uint8_t text[64]; /* its first bytes */
        size_t n;
        uint32_t crc;
        enum role role;
    } passed[PASSED_MAX];
    size_t passed_n;
};

static enum pratique_status note(struct scan *s, struct span body, struct span name, enum role role)
{
    struct bench *b = (struct bench *)(void *)((char *)s - offsetof(struct bench, scan));
    size_t i = b->passed_n++;

    if (i >= PASSED_MAX)
        return PRATIQUE_OK;
    snprintf(b->passed[i].name, sizeof b->passed[i].name, "%.*s", (int)name.n,
             (const char *)name.p);
    memcpy(b->passed[i].text, body.p, body.n < 63 ? body.n : 63);
    b->passed[i].n = body.n;
    b->passed[i].crc = codec_crc32(0, body);
    b->passed[i].role = role;
    return PRATIQUE_OK;
}

static enum pratique_status run(struct bench *b, struct span in)
{
    memset(b, 0, sizeof *b);
    b->budget = (struct budget){ .memory_left = 512u << 20,
                                 .output_left = 1u << 30,
                                 .members_left = 1000000,
                                 .ratio = 400,
                                 .depth_max = 16 };
    arena_init(&b->arena, 64u << 20);
    facts_init(&b->facts, &b->arena);
    b->scan = (struct scan){ .arena = &b->arena,
                             .budget = &b->budget,
                             .facts = &b->facts,
                             .where = facts_where(&b->facts, NULL, SPAN_LITERAL("in")),
                             .nested = note };
    return format_zip.scan(&b->scan, in);
}

static void done(struct bench *b)
{
    facts_free(&b->facts);
    arena_reset(&b->arena);
}

static uint64_t count(const struct bench *b, enum fact_kind kind)
{
    uint64_t n = 0;

    for (size_t i = 0; i < b->facts.n; i++)
        if (b->facts.list[i].kind == kind)
            n += b->facts.list[i].count;
    return n;
}

static bool passed_text(const struct bench *b, const char *text)
{
    for (size_t i = 0; i < b->passed_n && i < PASSED_MAX; i++)
        if (b->passed[i].n == strlen(text) && strcmp((const char *)b->passed[i].text, text) == 0)
            return true;
    return false;
}

/* A file in a heap block of its exact size; free it. */
static struct span slurp(const char *path)
{
    FILE *f = fopen(path, "rb");
    uint8_t *p = NULL;
    long n = 0;

    if (f && fseek(f, 0, SEEK_END) == 0 && (n = ftell(f)) > 0 && fseek(f, 0, SEEK_SET) == 0)
        p = malloc((size_t)n);
    if (p && fread(p, 1, (size_t)n, f) != (size_t)n)
        n = 0;
    if (f)
        fclose(f);
    return p ? (struct span){ p, (size_t)n } : SPAN_EMPTY;
}

static void drop(struct span s)
{
    if (s.n)
        free((void *)(uintptr_t)s.p);
}

static bool fires(const struct bench *b, const char *rule)
{
    for (size_t i = 0; i < b->facts.n; i++) {
        const struct pratique_rule *r = rule_for_fact(b->facts.list[i].kind);

        if (r && strcmp(r->id, rule) == 0)
            return true;
    }
    return false;
}

static void show(const struct bench *b)
{
    for (size_t i = 0; i < b->facts.n; i++)
        printf("#   %s %.*s: %.*s\n", fact_kind_name(b->facts.list[i].kind),
               (int)b->facts.list[i].subject.n, (const char *)b->facts.list[i].subject.p,
               (int)b->facts.list[i].detail.n, (const char *)b->facts.list[i].detail.p);
}

static void golden_file(struct bench *b, const char *path)
{
    const char *dir = strstr(path, "/ZIP"), *file = strrchr(path, '/');
    char rule[8] = "";
    struct span in = slurp(path);
    bool want = strncmp(file, "/fire", 5) == 0;
    bool got;

    snprintf(rule, sizeof rule, "%.6s", dir + 1);
    (void)run(b, in);
    got = fires(b, rule);
    CHECK(format_zip.looks_like(in), "%s: not taken for a zip", path);
    CHECK(got == want, "%s: %s %s", path, rule, got ? "fires" : "does not fire");
    if (got != want)
        show(b);
    done(b);
    drop(in);
}

TEST(golden_cases)
{
    static struct bench b;
    glob_t g;

    CHECK(glob("tests/golden/ZIP*/*.zip", 0, NULL, &g) == 0 && g.gl_pathc > 90, "no golden cases");
    for (size_t i = 0; i < g.gl_pathc; i++)
        golden_file(&b, g.gl_pathv[i]);
    globfree(&g);
}

/* y_ must be read to the end, n_ must not; i_ may be either. */
TEST(corpus)
{
    static struct bench b;
    glob_t g;

    CHECK(glob("tests/fuzz/corpus/zip/*", 0, NULL, &g) == 0 && g.gl_pathc > 20, "no corpus");
    for (size_t i = 0; i < g.gl_pathc; i++) {
        const char *file = strrchr(g.gl_pathv[i], '/') + 1;
        struct span in = slurp(g.gl_pathv[i]);
        bool good = format_zip.looks_like(in) && run(&b, in) == PRATIQUE_OK;

        CHECK(file[0] == 'i' || good == (file[0] == 'y'), "%s: %s", file,
              good ? "is read" : "is not read");
        done(&b);
        drop(in);
    }
    globfree(&g);
}

/* What each archive hands on, whatever else is said of it: every reading of it. */
static const struct {
    const char *file;
    const char *want[3];
} readings[] = {
    { "ZIP001/fire", { "hello, hello, hello, hello\n", "something else altogether\n" } },
    { "ZIP015/fire", { "something else altogether\n" } },
    { "ZIP015/fire-deflate", { "something else altogether\n" } },
    { "ZIP015/fire-streamed", { "something else altogether\n" } },
    { "ZIP015/fire-stored-streamed", { "something else altogether\n" } },
    { "ZIP015/fire-slack", { "something else altogether\n" } },
    { "ZIP017/fire", { "hello, hello, hello, hello\n" } },
    { "ZIP017/fire-stored", { "hello, hello, hello, hello\n" } },
    { "ZIP018/fire", { "hello, hello, hello, hello\n" } },
    { "ZIP019/fire", { "hello, hello, hello, hello\n", "hello" } },
    { "ZIP022/fire-early", { "xxxxxxxxx" } },
    { "ZIP024/fire", { "hello, hello, hello, hello\n", "hello" } },
    { "ZIP024/fire-stored", { "hello, hello, hello, hello\n", "hello" } },
    { "ZIP027/fire", { "hello, hello, hello, hello\n", "left over" } },
    { "ZIP032/fire", { "hello, hello, hello, hello\n" } },
    { "ZIP032/fire-deflate", { "hello, hello, hello, hello\n" } },
    { "ZIP032/fire-strong", { "hello, hello, hello, hello\n" } },
    { "ZIP037/fire", { "hello, hello, hello, hello\n", "something else altogether\n" } },
    { "ZIP037/fire-comment", { "hello, hello, hello, hello\n", "something else altogether\n" } },
    { "ZIP037/fire-behind", { "hello, hello, hello, hello\n", "something else altogether\n" } },
    { "ZIP040/fire-swallowed", { "hello, hello, hello, hello\n", "something else altogether\n" } },
    { "ZIP038/fire", { "hello, hello, hello, hello\n" } },
    { "ZIP038/fire-offset", { "hello, hello, hello, hello\n" } },
    { "ZIP039/fire", { "hello, hello, hello, hello\n", "something else altogether\n" } },
    { "ZIP043/fire", { "some text between the members\n" } },
    { "ZIP043/fire-block", { "a block before the directory\n" } },
};

TEST(every_reading_is_handed_on)
{
    static struct bench b;

    for (size_t i = 0; i < ARRAY_LEN(readings); i++) {
        char path[128];
        struct span in;

        snprintf(path, sizeof path, "tests/golden/%s.zip", readings[i].file);
        in = slurp(path);
        (void)run(&b, in);
        for (size_t k = 0; k < 3 && readings[i].want[k]; k++)
            CHECK(passed_text(&b, readings[i].want[k]), "%s: \"%s\" is not handed on", path,
                  readings[i].want[k]);
        done(&b);
        drop(in);
    }
}

TEST(unicode_paths)
{
    static const struct {
        const char *name, *unicode;
        bool differs;
    } rows[] = {
        { "a.txt", "a.txt", false },
        { "a.txt", "b.txt", true },
        { "a.txt", "a.txt.pkl", true },
        { "a.txt.pkl", "a.txt", true },
        { "caf\x82.txt", "caf\xc3\xa9.txt", false },
        { "caf\xc3\xa9.txt", "caf\xc3\xa9.txt", false },
        { "caf?.txt", "caf\xc3\xa9.txt", false },
        { "caf#U00e9.txt", "caf\xc3\xa9.txt", false },
        { "caf#L01f600", "caf\xf0\x9f\x98\x80", false },
        { "cafe.txt", "caf\xc3\xa9.txt", true },
        { "caf\x82.txt", "caf\xc3\xa9.pkl", true },
        { "a", "\xff", true },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK(names_unicode_differs(span_text(rows[i].name), span_text(rows[i].unicode)) ==
                  rows[i].differs,
              "%s, %s", rows[i].name, rows[i].unicode);
}

TEST(links)
{
    static const struct {
        const char *name, *target;
        bool escapes;
    } rows[] = {
        { "a", "b", false },        { "a", "./b", false },       { "a", "..", true },
        { "a", "../b", true },      { "a/b", "../c", false },    { "a/b", "../../c", true },
        { "./a", "../c", true },    { "a//b", "../../c", true }, { "a", "/b", true },
        { "a", "\\b", true },       { "a", "c:b", true },        { "a", "b/../c", false },
        { "a", "b/../../c", true }, { "a/b/", "../../c", true }, { "a", "", false },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK(names_link_escapes(span_text(rows[i].name), span_text(rows[i].target)) ==
                  rows[i].escapes,
              "%s -> %s", rows[i].name, rows[i].target);
}

/* Scans a copy in a block of its exact size; memory is given back, and a failure has its reason. */
static void scan_copy(struct bench *b, struct span in, const char *what, size_t at)
{
    uint8_t *p = malloc(in.n ? in.n : 1);
    enum pratique_status st;

    if (!p)
        return;
    memcpy(p, in.p, in.n);
    (void)format_zip.looks_like(span_of(p, in.n));
    st = run(b, span_of(p, in.n));
    CHECK(b->budget.memory_left == 512u << 20, "%s at %zu: memory is kept", what, at);
    CHECK(st == PRATIQUE_OK || b->scan.error.status == st, "%s at %zu: no reason", what, at);
    done(b);
    free(p);
}

static void sweep_file(struct bench *b, const char *path)
{
    struct span in = slurp(path);
    uint8_t *p = (uint8_t *)(uintptr_t)in.p;

    for (size_t i = 0; i <= in.n; i++)
        scan_copy(b, (struct span){ in.p, i }, path, i);
    for (size_t i = 0; i < in.n; i++) {
        uint8_t was = p[i];

        p[i] = (uint8_t)~was;
        scan_copy(b, in, path, i);
        p[i] = (uint8_t)(was + 1);
        scan_copy(b, in, path, i);
        p[i] = was;
    }
    drop(in);
}

TEST(truncated_and_flipped)
{
    static const char *const files[] = { "ZIP021/near",         "ZIP021/near-called",
                                         "ZIP022/near",         "ZIP015/fire",
                                         "ZIP028/fire",         "ZIP029/near",
                                         "ZIP031/fire-aes",     "ZIP037/fire-comment",
                                         "ZIP044/fire-updated", "ZIP007/near" };
    static struct bench b;

    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        char path[128];

        snprintf(path, sizeof path, "tests/golden/%s.zip", files[i]);
        sweep_file(&b, path);
    }
}

/* A small writer, for archives that are too large to keep. */
struct writer {
    uint8_t *p;
    size_t n, size;
    bool failed;
};

static void put(struct writer *w, const void *p, size_t n)
{
    if (w->n + n > w->size) {
        size_t size = (w->n + n) * 2;
        uint8_t *grown = realloc(w->p, size);

        if (!grown) {
            w->failed = true;
            return;
        }
        w->p = grown;
        w->size = size;
    }
    memcpy(w->p + w->n, p, n);
    w->n += n;
}

static void put_le(struct writer *w, uint64_t v, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++, v >>= 8)
        put(w, &(uint8_t){ (uint8_t)v }, 1);
}

static void put_local(struct writer *w, const char *name, uint64_t size, unsigned flags)
{
    put_le(w, SIG_LOCAL, 4);
    put_le(w, 20, 2);
    put_le(w, flags, 2);
    put_le(w, 0, 2 + 4 + 4);
    put_le(w, flags & FLAG_DESCRIPTOR ? 0 : size, 4);
    put_le(w, flags & FLAG_DESCRIPTOR ? 0 : size, 4);
    put_le(w, strlen(name), 2);
    put_le(w, 0, 2);
    put(w, name, strlen(name));
}

static void put_central(struct writer *w, const char *name, uint64_t size, unsigned flags,
                        uint64_t local)
{
    put_le(w, SIG_CENTRAL, 4);
    put_le(w, 0x031e, 2);
    put_le(w, 20, 2);
    put_le(w, flags, 2);
    put_le(w, 0, 2 + 4 + 4);
    put_le(w, size, 4);
    put_le(w, size, 4);
    put_le(w, strlen(name), 2);
    put_le(w, 0, 2 + 2 + 2 + 2 + 4);
    put_le(w, local, 4);
    put(w, name, strlen(name));
}

static void put_end(struct writer *w, uint64_t n, uint64_t directory)
{
    uint64_t size = w->n - directory;

    put_le(w, SIG_END, 4);
    put_le(w, 0, 4);
    put_le(w, n & 0xffff, 2);
    put_le(w, n & 0xffff, 2);
    put_le(w, size, 4);
    put_le(w, directory, 4);
    put_le(w, 0, 2);
}

/* n members, each of size bytes of 'x', all named alike when same; sharing shares one header. */
static struct writer many(size_t n, size_t size, bool same, bool sharing)
{
    struct writer w = { 0 };
    uint64_t directory, step = 30 + 8 + size;
    char name[24];

    for (size_t i = 0; i < (sharing ? 1 : n); i++) {
        snprintf(name, sizeof name, "%08zx", same ? 0 : i);
        put_local(&w, name, size, 0);
        for (size_t k = 0; k < size; k++)
            put(&w, "x", 1);
    }
    directory = w.n;
    for (size_t i = 0; i < n; i++) {
        snprintf(name, sizeof name, "%08zx", same ? 0 : i);
        put_central(&w, name, size, 0, sharing ? 0 : i * step);
    }
    put_end(&w, n, directory);
    return w;
}

TEST(many_members)
{
    static struct bench b;
    struct writer w = many(70000, 1, false, false);
    enum pratique_status st = run(&b, span_of(w.p, w.n));

    CHECK(st == PRATIQUE_OK && b.passed_n == 70000, "%d, %zu handed on", st, b.passed_n);
    CHECK(count(&b, FACT_ZIP_COUNT) == 0, "counting modulo 65,536 is no lie");
    CHECK(count(&b, FACT_ZIP_CRC_ABSENT) == 70000, "every one is counted");
    CHECK(b.facts.n < 40, "%zu facts", b.facts.n);
    done(&b);
    free(w.p);
}

TEST(many_duplicates)
{
    static struct bench b;
    struct writer w = many(20000, 3, true, false);

    CHECK(run(&b, span_of(w.p, w.n)) == PRATIQUE_OK, "%s", b.scan.error.msg);
    CHECK(count(&b, FACT_ZIP_DUPLICATE_SAME) == 19999, "%llu",
          (unsigned long long)count(&b, FACT_ZIP_DUPLICATE_SAME));
    done(&b);
    free(w.p);
}

TEST(sharing_stops)
{
    static struct bench b;
    struct writer w = many(2000, 1 << 16, false, true);
    enum pratique_status st = run(&b, span_of(w.p, w.n));

    CHECK(st == PRATIQUE_E_LIMIT, "%d", st);
    CHECK(count(&b, FACT_ZIP_OVERLAP) > 10, "overlaps are told");
    CHECK(b.passed_n < 100, "%zu were read", b.passed_n);
    done(&b);
    free(w.p);
}

TEST(members_beyond_the_budget)
{
    static struct bench b;
    struct writer w = many(50, 3, false, false);

    memset(&b, 0, sizeof b);
    b.budget = (struct budget){ .memory_left = 1 << 24, .output_left = 1 << 24, .ratio = 400 };
    b.budget.members_left = 20;
    arena_init(&b.arena, 1u << 20);
    facts_init(&b.facts, &b.arena);
    b.scan = (struct scan){ .arena = &b.arena,
                            .budget = &b.budget,
                            .facts = &b.facts,
                            .where = facts_where(&b.facts, NULL, SPAN_LITERAL("in")),
                            .nested = note };
    CHECK(format_zip.scan(&b.scan, span_of(w.p, w.n)) == PRATIQUE_E_LIMIT, "no limit");
    CHECK(b.passed_n == 20, "%zu were read", b.passed_n);
    done(&b);
    free(w.p);
}

/* A torch archive whose tensor lies on pages that nobody may touch. */
TEST(tensors_are_not_touched)
{
    enum { TENSOR = 1 << 20 };
    static struct bench b;
    struct writer w = { 0 };
    uint64_t at[3], directory;
    size_t page = (size_t)sysconf(_SC_PAGESIZE), body;
    uint8_t *map;

    at[0] = w.n;
    put_local(&w, "m/data.pkl", 4, 0);
    put(&w, "\x80\x02N.", 4);
    at[1] = w.n;
    put_local(&w, "m/data/0", TENSOR, FLAG_DESCRIPTOR);
    body = w.n;
    for (size_t i = 0; i < TENSOR / 4; i++)
        put(&w, "PK\x03\x04", 4);
    put_le(&w, SIG_DESCRIPTOR, 4);
    put_le(&w, 0, 4);
    put_le(&w, TENSOR, 4);
    put_le(&w, TENSOR, 4);
    at[2] = w.n;
    put_local(&w, "m/version", 2, 0);
    put(&w, "3\n", 2);
    directory = w.n;
    put_central(&w, "m/data.pkl", 4, 0, at[0]);
    put_central(&w, "m/data/0", TENSOR, FLAG_DESCRIPTOR, at[1]);
    put_central(&w, "m/version", 2, 0, at[2]);
    put_end(&w, 3, directory);
    map = mmap(NULL, w.n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy(map, w.p, w.n);
    (void)mprotect(map + page, TENSOR / page * page - 100 * 1024,
                   PROT_NONE); /* the tail is searched */
    CHECK(body < page, "the layout of the test");
    CHECK(format_zip.looks_like(span_of(map, w.n)), "not taken for a zip");
    CHECK(run(&b, span_of(map, w.n)) == PRATIQUE_OK, "%s", b.scan.error.msg);
    CHECK(b.scan.recognised && strcmp(b.scan.recognised, "torch") == 0, "%s",
          b.scan.recognised ? b.scan.recognised : "nothing");
    CHECK(b.passed_n == 2 && b.passed[0].role == ROLE_TORCH_PICKLE, "%zu handed on", b.passed_n);
    CHECK(count(&b, FACT_ZIP_HIDDEN) == 0, "the body was walked");
    done(&b);
    munmap(map, w.n);
    free(w.p);
}

/* The oracle's side: what is handed on of each file named in a list. See tests/oracle. */
TEST(for_the_oracle)
{
    const char *list = getenv("PRATIQUE_ZIP_LIST");
    static struct bench b;
    char path[4096];
    FILE *f = list ? fopen(list, "r") : NULL;

    while (f && fgets(path, sizeof path, f)) {
        struct span in;

        path[strcspn(path, "\n")] = 0;
        in = slurp(path);
        printf("# scan %s %d\n", path, run(&b, in));
        for (size_t i = 0; i < b.passed_n && i < PASSED_MAX; i++)
            printf("# pass %zu %08x\n", b.passed[i].n, b.passed[i].crc);
        for (size_t i = 0; i < b.facts.n; i++) {
            const struct pratique_rule *r = rule_for_fact(b.facts.list[i].kind);

            printf("# fact %s %d\n", fact_kind_name(b.facts.list[i].kind),
                   r ? (int)r->severity : 0);
        }
        done(&b);
        drop(in);
    }
    if (f)
        fclose(f);
}
