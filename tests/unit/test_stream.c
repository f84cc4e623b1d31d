/* Compressed streams, 7z and RAR: the golden cases, names, what is handed on, sweeps. */
#include "format/archive/archive.h"
#include "format/stream/stream.h"
#include "passed.h"

#define TEXT  "hello, hello, hello, hello\n"
#define OTHER "something else altogether\n"

static const struct format *stream_of(struct span in)
{
    static const struct format *const streams[] = { &format_gzip, &format_bzip2, &format_xz,
                                                    &format_lzma, &format_zstd,  &format_lz4,
                                                    &format_zlib };

    for (size_t i = 0; i < ARRAY_LEN(streams); i++)
        if (streams[i]->looks_like(in))
            return streams[i];
    return NULL;
}

static const struct format *archive_of(struct span in)
{
    return format_7z.looks_like(in) ? &format_7z : format_rar.looks_like(in) ? &format_rar : NULL;
}

TEST(stream_golden)
{
    passed_golden("tests/golden/STR*/*", stream_of);
}

TEST(archive_golden)
{
    passed_golden("tests/golden/ARC*/*", archive_of);
}

TEST(stream_handed_on)
{
    static const struct {
        const char *file, *own_name, *name;
        struct span content;
    } rows[] = {
        { "STR001/near.gz", "a.tar.gz", "a.tar", SPAN_LITERAL(TEXT) },
        { "STR001/near.gz", "dir/a.tgz", "a.tar", SPAN_LITERAL(TEXT) },
        { "STR001/near.gz", "a", "a", SPAN_LITERAL(TEXT) },
        { "STR001/near.gz", ".gz", ".gz", SPAN_LITERAL(TEXT) },
        { "STR001/near.gz", "", "content", SPAN_LITERAL(TEXT) },
        { "STR004/near.gz", "b.gz", "a.txt", SPAN_LITERAL(TEXT) },
        { "STR004/fire.gz", "b.gz", "evil.txt", SPAN_LITERAL(TEXT) },
        { "STR001/fire.gz", "a.gz", "a", SPAN_LITERAL(TEXT OTHER) },
        { "STR001/fire.bz2", "a.tbz2", "a.tar", SPAN_LITERAL(TEXT OTHER) },
        { "STR001/fire.xz", "a.xz", "a", SPAN_LITERAL(TEXT OTHER) },
        { "STR001/fire.zst", "a.zst", "a", SPAN_LITERAL(TEXT OTHER) },
        { "STR001/near.lzma", "a.lzma", "a", SPAN_LITERAL(TEXT) },
        { "STR001/near.zst", "a.zst", "a", SPAN_LITERAL(TEXT) },
        { "STR003/fire.gz", "a.gz", "a", SPAN_LITERAL(TEXT OTHER) },
    };
    struct passed *p = calloc(1, sizeof *p);

    for (size_t i = 0; p && i < ARRAY_LEN(rows); i++) {
        char path[128];
        struct span in;

        snprintf(path, sizeof path, "tests/golden/%s", rows[i].file);
        in = passed_load(path);
        passed_run(p, stream_of(in), in, rows[i].own_name);
        CHECK(p->n == 1 && passed_has(p, rows[i].name, rows[i].content), "%s as %s: %s, %zu bytes",
              rows[i].file, rows[i].own_name, p->list[0].name, p->list[0].n);
        passed_free(p);
        passed_unload(in);
    }
    free(p);
}

/* What follows a stream is a file of its own, and what precedes a fault is handed on. */
TEST(stream_rest)
{
    struct span in = passed_load("tests/golden/STR001/near.gz");
    uint8_t *bytes = (uint8_t *)(uintptr_t)in.p;
    struct passed *p = calloc(1, sizeof *p);

    memcpy(bytes + in.n, OTHER, sizeof OTHER);
    passed_run(p, &format_gzip, span_of(in.p, in.n + strlen(OTHER)), "a.gz");
    CHECK(p->n == 2 && passed_has(p, "(trailing)", SPAN_LITERAL(OTHER)), "%zu files", p->n);
    CHECK(passed_facts(p, FACT_TRAILING) == 1, "it is a fact");
    passed_free(p);

    bytes[in.n - 8] ^= 1; /* the CRC */
    passed_run(p, &format_gzip, in, "a.gz");
    CHECK(p->status == PRATIQUE_E_FORMAT && passed_has(p, "a", SPAN_LITERAL(TEXT)),
          "a wrong CRC: %s", p->scan.error.msg);
    passed_free(p);

    passed_run(p, &format_gzip, span_of(in.p, in.n - 9), "a.gz");
    CHECK(p->status == PRATIQUE_E_FORMAT && p->n == 1 && p->list[0].n >= 20,
          "cut off: %zu bytes are left", p->list[0].n);
    passed_free(p);
    free(p);
    passed_unload(in);
}

/* Only what is a stream is taken for one. */
TEST(stream_recognised)
{
    static const struct {
        const char *what;
        struct span in;
        const struct format *format;
    } rows[] = {
        { "text that starts like zlib", SPAN_LITERAL("x^2 + y^2 = z^2, and so on and on\n"), NULL },
        { "half a zlib header", SPAN_LITERAL("x\x9c"), NULL },
        { "gzip of another method", SPAN_LITERAL("\x1f\x8b\x07\0\0\0\0\0\0\0"), NULL },
        { "cut off gzip", SPAN_LITERAL("\x1f\x8b\x08"), &format_gzip },
        { "BZh and no block", SPAN_LITERAL("BZh9hello hello"), NULL },
        { "an empty bzip2", SPAN_LITERAL("BZh9\x17\x72\x45\x38\x50\x90\0\0\0\0"), &format_bzip2 },
        { "zeros", SPAN_LITERAL("\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), NULL },
        { "lzma properties 225", SPAN_LITERAL("\xe1\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0"),
          NULL },
        { "lzma", SPAN_LITERAL("]\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0"), &format_lzma },
        { "lzma of a petabyte", SPAN_LITERAL("]\0\0\x80\0\0\0\0\0\0\0\1\0\0"), NULL },
        { "a skippable frame alone", SPAN_LITERAL("\x50\x2a\x4d\x18\1\0\0\0x"), NULL },
        { "a skippable frame, then zstd", SPAN_LITERAL("\x50\x2a\x4d\x18\1\0\0\0x\x28\xb5\x2f\xfd"),
          &format_zstd },
        { "a skippable frame, then lz4", SPAN_LITERAL("\x50\x2a\x4d\x18\1\0\0\0x\x04\x22\x4d\x18"),
          &format_lz4 },
        { "a skippable frame that is cut off", SPAN_LITERAL("\x50\x2a\x4d\x18\xff\0\0\0x"), NULL },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK(stream_of(rows[i].in) == rows[i].format, "%s", rows[i].what);
}

TEST(stream_sweeps)
{
    static const char *const files[] = { "STR001/fire.gz",   "STR001/fire.bz2",  "STR001/fire.xz",
                                         "STR001/near.lzma", "STR001/near.zlib", "STR001/near.zst",
                                         "STR003/fire.gz",   "STR004/near.gz" };

    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        char path[128];
        struct span in;

        snprintf(path, sizeof path, "tests/golden/%s", files[i]);
        in = passed_load(path);
        passed_sweep(path, stream_of(in), 1);
        passed_unload(in);
    }
}

TEST(archive_handed_on)
{
    static const struct {
        const char *file, *name;
        struct span content;
    } rows[] = {
        { "ARC001/near.7z", "a.txt", SPAN_LITERAL(TEXT) },
        { "ARC001/near.7z", "b.txt", SPAN_LITERAL(OTHER) },
        { "ARC001/near.rar", "b.txt", SPAN_LITERAL(OTHER) },
        { "ARC001/near-5.rar", "a.txt", SPAN_LITERAL(TEXT) },
        { "ARC002/near-unicode.7z", "h\u00e9/\u65e5.txt", SPAN_LITERAL(TEXT) },
    };
    struct passed *p = calloc(1, sizeof *p);

    for (size_t i = 0; p && i < ARRAY_LEN(rows); i++) {
        char path[128];
        struct span in;

        snprintf(path, sizeof path, "tests/golden/%s", rows[i].file);
        in = passed_load(path);
        passed_run(p, archive_of(in), in, path);
        CHECK(passed_has(p, rows[i].name, rows[i].content), "%s: no %s", rows[i].file,
              rows[i].name);
        CHECK(p->status == PRATIQUE_OK, "%s: %s", rows[i].file, p->scan.error.msg);
        passed_free(p);
        memcpy((uint8_t *)(uintptr_t)in.p + in.n, OTHER, sizeof OTHER);
        passed_run(p, archive_of(in), span_of(in.p, in.n + strlen(OTHER)), path);
        CHECK(passed_has(p, "(trailing)", SPAN_LITERAL(OTHER)), "%s: trailing", rows[i].file);
        passed_free(p);
        passed_unload(in);
    }
    free(p);
}

TEST(archive_sweeps)
{
    static const char *const files[] = { "ARC001/near.7z", "ARC001/near.rar", "ARC001/near-5.rar",
                                         "ARC003/fire.7z", "ARC003/fire-5.rar" };

    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        char path[128];
        struct span in;

        snprintf(path, sizeof path, "tests/golden/%s", files[i]);
        in = passed_load(path);
        passed_sweep(path, archive_of(in), 1);
        passed_unload(in);
    }
}
