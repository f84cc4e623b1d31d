/* The tar reader: the golden cases, numbers, records, paths, sparse content, readings, sweeps. */
#include "format/path.h"
#include "format/tar/header.h"
#include "format/tar/pax.h"
#include "format/tar/tar.h"
#include "passed.h"

#define TEXT  "hello, hello, hello, hello\n"
#define OTHER "something else altogether\n"

static const struct format *tar_of(struct span in)
{
    return format_tar.looks_like(in) ? &format_tar : NULL;
}

TEST(tar_golden)
{
    passed_golden("tests/golden/TAR*/*.tar", tar_of);
}

TEST(tar_numbers)
{
    static const struct {
        const char *what;
        struct span field;
        enum tar_number is;
        uint64_t value;
    } rows[] = {
        { "plain", SPAN_LITERAL("00000000033\0"), TAR_NUMBER_OK, 27 },
        { "blanks before", SPAN_LITERAL("         33 "), TAR_NUMBER_OK, 27 },
        { "full", SPAN_LITERAL("777777777777"), TAR_NUMBER_OK, 0777777777777 },
        { "nothing", SPAN_LITERAL("\0\0\0\0\0\0\0\0\0\0\0\0"), TAR_NUMBER_OK, 0 },
        { "blanks", SPAN_LITERAL("            "), TAR_NUMBER_OK, 0 },
        { "a NUL too many before", SPAN_LITERAL("\0 0000000033"), TAR_NUMBER_OK, 27 },
        { "a letter", SPAN_LITERAL("0000000033x\0"), TAR_NUMBER_GARBAGE, 27 },
        { "an eight", SPAN_LITERAL("00000000038\0"), TAR_NUMBER_GARBAGE, 3 },
        { "two numbers", SPAN_LITERAL("0000033 0044"), TAR_NUMBER_GARBAGE, 27 },
        { "a sign", SPAN_LITERAL("-0000000033\0"), TAR_NUMBER_GARBAGE, 0 },
        { "base 256", SPAN_LITERAL("\x80\0\0\0\0\0\0\0\0\0\1\0"), TAR_NUMBER_OK, 256 },
        { "base 256, odd mark", SPAN_LITERAL("\x81\0\0\0\0\0\0\0\0\0\0\1"), TAR_NUMBER_LARGE, 0 },
        { "base 256, negative", SPAN_LITERAL("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfe\0"),
          TAR_NUMBER_NEGATIVE, 0 },
        { "base 256, 2^63", SPAN_LITERAL("\x80\0\0\0\x80\0\0\0\0\0\0\0"), TAR_NUMBER_LARGE, 0 },
        { "base 256, 2^63 - 1", SPAN_LITERAL("\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff"),
          TAR_NUMBER_OK, INT64_MAX },
        { "octal, past 2^63", SPAN_LITERAL("7777777777777777777777"), TAR_NUMBER_LARGE, 0 },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        uint64_t value = 1;
        enum tar_number is = tar_number(rows[i].field, &value);

        CHECK(is == rows[i].is && value == rows[i].value, "%s: %d, %ju", rows[i].what, (int)is,
              (uintmax_t)value);
    }
}

TEST(tar_pax_records)
{
    static const struct {
        const char *what, *records;
        unsigned faults;
        const char *path; /* NULL: not set */
    } rows[] = {
        { "one", "10 path=a\n", 0, "a" },
        { "two", "10 path=a\n12 comment=\n", 0, "a" },
        { "newline in a value", "12 path=a\nb\n", 0, "a\nb" },
        { "equals in a value", "12 path=a=b\n", 0, "a=b" },
        { "taken back", "8 path=\n", 0, NULL },
        { "length too long", "11 path=a\n", TAR_PAX_MALFORMED, NULL },
        { "length too short", "8 path=a\n", TAR_PAX_MALFORMED, NULL },
        { "length in hex", "0xa path=a\n", TAR_PAX_MALFORMED, NULL },
        { "length with a sign", "+10 path=a\n", TAR_PAX_MALFORMED, NULL },
        { "length zero", "0 path=a\n", TAR_PAX_MALFORMED, NULL },
        { "length within itself", "2 path=a\n", TAR_PAX_MALFORMED, NULL },
        { "no blank", "10path=a\n", TAR_PAX_MALFORMED, NULL },
        { "no equals", "9 path_a\n", TAR_PAX_MALFORMED, NULL },
        { "no keyword", "6 =a\n", TAR_PAX_MALFORMED, NULL },
        { "no newline", "10 path=a ", TAR_PAX_MALFORMED, "a" },
        { "junk behind", "10 path=a\njunk", TAR_PAX_MALFORMED, "a" },
        { "twice", "10 path=a\n10 path=b\n", TAR_PAX_REPEATED, "b" },
        { "a size that is none", "11 size=1x\n", TAR_PAX_MALFORMED, NULL },
        { "a negative size", "11 size=-1\n", TAR_PAX_MALFORMED, NULL },
        { "a size past 2^63", "30 size=99999999999999999999\n", TAR_PAX_MALFORMED, NULL },
        { "nothing", "", 0, NULL },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct tar_pax pax = { 0 };
        unsigned faults = tar_pax_read(span_text(rows[i].records), &pax);

        CHECK(faults == rows[i].faults, "%s: faults %u", rows[i].what, faults);
        CHECK(pax.path_set == (rows[i].path != NULL), "%s", rows[i].what);
        CHECK(!rows[i].path || span_is(pax.path, rows[i].path), "%s: %.*s", rows[i].what,
              (int)pax.path.n, (const char *)pax.path.p);
        CHECK(!pax.size_set, "%s: size", rows[i].what);
    }
}

TEST(tar_paths)
{
    static const struct {
        const char *name, *normal;
        bool absolute, dotdot, leaves;
    } rows[] = {
        { "a/b", "a/b", false, false, false },
        { "./a//b/", "a/b", false, false, false },
        { "", "", false, false, false },
        { ".", "", false, false, false },
        { "/", "", true, false, false },
        { "/a", "a", true, false, false },
        { "a/../b", "b", false, true, false },
        { "a/..", "", false, true, false },
        { "..", "", false, true, true },
        { "../a", "a", false, true, true },
        { "a/../../b", "b", false, true, true },
        { "a/b/../../..", "", false, true, true },
        { "aa/b/../c", "aa/c", false, true, false },
        { "..a/.../a..", "..a/.../a..", false, false, false },
        { "C:/a", "C:/a", true, false, false },
        { "C:a", "C:a", true, false, false },
        { "C:", "C:", false, false, false },
        { "B::C", "B::C", false, false, false },
        { "a\\..\\..\\b", "a\\..\\..\\b", false, false, false },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        uint8_t out[64];
        struct path_manner how, again = path_manner(span_text(rows[i].name), false);
        struct span normal = path_normal_form(span_text(rows[i].name), false, out, &how);

        CHECK(span_is(normal, rows[i].normal), "%s: %.*s", rows[i].name, (int)normal.n,
              (const char *)normal.p);
        CHECK(how.absolute == rows[i].absolute && how.dotdot == rows[i].dotdot &&
                  how.leaves == rows[i].leaves,
              "%s", rows[i].name);
        CHECK(memcmp(&how, &again, sizeof how) == 0, "%s: two answers", rows[i].name);
    }
    CHECK(path_manner(SPAN_LITERAL("a\\..\\..\\b"), true).leaves, "backslashes");
    CHECK(path_climbs_out(SPAN_LITERAL("../../x"), 1), "up two from one");
    CHECK(!path_climbs_out(SPAN_LITERAL("../x"), 1), "up one from one");
    CHECK(path_climbs_out(SPAN_LITERAL("a/../../x"), 0), "down and up two");
}

/* What is handed on, by name and content: of each reading, and of each way to be sparse. */
TEST(tar_handed_on)
{
    static const struct {
        const char *file, *name;
        struct span content;
    } rows[] = {
        { "TAR001/fire-pax.tar", "../evil.txt", SPAN_LITERAL(TEXT) },
        { "TAR001/fire-long.tar", "../evil.txt", SPAN_LITERAL(TEXT) },
        { "TAR001/fire-prefix.tar", "../../evil.txt", SPAN_LITERAL(TEXT) },
        { "TAR020/fire.tar", "a.txt", SPAN_LITERAL(TEXT) },
        { "TAR020/fire.tar", "a.txt", SPAN_LITERAL("hello") },
        { "TAR021/fire.tar", "hidden.txt", SPAN_LITERAL(OTHER) },
        { "TAR021/fire-extension.tar", "hidden.txt", SPAN_LITERAL(OTHER) },
        { "TAR021/near-link-data.tar", "c.txt", SPAN_LITERAL(TEXT) },
        { "TAR021/near-link-data.tar", "b.txt", SPAN_LITERAL(OTHER) },
        { "TAR022/fire.tar", "b.txt", SPAN_LITERAL(OTHER) },
        { "TAR022/fire-lone.tar", "b.txt", SPAN_LITERAL(OTHER) },
        { "TAR023/fire.tar", "a.txt", SPAN_LITERAL(TEXT) },
        { "TAR024/fire.tar", "b.txt", SPAN_LITERAL(OTHER) },
        { "TAR025/fire.tar", "a.txt", SPAN_LITERAL(TEXT) },
        { "TAR028/fire.tar", "b.txt", SPAN_LITERAL(TEXT) },
        { "TAR030/fire.tar", "a.txt", SPAN_LITERAL(TEXT) },
    };
    struct passed *p = calloc(1, sizeof *p);

    for (size_t i = 0; p && i < ARRAY_LEN(rows); i++) {
        char path[128];
        struct span in;

        snprintf(path, sizeof path, "tests/golden/%s", rows[i].file);
        in = passed_load(path);
        passed_run(p, &format_tar, in, path);
        CHECK(passed_has(p, rows[i].name, rows[i].content), "%s: no %s", rows[i].file,
              rows[i].name);
        CHECK(p->status == PRATIQUE_OK, "%s: %s", rows[i].file, p->scan.error.msg);
        passed_free(p);
        passed_unload(in);
    }
    free(p);
}

TEST(tar_sparse)
{
    static const char *const files[] = { "near", "near-pairs", "near-map", "near-body" };
    struct passed *p = calloc(1, sizeof *p);
    uint8_t want[4608] = { 0 };

    for (size_t i = 0; i < 512; i++)
        want[i] = want[4096 + i] = i < 19 * 27 - 1 ? (uint8_t)TEXT[i % 27] : '\n';
    for (size_t i = 0; p && i < ARRAY_LEN(files); i++) {
        char path[128];
        struct span in;

        snprintf(path, sizeof path, "tests/golden/TAR033/%s.tar", files[i]);
        in = passed_load(path);
        passed_run(p, &format_tar, in, path);
        CHECK(passed_has(p, "sparse.txt", span_of(want, sizeof want)), "%s: %zu bytes", files[i],
              p->list[0].n);
        CHECK(p->n == (strcmp(files[i], "near-body") == 0 ? 1 : 2) && p->status == PRATIQUE_OK,
              "%s: %zu files", files[i], p->n); /* put together, and without its holes */
        passed_free(p);
        passed_unload(in);
    }
    free(p);
}

TEST(tar_sweeps)
{
    static const char *const files[] = {
        "TAR021/fire.tar",      "TAR021/fire-folder.tar", "TAR033/near-blocks.tar",
        "TAR033/near-body.tar", "TAR033/near-map.tar",    "TAR028/near.tar",
        "TAR015/fire.tar",      "TAR027/fire-size.tar",
    };

    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        char path[128];

        snprintf(path, sizeof path, "tests/golden/%s", files[i]);
        passed_sweep(path, &format_tar, 7);
    }
}

TEST(tar_recognised)
{
    static uint8_t zeros[10240];
    struct span in = passed_load("tests/golden/TAR009/near.tar");
    uint8_t *bytes = (uint8_t *)(uintptr_t)in.p;

    CHECK(format_tar.looks_like(in), "a tar");
    CHECK(!format_tar.looks_like(span_of(in.p, 511)), "half a header");
    bytes[0] ^= 1;
    CHECK(!format_tar.looks_like(span_of(in.p, 1024)), "a wrong checksum");
    bytes[0] ^= 1;
    CHECK(format_tar.looks_like(span_of(zeros, sizeof zeros)), "an empty archive");
    CHECK(!format_tar.looks_like(span_of(zeros, 512)), "one zero block");
    CHECK(!format_tar.looks_like(span_of(zeros, 1025)), "zeros of an odd size");
    passed_unload(in);
}

/* Many members: the names are sorted, so collisions among them cost no square. */
TEST(tar_many)
{
    enum { N = 20000 };
    struct span in = passed_load("tests/golden/TAR014/near.tar"), block = SPAN_EMPTY;
    uint8_t *many = calloc(N + 2, TAR_BLOCK);
    struct passed *p = calloc(1, sizeof *p);

    (void)span_sub(in, 1024, TAR_BLOCK, &block);
    for (size_t i = 0; many && i < N; i++)
        memcpy(many + i * TAR_BLOCK, block.p, TAR_BLOCK);
    if (many && p) {
        passed_run(p, &format_tar, span_of(many, (N + 2) * TAR_BLOCK), "many");
        CHECK(p->status == PRATIQUE_OK, "%s", p->scan.error.msg);
        CHECK(passed_facts(p, FACT_TAR_DUPLICATE_NAME) == N - 1, "every one is counted");
        CHECK(passed_facts(p, FACT_TAR_HARDLINK_MISSING) == N, "and their links");
        CHECK(p->facts.n < 32, "%zu facts", p->facts.n);
        passed_free(p);
    }
    free(p);
    free(many);
    passed_unload(in);
}
