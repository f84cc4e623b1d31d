/*
 * The tar reader. Each block that could be a header gets the checksum that makes
 * it one, so that the fuzzer reaches what lies behind it. The invariants are
 * those of harness_run(): a failure has its reason, and memory is given back.
 */
#include <stdio.h>
#include <stdlib.h>

#include "format/tar/tar.h"
#include "harness.h"

#define BLOCK 512

/* "ustar", or a type that is one, and a name: near enough to a header. */
static int could_be_header(const uint8_t *block)
{
    return memcmp(block + 257, "ustar", 5) == 0 ||
           (block[0] > ' ' && block[0] < 0x7f && block[148] == '0');
}

static void repair(uint8_t *block)
{
    char text[8];
    unsigned sum = 0;

    memset(block + 148, ' ', 8);
    for (size_t i = 0; i < BLOCK; i++)
        sum += block[i];
    (void)snprintf(text, sizeof text, "%06o", sum & 0777777);
    memcpy(block + 148, text, 7);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);

    if (!copy)
        return 0;
    memcpy(copy, data, n);
    for (size_t at = 0; at + BLOCK <= n; at += BLOCK)
        if (could_be_header(copy + at))
            repair(copy + at);
    harness_run(&format_tar, copy, n);
    free(copy);
    harness_run(&format_tar, data, n);
    return 0;
}
