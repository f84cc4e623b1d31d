/* src/trust/fetch/lock_read.c, lock_check.c, lock_tags.c: docs/LOCK.md. */
#include <stdlib.h>

#include "test.h"
#include "trust/fetch/lock.h"

#define HASH "6b1f9b0a5a0c2f8d7f2e6d1f3f0f0c4a6d8b7c9e1a2b3c4d5e6f708192a3b4c5"
#define FILE_OF(name, more)                                                                        \
    "{\"name\":\"" name "\",\"platform\":\"any\",\"abi\":\"none\",\"urls\":[\"https://e.org/x\"]," \
    "\"sha256\":\"" HASH "\"," more "}"
#define LOCK_OF(files)                                                                             \
    "{\"format\":\"pratique-lock-1\",\"package\":\"p\",\"version\":\"1\",\"files\":[" files "]}"

static enum pratique_status parse(struct pratique_lock **l, const char *text, char msg[256])
{
    struct pratique_error err = { .msg = "" };
    enum pratique_status st = lock_parse(l, "l", span_text(text), &err);

    (void)snprintf(msg, 256, "%.255s", err.msg);
    return st;
}

TEST(lock_reads)
{
    static const struct {
        const char *text, *why; /* NULL: it is right */
    } rows[] = {
        { LOCK_OF(FILE_OF("a/b.so", "\"size\":1")), NULL },
        { " \r\n\t" LOCK_OF(FILE_OF("a", "\"size\" : 1099511627776")) "\n", NULL },
        { LOCK_OF(FILE_OF("\\u0061\\/b", "\"size\":7")), NULL },
        { LOCK_OF(FILE_OF("a", "\"size\":1") "," FILE_OF("b", "\"size\":1")), NULL },
        { "", "too early" },
        { "\xef\xbb\xbf" LOCK_OF(FILE_OF("a", "\"size\":1")), "l:1: " },
        { LOCK_OF(FILE_OF("a", "\"size\":1")) "x", "something follows" },
        { LOCK_OF(""), "empty list" },
        { LOCK_OF(FILE_OF("a", "\"size\":0")), "size" },
        { LOCK_OF(FILE_OF("a", "\"size\":-1")), "size" },
        { LOCK_OF(FILE_OF("a", "\"size\":1.0")), "size" },
        { LOCK_OF(FILE_OF("a", "\"size\":1e3")), "size" },
        { LOCK_OF(FILE_OF("a", "\"size\":01")), "size" },
        { LOCK_OF(FILE_OF("a", "\"size\":+1")), "size" },
        { LOCK_OF(FILE_OF("a", "\"size\":1099511627777")), "size" },
        { LOCK_OF(FILE_OF("a", "\"size\":9223372036854775808")), "size" },
        { LOCK_OF(FILE_OF("a", "\"size\":18446744073709551617")), "size" },
        { LOCK_OF(FILE_OF("a", "\"size\":340282366920938463463374607431768211457")), "size" },
        { LOCK_OF(FILE_OF("a", "\"size\":1,\"size\":1")), "stands twice" },
        { LOCK_OF(FILE_OF("a", "\"size\":1,\"s\\u0069ze\":1")), "stands twice" },
        { LOCK_OF(FILE_OF("a", "\"size\":1,\"sha256_url\":\"x\"")), "circular pin" },
        { LOCK_OF(FILE_OF("a", "\"size\":1,\"mode\":1")), "is not known" },
        { LOCK_OF(FILE_OF("a\\u0000b", "\"size\":1")), "name" },
        { LOCK_OF(FILE_OF("..\\/b", "\"size\":1")), "name" },
        { LOCK_OF(FILE_OF("a", "\"size\":1") "," FILE_OF("a", "\"size\":1")), "same platform" },
        { LOCK_OF(FILE_OF("a", "\"size\":1") "," FILE_OF("A", "\"size\":1")), "case alone" },
        { LOCK_OF(FILE_OF("a", "\"size\":1") "," FILE_OF("A/b", "\"size\":1")), "folders" },
        { LOCK_OF(FILE_OF("a", "\"size\":1") ","), "l:1: " },
        { "[[[[[[[[", "l:1: " },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct pratique_lock *l;
        char msg[256];
        enum pratique_status st = parse(&l, rows[i].text, msg);

        CHECK(st == (rows[i].why ? PRATIQUE_E_USAGE : PRATIQUE_OK), "row %zu: %d, %s", i, st, msg);
        CHECK((l == NULL) == (rows[i].why != NULL), "row %zu", i);
        CHECK(!rows[i].why || strstr(msg, rows[i].why), "row %zu: %s", i, msg);
        pratique_lock_free(l);
    }
}

/* What is cut off anywhere is no lock. */
TEST(lock_cut)
{
    static const char whole[] = LOCK_OF(FILE_OF("a/b.so", "\"size\":12"));
    char cut[sizeof whole];

    for (size_t n = 0; n + 1 < sizeof whole; n++) {
        struct pratique_lock *l;
        char msg[256];

        memcpy(cut, whole, n);
        cut[n] = '\0';
        CHECK(parse(&l, cut, msg) == PRATIQUE_E_USAGE && !l, "cut at %zu", n);
        pratique_lock_free(l);
    }
}

TEST(lock_names)
{
    static const struct {
        struct span name;
        bool ok;
    } rows[] = {
        { SPAN_LITERAL("a"), true },
        { SPAN_LITERAL("a/b c/d.so"), true },
        { SPAN_LITERAL("..a/b..c"), true },
        { SPAN_LITERAL(".hidden/$x"), true },
        { SPAN_LITERAL("com/console/com10/nulx/x.con"), true },
        { SPAN_LITERAL(""), false },
        { SPAN_LITERAL("/a"), false },
        { SPAN_LITERAL("a/"), false },
        { SPAN_LITERAL("a//b"), false },
        { SPAN_LITERAL("."), false },
        { SPAN_LITERAL("a/.."), false },
        { SPAN_LITERAL("../a"), false },
        { SPAN_LITERAL("a\\b"), false },
        { SPAN_LITERAL("C:a"), false },
        { SPAN_LITERAL("a\0b"), false },
        { SPAN_LITERAL("a\x7f"), false },
        { SPAN_LITERAL("\xc3\xa4"), false },
        { SPAN_LITERAL("a."), false },
        { SPAN_LITERAL("a /b"), false },
        { SPAN_LITERAL("NUL"), false },
        { SPAN_LITERAL("a/con.so"), false },
        { SPAN_LITERAL("aux .tar.gz"), false },
        { SPAN_LITERAL("Com1"), false },
        { SPAN_LITERAL("lpt0.x/y"), false },
        { SPAN_LITERAL("p/Pratique.Lock"), false },
        { SPAN_LITERAL("p-1.Dist-Info/RECORD"), false },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK((lock_name_fault(rows[i].name) == NULL) == rows[i].ok, "%.*s", (int)rows[i].name.n,
              (const char *)rows[i].name.p);
}

TEST(lock_urls)
{
    static const struct {
        const char *url;
        bool ok;
    } rows[] = {
        { "https://e.org", true },
        { "https://e.org:8443/a?b=%20", true },
        { "https://[::1]/a", true },
        { "file:a/b", true },
        { "http://e.org/a", false },
        { "https:///a", false },
        { "https://:1/a", false },
        { "https://u@e.org/a", false },
        { "https://u:p@e.org?a", false },
        { "https://e.org/a#b", false },
        { "https://e.org/a b", false },
        { "https://e.org\\@f.org/", false },
        { "file:/a", false },
        { "file:../a", false },
        { "file:", false },
        { "ftp://e.org/a", false },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK((lock_url_fault(span_text(rows[i].url)) == NULL) == rows[i].ok, "%s", rows[i].url);
}

static uint64_t rank_of(const char *platform, const char *abi, const char *python,
                        const char *target, const char *target_python)
{
    const struct pratique_locked f = { .platform = platform, .abi = abi, .python = python };
    const struct lock_target t = { target, target_python };

    return lock_rank(&f, &t);
}

TEST(lock_platforms)
{
    static const struct {
        const char *tag, *target;
        bool counts;
    } rows[] = {
        { "any", "win_amd64", true },
        { "manylinux_2_17_x86_64", "manylinux_2_17_x86_64", true },
        { "manylinux_2_17_x86_64", "manylinux_2_36_x86_64", true },
        { "manylinux_2_17_x86_64", "manylinux_3_0_x86_64", true },
        { "manylinux_2_17_x86_64", "manylinux_2_16_x86_64", false },
        { "manylinux_2_17_x86_64", "manylinux_2_17_aarch64", false },
        { "manylinux_2_17_x86_64", "musllinux_2_17_x86_64", false },
        { "manylinux1_x86_64", "manylinux_2_5_x86_64", true },
        { "manylinux1_x86_64", "manylinux_2_4_x86_64", false },
        { "manylinux2010_i686", "manylinux_2_12_i686", true },
        { "manylinux2014_aarch64", "manylinux_2_17_aarch64", true },
        { "manylinux2014_aarch64", "manylinux_2_16_aarch64", false },
        { "musllinux_1_1_x86_64", "musllinux_1_2_x86_64", true },
        { "musllinux_1_2_x86_64", "musllinux_1_1_x86_64", false },
        { "musllinux_1_2_x86_64", "manylinux_2_36_x86_64", false },
        { "linux_x86_64", "manylinux_2_36_x86_64", true },
        { "linux_x86_64", "musllinux_1_2_x86_64", true },
        { "linux_x86_64", "linux_x86_64", true },
        { "linux_x86_64", "linux_aarch64", false },
        { "linux_x86_64", "win_x86_64", false },
        { "manylinux_2_17_x86_64", "linux_x86_64", false },
        { "macosx_11_0_arm64", "macosx_14_0_arm64", true },
        { "macosx_11_0_arm64", "macosx_10_9_arm64", false },
        { "macosx_11_0_arm64", "macosx_14_0_x86_64", false },
        { "macosx_10_9_universal2", "macosx_11_0_arm64", true },
        { "macosx_10_9_universal2", "macosx_10_9_x86_64", true },
        { "macosx_10_9_universal2", "macosx_10_9_ppc64", false },
        { "macosx_10_9_universal2", "manylinux_2_17_x86_64", false },
        { "macosx_11_0_arm64.win_arm64", "win_arm64", true },
        { "win_amd64", "win_amd64", true },
        { "win32", "win_amd64", false },
        { "manylinux_2_99999999_x86_64", "manylinux_2_36_x86_64", false },
        { "manylinux_2__x86_64", "manylinux_2_36_x86_64", false },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK((rank_of(rows[i].tag, "none", NULL, rows[i].target, NULL) != 0) == rows[i].counts,
              "%s on %s", rows[i].tag, rows[i].target);
}

TEST(lock_pythons)
{
    static const struct {
        const char *abi, *python, *target;
        bool counts;
    } rows[] = {
        { "none", NULL, "cp311", true },      { "none", NULL, NULL, true },
        { "none", "py3", "cp311", true },     { "none", "py2.py3", "cp311", true },
        { "none", "py2", "cp311", false },    { "none", "cp311", "cp311", true },
        { "none", "cp310", "cp311", false },  { "none", "py39", "cp311", true },
        { "none", "py312", "cp311", false },  { "abi3", "cp39", "cp311", true },
        { "abi3", "cp312", "cp311", false },  { "abi3", "cp39", "pp311", false },
        { "abi3", "cp39", "cp313t", false },  { "abi3", "cp39", NULL, true },
        { "cp311", NULL, "cp311", true },     { "cp311", NULL, "cp312", false },
        { "cp311", NULL, NULL, false },       { "cp313t", NULL, "cp313t", true },
        { "cp313", NULL, "cp313t", false },   { "cp310.cp311", NULL, "cp311", true },
        { "cp311", "cp310", "cp311", false }, { "pp311", NULL, "pp311", true },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK((rank_of("any", rows[i].abi, rows[i].python, "win_amd64", rows[i].target) != 0) ==
                  rows[i].counts,
              "%s of %s for %s", rows[i].abi, rows[i].python ? rows[i].python : "any",
              rows[i].target ? rows[i].target : "none");
}

/* Each better than the one below it, for one target. */
TEST(lock_order)
{
    static const struct {
        const char *platform, *abi, *python;
    } rows[] = {
        { "manylinux_2_17_x86_64", "cp311", NULL },
        { "any", "cp311", NULL },
        { "manylinux_2_17_x86_64", "abi3", "cp310" },
        { "manylinux_2_28_x86_64", "abi3", "cp39" },
        { "any", "abi3", "cp39" },
        { "any", "none", "cp311" },
        { "manylinux_2_28_x86_64", "none", "py3" },
        { "manylinux_2_17_x86_64", "none", "py3" },
        { "manylinux_2_5_x86_64", "none", "py3" },
        { "linux_x86_64", "none", "py3" },
        { "any", "none", "py3" },
    };
    uint64_t above = UINT64_MAX;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        uint64_t rank = rank_of(rows[i].platform, rows[i].abi, rows[i].python,
                                "manylinux_2_36_x86_64", "cp311");

        CHECK(rank > 0 && rank < above, "row %zu: %s %s", i, rows[i].platform, rows[i].abi);
        above = rank;
    }
}

TEST(lock_targets)
{
    static const struct {
        const char *platform, *python;
        bool ok;
    } rows[] = {
        { "manylinux_2_28_x86_64", "cp311", true },
        { "win_amd64", NULL, true },
        { "any", NULL, false },
        { "a.b", NULL, false },
        { "a-b", NULL, false },
        { "", NULL, false },
        { "win_amd64", "3.11", false },
        { "win_amd64", "cp3", false },
        { "win_amd64", "cp313t", true },
        { "win_amd64", "cp311x", false },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct lock_target t = { rows[i].platform, rows[i].python };

        CHECK((lock_target_fault(&t) == NULL) == rows[i].ok, "%s %s", rows[i].platform,
              rows[i].python ? rows[i].python : "");
    }
}
