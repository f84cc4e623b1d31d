/* HDF5: where its signature may stand, its checksum, files by real libraries, sweeps. */
#include "format/hdf5/hdf5.h"

#include "format/hdf5/reader.h"
#include "model.h"

#define FIXTURES "tests/fixtures/hdf5/"

TEST(hdf5_at_every_offset)
{
    static uint8_t file[8192];
    static const struct {
        size_t off;
        bool want;
    } rows[] = { { 0, true },     { 1, false },   { 256, false }, { 512, true }, { 1024, true },
                 { 1536, false }, { 2048, true }, { 4096, true }, { 511, false } };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        memset(file, 0, sizeof file);
        memcpy(file + rows[i].off, "\x89HDF\r\n\x1a\n", 8);
        CHECK(format_hdf5.looks_like(span_of(file, sizeof file)) == rows[i].want, "at %zu",
              rows[i].off);
    }
    memset(file, 0, sizeof file);
    memcpy(file + 257, "ustar", 5);
    memcpy(file + 512, "\x89HDF\r\n\x1a\n", 8);
    CHECK(!format_hdf5.looks_like(span_of(file, sizeof file)), "a tar's first member is the tar's");
    memcpy(file + 1024, "\x89HDF\r\n\x1a\n", 8);
    CHECK(format_hdf5.looks_like(span_of(file, sizeof file)), "what is behind it is not");
}

/* hashlittle() by lookup3.c's own driver5(): a text in every alignment and length. */
TEST(hdf5_lookup3)
{
    static const struct {
        const char *in;
        uint32_t want;
    } rows[] = { { "", 0xdeadbeef }, { "Four score and seven years ago", 0x17770551 } };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(hdf5_checksum(span_text(rows[i].in)) == rows[i].want, "%s: %08x", rows[i].in,
              hdf5_checksum(span_text(rows[i].in)));
}

struct heard {
    unsigned objects, attributes, hard, soft;
};

static void hear(void *arg, const char *kind, uint64_t addr, struct span name, uint64_t to)
{
    struct heard *h = arg;

    (void)addr, (void)name, (void)to;
    h->objects += strcmp(kind, "object") == 0;
    h->attributes += strcmp(kind, "attribute") == 0;
    h->hard += strcmp(kind, "hard") == 0;
    h->soft += strcmp(kind, "soft") == 0;
}

/* The same tree in every version of the format. */
TEST(hdf5_same_in_every_version)
{
    static const char *const files[] = { "h5py_earliest.h5", "h5py_latest.h5", "h5py_v108.h5",
                                         "h5py_ordered.h5", "h5py_user_block.h5" };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct heard heard = { 0 };
        struct hdf5_ear ear = { hear, &heard };
        char path[128];
        struct bench b;
        struct span in;

        (void)snprintf(path, sizeof path, FIXTURES "%s", files[i]);
        CHECK(bench_load(path, &in), "%s", path);
        bench_init(&b);
        CHECK(hdf5_read(&b.scan, in, &ear) == PRATIQUE_OK, "%s: %s", path, b.scan.error.msg);
        CHECK(heard.objects == 37 && heard.attributes == 17 && heard.hard == 38 && heard.soft == 1,
              "%s: %u objects, %u attributes, %u and %u links", path, heard.objects,
              heard.attributes, heard.hard, heard.soft);
        bench_free(&b);
        free((void *)(uintptr_t)in.p);
    }
}

TEST(hdf5_sweep)
{
    static const char *const files[] = { "y_hard_cycle",       "i_cached_root",    "i_virtual",
                                         "i_external_storage", "i_attribute_vlen", "i_dataset_gzip",
                                         "i_dataset_compound" };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct span in;
        char path[128];

        (void)snprintf(path, sizeof path, "tests/fuzz/corpus/hdf5/%s", files[i]);
        CHECK(bench_load(path, &in), "%s", path);
        if (in.n == 0)
            continue;
        bench_sweep(&format_hdf5, in, files[i]);
        free((void *)(uintptr_t)in.p);
    }
}
