/* src/trust/manifest/manifest_*.c: globs, times, paths, roles, the parser and its child. */
#include <stdlib.h>

#include "test.h"
#include "trust/manifest/manifest.h"

TEST(manifest_globs_match)
{
    static const struct {
        const char *glob, *path;
        bool want;
    } rows[] = {
        { "*.bin", "a.bin", true },
        { "*.bin", "x/y/a.bin", true },
        { "*.bin", "a.bin.txt", false },
        { "*.bin", "a.bin/b", false },
        { "a?c", "abc", true },
        { "a?c", "ac", false },
        { "a?c", "x/abc", true },
        { "a/*.bin", "a/b.bin", true },
        { "a/*.bin", "a/b/c.bin", false },
        { "a/*.bin", "x/a/b.bin", false },
        { "a/**", "a/b", true },
        { "a/**", "a/b/c", true },
        { "a/**", "a", false },
        { "a/**", "ab/c", false },
        { "**/b", "b", true },
        { "**/b", "a/b", true },
        { "**/b", "a/x/b", true },
        { "**/b", "ab", false },
        { "**/b", "a/xb", false },
        { "a/**/b", "a/b", true },
        { "a/**/b", "a/x/y/b", true },
        { "a/**/b", "a/xb", false },
        { "a/**/b", "ab", false },
        { "**/b/**/d", "a/b/c/d", true },
        { "**/b/**/d", "b/d", true },
        { "**/b/**/d", "a/d", false },
        { "**", "a", true },
        { "**/*", "a/b", true },
        { "a**b", "axxb", true },
        { "a**b/c", "ax/b/c", false },
        { "logs/", "logs/a/b", true },
        { "logs/", "logs", false },
        { "logs/", "x/logs/a", false },
        { "*", "a/b", true },
        { "*", ".hidden", true },
        { "a/*/c", "a/b/c", true },
        { "a/*/c", "a//c", true },
        { "A", "a", false },
        { "[a]", "a", false },
        { "[a]", "[a]", true },
        { "*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK(manifest_glob(rows[i].glob, rows[i].path) == rows[i].want, "%s on %s", rows[i].glob,
              rows[i].path);
}

TEST(manifest_globs_take_no_time)
{
    char glob[509], path[4001];

    for (size_t i = 0; i < sizeof glob - 1; i++)
        glob[i] = i % 2 ? 'a' : '*';
    glob[sizeof glob - 2] = 'b';
    glob[sizeof glob - 1] = '\0';
    memset(path, 'a', sizeof path - 1);
    path[sizeof path - 2] = 'b';
    path[10] = 'c';
    path[sizeof path - 1] = '\0';
    CHECK(manifest_glob(glob, path), "many stars");
    CHECK(!manifest_glob_fault(glob), "it is as long as it may be");
    path[sizeof path - 2] = 'c';
    CHECK(!manifest_glob(glob, path), "many stars, and another end");
}

TEST(manifest_globs_reach_what_lies_below)
{
    static const char *const globs[] = { "cache", "a/*/c" };

    CHECK(manifest_globs(globs, 2, "cache/x/y"), "below a folder");
    CHECK(manifest_globs(globs, 2, "x/cache/y"), "wherever it lies");
    CHECK(manifest_globs(globs, 2, "a/b/c/d/e"), "by its path");
    CHECK(!manifest_globs(globs, 2, "caches/x"), "another name");
    CHECK(!manifest_globs(NULL, 0, "x"), "none at all");
}

TEST(manifest_times)
{
    static const struct {
        const char *text;
        int64_t want; /* -1: it is none */
    } rows[] = {
        { "1970-01-01T00:00:00Z", 0 },
        { "2025-11-24T16:00:00Z", 1764000000 },
        { "2024-02-29T23:59:59Z", 1709251199 },
        { "2000-02-29T00:00:00Z", 951782400 },
        { "9999-12-31T23:59:59Z", INT64_C(253402300799) },
        { "2025-11-24T16:00:00+00:00", 1764000000 },
        { "2025-11-24T16:00:00.123456Z", 1764000000 },
        { "2025-11-24T16:00:00.5+00:00", 1764000000 },
        { "2023-02-29T00:00:00Z", -1 },
        { "2100-02-29T00:00:00Z", -1 },
        { "1969-12-31T23:59:59Z", -1 },
        { "2025-13-01T00:00:00Z", -1 },
        { "2025-00-01T00:00:00Z", -1 },
        { "2025-01-00T00:00:00Z", -1 },
        { "2025-01-32T00:00:00Z", -1 },
        { "2025-01-01T24:00:00Z", -1 },
        { "2025-01-01T00:60:00Z", -1 },
        { "2025-01-01T00:00:60Z", -1 },
        { "2025-01-01t00:00:00z", -1 },
        { "2025-01-01 00:00:00Z", -1 },
        { "2025-01-01T00:00:00", -1 },
        { "2025-01-01T00:00:00.Z", -1 },
        { "2025-01-01T00:00:00,5Z", -1 },
        { "2025-01-01T00:00:00-00:00", -1 },
        { "2025-01-01T00:00:00+01:00", -1 },
        { "2025-01-01T00:00:00ZZ", -1 },
        { "2025-01-01T00:00:00.0123456789Z", -1 },
        { "2025-1-01T00:00:00Z", -1 },
        { " 025-01-01T00:00:00Z", -1 },
        { "", -1 },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t t;
        bool ok = manifest_time_read(span_text(rows[i].text), &t);

        CHECK(ok == (rows[i].want >= 0), "%s", rows[i].text);
        CHECK(!ok || t == rows[i].want, "%s: %lld", rows[i].text, (long long)t);
    }
}

TEST(manifest_times_come_back)
{
    char text[MANIFEST_TIME];
    int64_t t;

    for (int64_t at = 0; at <= INT64_C(253402300799); at += INT64_C(86399) * 997) {
        manifest_time_write(at, text);
        CHECK(manifest_time_read(span_text(text), &t) && t == at, "%lld: %s", (long long)at, text);
    }
    manifest_time_write(INT64_MIN, text);
    CHECK(strcmp(text, "1970-01-01T00:00:00Z") == 0, "%s", text);
    manifest_time_write(INT64_MAX, text);
    CHECK(strcmp(text, "9999-12-31T23:59:59Z") == 0, "%s", text);
}

TEST(manifest_paths)
{
    static const struct {
        const char *path;
        bool good;
    } rows[] = {
        { "a", true },
        { "a/b", true },
        { ".a", true },
        { "...", true },
        { "a..", true },
        { "..a/b", true },
        { "a b", true },
        { "\xC3\xA4", true },
        { "\xF0\x9F\x98\x80", true },
        { "a\\b", true },
        { "C:/x", true },
        { "-", true },
        { "", false },
        { "/", false },
        { "/a", false },
        { "a/", false },
        { "a//b", false },
        { ".", false },
        { "..", false },
        { "a/..", false },
        { "../a", false },
        { "a/../b", false },
        { "./a", false },
        { "a/.", false },
        { "a/./b", false },
        { "a\nb", false },
        { "a\x7F", false },
        { "\xC2\x85", false },
        { "a\x1B[m", false },
        { "\xFF", false },
        { "\xC0\xAF", false },
        { "\xED\xA0\x80", false },
        { "\xE2\x80\xAE", false },
        { "\xE2\x81\xA6", false },
        { "\xE2\x80\xA8", false },
    };
    struct span nul = SPAN_LITERAL("a\0b");
    char name[257];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK(!manifest_path_fault(span_text(rows[i].path)) == rows[i].good, "row %zu: %s", i,
              rows[i].path);
    CHECK(manifest_path_fault(nul) != NULL, "a zero byte");
    memset(name, 'a', sizeof name);
    CHECK(!manifest_path_fault(span_of(name, 255)), "255 bytes");
    CHECK(manifest_path_fault(span_of(name, 256)) != NULL, "256 bytes");
}

TEST(manifest_roles_have_risks)
{
    CHECK(strcmp(manifest_role("x/Model.SafeTensors"), "model-weights") == 0, "of any case");
    CHECK(strcmp(manifest_role("strange"), "unknown") == 0, "unknown");
    CHECK(manifest_risk("model-weights") == PRATIQUE_RISK_DESERIALISATION, "weights");
    CHECK(manifest_risk("rag-kb") == PRATIQUE_RISK_INTEGRITY, "kb");
    CHECK(manifest_risk("test-data") == PRATIQUE_RISK_TEST, "tests");
    CHECK(manifest_risk("nobody-knows") == PRATIQUE_RISK_DESERIALISATION, "the worst");
}

/* ---- the parser ---- */

#define SHA         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ENTRY(path) "{\"path\":\"" path "\",\"sha256\":\"" SHA "\",\"bytes\":12,\"role\":\"code\"}"
#define WHOLE(entries)                                                                             \
    "{\"generated_at\":\"2025-11-24T16:00:00Z\",\"git_sha\":null,\"artifacts\":[" entries "]}"

static bool count_entry(void *user, const struct manifest_entry *e)
{
    size_t *n = user;

    CHECK(!manifest_path_fault(e->path), "a path that is none");
    CHECK(e->sha256.n == 64 && e->role.n > 0, "a hash or a role that is none");
    ++*n;
    return true;
}

static bool scan_bytes(struct span bytes, size_t *entries)
{
    struct manifest_head head;
    struct manifest_fault fault;
    bool ok;

    *entries = 0;
    ok = manifest_scan(bytes, &head, count_entry, entries, &fault);
    CHECK(ok || (fault.what[0] && fault.line > 0), "a fault without words");
    CHECK(!ok || *entries > 0, "nothing declared");
    return ok;
}

/* Exact size, so that the sanitizer sees a byte too many. */
static bool scan_copy(const char *text, size_t n, size_t *entries)
{
    char *copy = malloc(n ? n : 1);
    bool ok;

    if (!copy)
        return false;
    memcpy(copy, text, n);
    ok = scan_bytes(span_of(copy, n), entries);
    free(copy);
    return ok;
}

TEST(manifest_scan_cut_anywhere)
{
    static const char text[] = WHOLE(ENTRY("a") "," ENTRY("b\\u00e4/c"));
    size_t entries;

    CHECK(scan_copy(text, sizeof text - 1, &entries) && entries == 2, "the whole");
    for (size_t n = 0; n < sizeof text - 1; n++)
        CHECK(!scan_copy(text, n, &entries), "cut at %zu", n);
}

TEST(manifest_scan_every_byte_changed)
{
    char text[] = WHOLE(ENTRY("a"));
    size_t entries;

    for (size_t i = 0; i < sizeof text - 1; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            text[i] = (char)(text[i] ^ (1 << bit));
            (void)scan_copy(text, sizeof text - 1, &entries);
            text[i] = (char)(text[i] ^ (1 << bit));
        }
}

TEST(manifest_parse_says_what_it_read)
{
    static const char text[] = WHOLE(ENTRY("b") ",\n" ENTRY("a/\\u00e4")) /* not in order */;
    struct pratique_manifest *m;
    struct pratique_error err = { 0 };

    CHECK(manifest_parse(&m, "M.json", span_of(text, sizeof text - 1), &err) == PRATIQUE_OK, "%s",
          err.msg);
    if (!m)
        return;
    CHECK(pratique_manifest_count(m) == 2, "%zu entries", pratique_manifest_count(m));
    CHECK(strcmp(pratique_manifest_at(m, 0)->path, "a/\xC3\xA4") == 0, "%s",
          pratique_manifest_at(m, 0)->path);
    CHECK(strcmp(pratique_manifest_at(m, 1)->sha256, SHA) == 0, "the hash");
    CHECK(pratique_manifest_at(m, 1)->bytes == 12 && !pratique_manifest_at(m, 2), "the rest");
    CHECK(!pratique_manifest_git_sha(m) && !pratique_manifest_dirty(m, NULL), "git");
    pratique_manifest_free(m);
}

TEST(manifest_parse_names_the_line)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        { WHOLE(ENTRY("a") ",\n" ENTRY("b") ",\n" ENTRY("a")),
          "M.json:3: 'a' is declared twice (as well in line 1)" },
        { "{\n\n\"x\": 1}", "M.json:3: the key 'x' is not known" },
        { "{\n\"\\u001b[2J\": 1}", "M.json:2: the key '\\x1b[2J' is not known" },
        { "", "M.json:1: the file is empty" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct pratique_manifest *m;
        struct pratique_error err = { 0 };

        CHECK(manifest_parse(&m, "M.json", span_text(rows[i].text), &err) == PRATIQUE_E_FORMAT,
              "row %zu", i);
        CHECK(!m && strcmp(err.msg, rows[i].want) == 0, "row %zu: %s", i, err.msg);
    }
}
