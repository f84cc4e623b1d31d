/* src/format/wheel: names, versions, headers, tables; src/scan/pairs.c by names of files. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/wheel/metadata.h"
#include "format/wheel/name.h"
#include "format/wheel/record.h"
#include "scan/pairs.h"
#include "test.h"

TEST(wheel_versions_equal)
{
    static const struct {
        const char *a, *b;
        bool equal;
    } rows[] = {
        { "1.0", "1", true },
        { "1.0", "1.0.0", true },
        { "v1.0", "1.0", true },
        { "1.0rc1", "1.0.RC1", true },
        { "1.0c1", "1.0-rc.1", true },
        { "1.0alpha", "1.0a0", true },
        { "1.0-1", "1.0.post1", true },
        { "1.0-r4", "1.0.post4", true },
        { "1.0_1", "1.0-1", true }, /* what old builders make of it */
        { "1.0+ubuntu.1", "1.0+Ubuntu-1", true },
        { "01.02", "1.2", true },
        { "1!1.0", "1!1", true },
        { "1.0", "1.1", false },
        { "1.0", "1.0rc1", false },
        { "1.0", "1.0.post1", false },
        { "1.0", "1!1.0", false },
        { "1.0", "1.0+local", false },
        { "1.10", "1.1", false },
        { "1.0 ", "1.0", true },
        { "1.0/2", "1.0/2", false }, /* no version at all */
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK(versions_equal(span_text(rows[i].a), span_text(rows[i].b)) == rows[i].equal,
              "%s and %s", rows[i].a, rows[i].b);
}

TEST(wheel_stems)
{
    static const struct {
        const char *stem, *name, *version;
        bool is;
    } rows[] = {
        { "pkg-1.0", "pkg", "1.0", true },
        { "My-Pkg-1.0", "my_pkg", "1.0.0", true },
        { "a-b-c-1.0-beta", "a-b-c", "1.0b0", true },
        { "pkg-1.0-1", "pkg", "1.0.post1", true },
        { "pkg-1.0_cu121", "pkg", "1.0+cu121", true },
        { "pkg-1.1", "pkg", "1.0", false },
        { "pkg", "pkg", "1.0", false },
        { "pkg-", "pkg", "1.0", false },
        { "-1.0", "pkg", "1.0", false },
        { "", "pkg", "1.0", false },
        { "kpg-1.0", "pkg", "1.0", false },
    };
    struct span name, version;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK(project_stem_is(span_text(rows[i].stem), span_text(rows[i].name),
                              span_text(rows[i].version)) == rows[i].is,
              "%s", rows[i].stem);
    CHECK(project_stem_split(SPAN_LITERAL("a-b-1.0"), &name, &version) && span_is(name, "a-b") &&
              span_is(version, "1.0"),
          "the last dash");
    CHECK(!project_stem_split(SPAN_LITERAL("a-b"), &name, &version), "no version");
    CHECK(!project_stem_split(SPAN_LITERAL("1.0"), &name, &version), "no name");
}

TEST(wheel_headers)
{
    static const char text[] = "A: 1\n folded: 2\n\tmore\nb :x\nnone\nC:\n\nD: 4\n";
    static const struct {
        const char *name, *value;
        uint32_t line;
    } want[] = { { "A", "1", 1 }, { "b ", "x", 4 }, { "", "", 5 }, { "C", "", 6 } };
    struct span rest = span_text(text);
    struct header h;
    uint32_t line = 0;

    for (size_t i = 0; i < ARRAY_LEN(want); i++) {
        CHECK(metadata_header_take(&rest, &line, &h), "header %zu", i);
        CHECK(span_is(h.name, want[i].name) && span_is(h.value, want[i].value) &&
                  h.line == want[i].line,
              "header %zu: %.*s", i, (int)h.name.n, (const char *)h.name.p);
    }
    CHECK(!metadata_header_take(&rest, &line, &h), "the body is none");
}

TEST(wheel_record_lines)
{
    static const char text[] = "a,,\r\n\n\"b\nc\",,\n\nd,sha256=x,3";
    static const uint32_t lines[] = { 1, 3, 6 };
    struct arena arena;
    struct record r;

    arena_init(&arena, 1 << 20);
    CHECK(record_parse(&r, &arena, span_text(text)) && r.n == 3, "three rows");
    for (size_t i = 0; i < ARRAY_LEN(lines) && i < r.n; i++)
        CHECK(r.rows[i].line == lines[i], "row %zu is on line %u", i, r.rows[i].line);
    arena_reset(&arena);
}

/* bsearch() finds nothing in a table that is not sorted. */
TEST(wheel_tables_are_sorted)
{
    static const char *const tables[][400] = {
        {
#define MODULE(name, owners) name,
#include "format/wheel/modules.def"
#undef MODULE
        },
        {
#define PROGRAM(name, owners)   name,
#define VERSIONED(name, owners) name,
#include "format/wheel/programs.def"
#undef VERSIONED
#undef PROGRAM
        },
    };

    for (size_t t = 0; t < ARRAY_LEN(tables); t++)
        for (size_t i = 1; i < ARRAY_LEN(tables[t]) && tables[t][i]; i++)
            CHECK(strcmp(tables[t][i - 1], tables[t][i]) < 0, "%s", tables[t][i]);
}

/* ---- pairs ---- */

static bool expects(const char *wheel, const char *const *paths, size_t n, size_t root)
{
    struct law_root list[4] = { { .given = "" } };
    struct law_roots roots = { .list = list, .n = n };
    struct task *t = task_new(wheel, -1, NULL);
    bool is = false;

    for (size_t i = 0; i < n && i < ARRAY_LEN(list); i++)
        list[i].given = paths[i];
    if (t) {
        t->root = root;
        is = pairs_expects(&roots, t);
    }
    task_free(t);
    return is;
}

TEST(pairs_by_names)
{
    static const char *const both[] = { "d/My-Pkg-1.0.0.tar.gz", "my_pkg-1.0-py3-none-any.whl" };
    static const char *const other[] = { "pkg-2.0.tar.gz", "pkg-1.0-py3-none-any.whl" };
    char folder[] = "/tmp/pratique-test-XXXXXX";
    const char *root = folder;
    char sdist[80], wheel[80];

    CHECK(expects(both[1], both, 2, 1), "both are named");
    CHECK(!expects(other[1], other, 2, 1), "of another version");
    CHECK(!expects("pkg.whl", both, 2, 1), "no wheel's name");
    CHECK(mkdtemp(folder) != NULL, "a folder");
    snprintf(sdist, sizeof sdist, "%s/a-b-1.0.tar.gz", folder);
    snprintf(wheel, sizeof wheel, "%s/a_b-1.0-py3-none-any.whl", folder);
    CHECK(!expects(wheel, &root, 1, 0), "none beside it");
    CHECK(mkdir(sdist, 0700) == 0, "%s", sdist);
    CHECK(expects(wheel, &root, 1, 0), "beside it");
    root = wheel;
    CHECK(!expects(wheel, &root, 1, 0), "the wheel alone is named");
    (void)rmdir(sdist);
    (void)rmdir(folder);
}

/* A task that is done, with sources as a worker tells them. */
static struct task *told(const char *path, bool wheel, const char *digest_digit, const char *source)
{
    struct task *t = task_new(path, -1, NULL);
    char ref[200];
    struct fact f = { .kind = FACT_PKG_SOURCES,
                      .number = wheel,
                      .offset = PRATIQUE_NO_OFFSET,
                      .subject = SPAN_LITERAL("pkg"),
                      .detail = SPAN_LITERAL("1.0"),
                      .refs_n = 1 };

    if (!t)
        abort();
    memset(ref, digest_digit[0], 64);
    snprintf(ref + 64, sizeof ref - 64, " %s", source);
    f.refs[0] = span_text(ref);
    f.where = facts_where(&t->facts, NULL, span_text(path));
    facts_add(&t->facts, &f);
    task_finish(t);
    return t;
}

static size_t count(const struct task *t, enum fact_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < t->facts.n; i++)
        n += t->facts.list[i].kind == kind;
    return n;
}

TEST(pairs_compare)
{
    static const struct {
        const char *what, *digest, *source;
        bool differs;
    } rows[] = {
        { "the same", "a", "pkg/m.py", false },
        { "elsewhere, and the same", "a", "gkp/x.py", false },
        { "of other content", "b", "pkg/m.py", true },
        { "of no name that the sdist has", "b", "evil.py", true },
        { "no digest", "-", "pkg/m.py", true },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        for (unsigned order = 0; order < 2; order++) {
            struct task *sdist = told("pkg-1.0.tar.gz", false, "a", "src/pkg/m.py");
            struct task *wheel = told("pkg-1.0.whl", true, rows[i].digest, rows[i].source);
            struct pairs p;

            pairs_init(&p);
            if (order == 0)
                pairs_settle(&p, NULL, sdist);
            CHECK(pairs_has_sdist(&p, order ? sdist : NULL, wheel), "%s: it is found",
                  rows[i].what);
            pairs_settle(&p, order ? sdist : NULL, wheel);
            CHECK((count(wheel, FACT_SDIST_DIFFERS) > 0) == rows[i].differs, "%s, order %u",
                  rows[i].what, order);
            CHECK(count(sdist, FACT_SDIST_DIFFERS) == 0, "%s: it is the wheel's", rows[i].what);
            task_free(sdist);
            task_free(wheel);
            pairs_free(&p);
        }
}
