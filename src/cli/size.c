/* Sizes for people. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/cli.h"

void size_text(char *out, size_t n, uint64_t bytes)
{
    static const char *const units[] = { "kB", "MB", "GB", "TB", "PB" };
    double size = (double)bytes / 1000;
    size_t unit = 0;

    for (; size >= 999.95 && unit + 1 < sizeof units / sizeof *units; unit++)
        size /= 1000;
    if (bytes < 1000)
        (void)snprintf(out, n, "%" PRIu64 " byte%s", bytes, bytes == 1 ? "" : "s");
    else
        (void)snprintf(out, n, "%.1f %s", size, units[unit]);
}
