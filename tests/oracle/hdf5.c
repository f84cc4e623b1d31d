/*
 * For oracles: reads HDF5 files (paths, one a line on stdin) and prints what the walk comes across,
 * "kind<tab>address<tab>name in hex<tab>address", then "." and the status.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../fuzz/harness.h"
#include "format/hdf5/hdf5.h"

static void hear(void *arg, const char *kind, uint64_t addr, struct span name, uint64_t to)
{
    (void)arg;
    printf("%s\t%" PRIu64 "\t", kind, addr);
    for (size_t i = 0; i < name.n; i++)
        printf("%02x", name.p[i]);
    printf("\t%" PRIu64 "\n", to);
}

/* The whole file, or NULL. */
static uint8_t *load(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    uint8_t *data = NULL;
    long size;

    if (f && fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) > 0) {
        rewind(f);
        *n = (size_t)size;
        data = malloc(*n);
        if (data && fread(data, 1, *n, f) != *n) {
            free(data);
            data = NULL;
        }
    }
    if (f)
        fclose(f);
    return data;
}

int main(void)
{
    struct hdf5_ear ear = { hear, NULL };
    char path[4096];

    while (fgets(path, sizeof path, stdin)) {
        enum pratique_status st;
        struct harness h;
        uint8_t *data;
        size_t n;

        path[strcspn(path, "\n")] = 0;
        data = load(path, &n);
        if (!data)
            return 1;
        harness_init(&h);
        h.budget.memory_left = h.budget.output_left = (uint64_t)1 << 30;
        st = hdf5_read(&h.scan, span_of(data, n), &ear);
        printf(". %s %s\n", pratique_status_name(st), st == PRATIQUE_OK ? "" : h.scan.error.msg);
        harness_free(&h);
        free(data);
    }
    return 0;
}
