/* src/format/safetensors */
#include "format/safetensors/safetensors.h"

#include "format/safetensors/header.h"
#include "model.h"

#define CORPUS "tests/fuzz/corpus/safetensors/"

/* Runs header and body as one file. */
static void run(struct bench *b, const char *header, size_t body, const char *name)
{
    static uint8_t file[4096];
    size_t n = strlen(header);

    memset(file, 0, sizeof file);
    file[0] = (uint8_t)n;
    file[1] = (uint8_t)(n >> 8);
    memcpy(file + 8, header, n);
    bench_run(b, &format_safetensors, span_of(file, 8 + n + body), name);
}

TEST(safetensors_header)
{
    static const struct {
        const char *what, *header;
        size_t body;
        enum pratique_status want;
        enum fact_kind fact; /* FACT_READ alone: nothing against it */
    } rows[] = {
        { "no tensor", "{}", 0, PRATIQUE_OK, FACT_READ },
        { "padded", "{}      ", 0, PRATIQUE_OK, FACT_READ },
        { "one", "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 2, PRATIQUE_OK,
          FACT_READ },
        { "space everywhere",
          "{ \"a\" : { \"shape\" : [ 2 , 1 ] , \"dtype\" : \"U8\" ,\n\"data_offsets\": [ 0 , 2 ] } "
          "} ",
          2, PRATIQUE_OK, FACT_READ },
        { "an empty name", "{\"\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 2,
          PRATIQUE_OK, FACT_READ },
        { "empty metadata", "{\"__metadata__\":{}}", 0, PRATIQUE_OK, FACT_READ },
        { "one byte behind", "{}", 1, PRATIQUE_OK, FACT_SAFETENSORS_HOLE },
        { "one byte short", "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 1,
          PRATIQUE_E_FORMAT, FACT_READ },
        { "offsets far away",
          "{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[18446744073709551615,"
          "18446744073709551615]}}",
          1, PRATIQUE_E_FORMAT, FACT_SAFETENSORS_HOLE },
        { "a zero undoes no overflow",
          "{\"a\":{\"dtype\":\"U8\",\"shape\":[4294967296,4294967296,0],\"data_offsets\":[0,0]}}",
          0, PRATIQUE_E_FORMAT, FACT_READ },
        { "a zero first is none",
          "{\"a\":{\"dtype\":\"U8\",\"shape\":[0,4294967296,4294967296],\"data_offsets\":[0,0]}}",
          0, PRATIQUE_OK, FACT_READ },
        { "nested deeper", "{\"a\":{\"dtype\":{\"a\":1}}}", 0, PRATIQUE_E_FORMAT, FACT_READ },
        { "a list", "[]", 0, PRATIQUE_E_FORMAT, FACT_READ },
        { "a raw newline in a name",
          "{\"a\n\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 2, PRATIQUE_E_FORMAT,
          FACT_READ },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench b;
        size_t told;

        run(&b, rows[i].header, rows[i].body, rows[i].what);
        told = bench_count(&b, FACT_READ) + bench_count(&b, FACT_SAFETENSORS_NAMES) +
               bench_count(&b, FACT_TENSORS);
        CHECK(b.status == rows[i].want, "%s: status %d (%s)", rows[i].what, b.status,
              b.scan.error.msg);
        CHECK(bench_count(&b, rows[i].fact) ==
                  (rows[i].fact != FACT_READ || b.status == PRATIQUE_OK),
              "%s: fact", rows[i].what);
        CHECK(rows[i].fact != FACT_READ || b.facts.n == told, "%s: nothing else", rows[i].what);
        bench_free(&b);
    }
}

TEST(safetensors_sort_is_by_both_keys)
{
    struct bench b;
    struct items list = { .n = 5000, .size = 5000 };
    uint64_t x = 1;

    bench_init(&b);
    list.p = scan_map(&b.scan, list.size * sizeof *list.p);
    for (size_t i = 0; list.p && i < list.n; i++) {
        x = x * UINT64_C(6364136223846793005) + 1;
        list.p[i] = (struct item){ x >> 62, x << 3, i };
    }
    CHECK(list.p && items_sort(&b.scan, &list), "sorted");
    for (size_t i = 1; list.p && i < list.n; i++)
        CHECK(list.p[i - 1].a < list.p[i].a ||
                  (list.p[i - 1].a == list.p[i].a && list.p[i - 1].b <= list.p[i].b),
              "at %zu", i);
    scan_unmap(&b.scan, list.p, list.size * sizeof *list.p);
    bench_free(&b);
}

TEST(safetensors_counts_what_repeats)
{
    struct bench b;
    const struct fact *f;

    run(&b,
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[9],\"data_offsets\":[0,1]},"
        "\"b\":{\"dtype\":\"U8\",\"shape\":[9],\"data_offsets\":[1,2]},"
        "\"c\":{\"dtype\":\"X\",\"shape\":[],\"data_offsets\":[2,2]}}",
        2, "two wrong sizes");
    f = bench_fact(&b, FACT_SAFETENSORS_SIZE);
    CHECK(f && f->count == 2 && span_is(f->subject, "a") && f->offset == 9, "told once");
    CHECK(bench_count(&b, FACT_SAFETENSORS_DTYPE) == 1, "unknown type");
    bench_free(&b);
}

TEST(safetensors_looks_like)
{
    static const struct {
        const char *what;
        struct span in;
        bool want;
    } rows[] = {
        { "empty file", { (const uint8_t *)"", 0 }, false },
        { "shortest", { (const uint8_t *)"\2\0\0\0\0\0\0\0{}", 10 }, true },
        { "a number", { (const uint8_t *)"\2\0\0\0\0\0\0\0{1", 10 }, false },
        { "too long", { (const uint8_t *)"\1\xe1\xf5\5\0\0\0\0{\"", 10 }, false },
        { "longest", { (const uint8_t *)"\0\xe1\xf5\5\0\0\0\0{\"", 10 }, true },
        { "high bytes", { (const uint8_t *)"\2\0\0\0\0\0\0\1{}", 10 }, false },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(format_safetensors.looks_like(rows[i].in) == rows[i].want, "%s", rows[i].what);
}

TEST(safetensors_sweep)
{
    static const char *const files[] = { "y_plain",   "y_metadata", "y_half_bytes",
                                         "y_escapes", "i_MDL052",   "i_MDL050_metadata" };
    struct span in;

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[128];

        (void)snprintf(path, sizeof path, CORPUS "%s", files[i]);
        CHECK(bench_load(path, &in), "%s", path);
        if (in.n == 0)
            continue;
        bench_sweep(&format_safetensors, in, files[i]);
        free((void *)(uintptr_t)in.p);
    }
}
