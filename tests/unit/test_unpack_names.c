/* src/trust/admit/names.c, names_fold.c */
#include "test.h"
#include "trust/admit/unpack.h"

#define GOOD 0 /* no kind of these: the first is another's */

static struct arena arena;

TEST(unpack_paths)
{
    static const struct {
        struct span name;
        enum fact_kind kind;
        const char *path; /* where there is no fault */
    } rows[] = {
        { SPAN_LITERAL("a"), GOOD, "a" },
        { SPAN_LITERAL("a/b.txt"), GOOD, "a/b.txt" },
        { SPAN_LITERAL("./a"), GOOD, "a" },
        { SPAN_LITERAL("./"), GOOD, "" },
        { SPAN_LITERAL("a//b/./c/"), GOOD, "a/b/c" },
        { SPAN_LITERAL("..."), FACT_UNPACK_NAME_WINDOWS, NULL },
        { SPAN_LITERAL("..a/b..c"), GOOD, "..a/b..c" },
        { SPAN_LITERAL(".hidden"), GOOD, ".hidden" },
        { SPAN_LITERAL("a b"), GOOD, "a b" },
        { SPAN_LITERAL("a~1"), GOOD, "a~1" },
        { SPAN_LITERAL("com/console.py"), GOOD, "com/console.py" },
        { SPAN_LITERAL("com10"), GOOD, "com10" },
        { SPAN_LITERAL("auxiliary.c"), GOOD, "auxiliary.c" },
        { SPAN_LITERAL("x.con"), GOOD, "x.con" },
        { SPAN_LITERAL("\xc3\xa4.txt"), GOOD, "\xc3\xa4.txt" },
        { SPAN_LITERAL(""), FACT_UNPACK_NAME_LENGTH, NULL },
        { SPAN_LITERAL("/a"), FACT_UNPACK_NAME_OUTSIDE, NULL },
        { SPAN_LITERAL("//host/a"), FACT_UNPACK_NAME_OUTSIDE, NULL },
        { SPAN_LITERAL("\\\\host\\a"), FACT_UNPACK_NAME_OUTSIDE, NULL },
        { SPAN_LITERAL("C:/a"), FACT_UNPACK_NAME_OUTSIDE, NULL },
        { SPAN_LITERAL("c:a"), FACT_UNPACK_NAME_OUTSIDE, NULL },
        { SPAN_LITERAL(".."), FACT_UNPACK_NAME_OUTSIDE, NULL },
        { SPAN_LITERAL("a/../b"), FACT_UNPACK_NAME_OUTSIDE, NULL },
        { SPAN_LITERAL("a\\..\\b"), FACT_UNPACK_NAME_OUTSIDE, NULL },
        { SPAN_LITERAL("a\\b"), FACT_UNPACK_NAME_CHARACTER, NULL },
        { SPAN_LITERAL("a\0b"), FACT_UNPACK_NAME_CHARACTER, NULL },
        { SPAN_LITERAL("a\nb"), FACT_UNPACK_NAME_CHARACTER, NULL },
        { SPAN_LITERAL("a\x7f"), FACT_UNPACK_NAME_CHARACTER, NULL },
        { SPAN_LITERAL("a\xe2\x80\xae"
                       "b"),
          FACT_UNPACK_NAME_CHARACTER, NULL },
        { SPAN_LITERAL("a\xff"), FACT_UNPACK_NAME_ENCODING, NULL },
        { SPAN_LITERAL("a\xc0\xaf"), FACT_UNPACK_NAME_ENCODING, NULL },
        { SPAN_LITERAL("a./b"), FACT_UNPACK_NAME_WINDOWS, NULL },
        { SPAN_LITERAL("a /b"), FACT_UNPACK_NAME_WINDOWS, NULL },
        { SPAN_LITERAL("a/NUL"), FACT_UNPACK_NAME_WINDOWS, NULL },
        { SPAN_LITERAL("con.txt"), FACT_UNPACK_NAME_WINDOWS, NULL },
        { SPAN_LITERAL("aux .tar.gz"), FACT_UNPACK_NAME_WINDOWS, NULL },
        { SPAN_LITERAL("Com1"), FACT_UNPACK_NAME_WINDOWS, NULL },
        { SPAN_LITERAL("lpt\xc2\xb9.a"), FACT_UNPACK_NAME_WINDOWS, NULL },
        { SPAN_LITERAL("ab:c"), FACT_UNPACK_NAME_WINDOWS, NULL },
    };

    arena_init(&arena, 1u << 20);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct name_fault fault = { GOOD, "" };
        struct span path;
        bool ok = names_path(rows[i].name, &arena, &path, &fault);

        CHECK(ok == (rows[i].path != NULL), "row %zu: %s", i, fault.why);
        if (ok)
            CHECK(rows[i].path && span_is(path, rows[i].path) &&
                      (path.n == 0 || names_is_path(path)),
                  "row %zu: %.*s", i, (int)path.n, (const char *)path.p);
        else
            CHECK(fault.kind == rows[i].kind, "row %zu: %s", i, fact_kind_name(fault.kind));
    }
    arena_reset(&arena);
}

TEST(unpack_paths_have_bounds)
{
    static uint8_t name[NAMES_PATH_MAX + 1];
    struct name_fault fault;
    struct span path;

    arena_init(&arena, 1u << 20);
    memset(name, 'a', sizeof name);
    CHECK(names_path(span_of(name, NAMES_PART_MAX), &arena, &path, &fault), "255 bytes");
    CHECK(!names_path(span_of(name, NAMES_PART_MAX + 1), &arena, &path, &fault), "256 bytes");
    for (size_t i = 1; i < sizeof name; i += 2)
        name[i] = '/';
    CHECK(names_path(span_of(name, 2 * NAMES_DEPTH_MAX), &arena, &path, &fault), "128 deep");
    CHECK(!names_path(span_of(name, 2 * NAMES_DEPTH_MAX + 1), &arena, &path, &fault), "129 deep");
    CHECK(!names_path(span_of(name, sizeof name), &arena, &path, &fault), "4,096 bytes");
    arena_reset(&arena);
}

TEST(unpack_parent_looks_again)
{
    static const char *const bad[] = { "", "/a", "a/", "a//b", ".", "..", "a/..", "a/./b" };

    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        CHECK(!names_is_path(span_text(bad[i])), "%s", bad[i]);
    CHECK(!names_is_path(SPAN_LITERAL("a\0b")), "a NUL");
    CHECK(names_is_path(SPAN_LITERAL("a/b")), "a/b");
}

TEST(unpack_links)
{
    static const struct {
        const char *path, *target, *to; /* NULL: it may leave */
    } rows[] = {
        { "lib/a.so", "a.so.1", "lib/a.so.1" },
        { "lib/a.so", "./a.so.1", "lib/a.so.1" },
        { "a/b/c", "../d", "a/d" },
        { "a/b/c", "../../d", "d" },
        { "a", ".", "" },
        { "a/b", "..", "" },
        { "a/b/c", "../../../d", NULL },
        { "a", "..", NULL },
        { "a", "/etc/passwd", NULL },
        { "a", "C:/x", NULL },
        { "a", "b/../c", NULL },
        { "a/b", "../c/../../d", NULL },
        { "a", "b\\c", NULL },
        { "a", "", NULL },
        { "a", "b\n", NULL },
    };

    arena_init(&arena, 1u << 20);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct name_fault fault;
        struct span to;
        bool ok =
            names_link(span_text(rows[i].path), span_text(rows[i].target), &arena, &to, &fault);

        CHECK(ok == (rows[i].to != NULL) && (!ok || span_is(to, rows[i].to)), "%s -> %s: %.*s",
              rows[i].path, rows[i].target, (int)to.n, (const char *)to.p);
    }
    arena_reset(&arena);
}

static bool fold_alike(const char *a, const char *b)
{
    struct buf x, y;
    bool alike;

    buf_init(&x, 1u << 16);
    buf_init(&y, 1u << 16);
    alike = names_fold(&x, span_text(a)) && names_fold(&y, span_text(b)) &&
            span_equal(span_of(x.p, x.n), span_of(y.p, y.n));
    buf_free(&x);
    buf_free(&y);
    return alike;
}

TEST(unpack_names_fold)
{
    static const struct {
        const char *a, *b;
        bool alike;
    } rows[] = {
        { "README", "readme", true },
        { "a/B", "A/b", true },
        { "\xc3\xa4", "a\xcc\x88", true }, /* composed or not */
        { "\xc3\x84", "a\xcc\x88", true }, /* and in capitals */
        { "\xe2\x84\xaa", "k", true },     /* KELVIN SIGN */
        { "stra\xc3\x9f"
          "e",
          "STRASSE", true },
        { "\xef\xac\x81x", "fix", true },                                 /* a ligature */
        { "\xcf\x82", "\xcf\x83", true },                                 /* final sigma */
        { "\xea\xb0\x81", "\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8", true }, /* Hangul */
        { "a\xcc\xa3\xcc\x87", "a\xcc\x87\xcc\xa3", true },   /* marks in another order */
        { "\xe2\x9d\xa4\xef\xb8\x8f", "\xe2\x9d\xa4", true }, /* a selector */
        { "\xe2\x89\xa0", "=\xcc\xb8", true },                /* NOT EQUAL TO */
        { "a", "b", false },
        { "a", "\xd0\xb0", false }, /* Cyrillic: another letter */
        { "\xc3\xa4", "a", false },
        { "a-b", "a_b", false },
        { "\xc3\xb8", "o", false },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK(fold_alike(rows[i].a, rows[i].b) == rows[i].alike, "row %zu: %s, %s", i, rows[i].a,
              rows[i].b);
}
