/* See warm.h. */
#include "scan/warm.h"

#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/compiler.h"
#include "base/sha256.h"
#include "format/archive/archive.h"
#include "format/codec/codec.h"
#include "format/python/python.h"
#include "format/skops/skops.h"
#include "format/text/deny.h"
#include "rules/pynames.h"

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, 1);
}

/* The C library asks once how much memory there is before it sorts more than a kilobyte. */
void warm_sort(void)
{
    char some[2048] = "";

    qsort(some, sizeof some, 1, compare);
}

/* The heap keeps the memory of one file for the next, and gives back what is more than that. */
static void warm_heap(void)
{
    (void)mallopt(M_MMAP_THRESHOLD, 8 << 20);
    (void)mallopt(M_TRIM_THRESHOLD, 24 << 20);
    (void)mallopt(M_TOP_PAD, 1 << 20);
}

/* mktime(3) reads the zone's file; a worker lives in UTC. */
static void warm_time(void)
{
    (void)setenv("TZ", "UTC0", 1);
    tzset();
}

/* The names that sources and text are searched for. Without them nothing is read. */
static void warm_names(void)
{
    const struct interest *names = rules_interest();

    if (names && python_warm(names))
        text_names_warm(names);
}

static void (*const warm[])(void) = {
    warm_heap, warm_sort, warm_time, codec_warm, archive_warm, skops_warm, warm_names,
};

void warm_up(bool sha256)
{
    for (size_t i = 0; i < ARRAY_LEN(warm); i++)
        warm[i]();
    if (sha256)
        sha256_warm();
}
