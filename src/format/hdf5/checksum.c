/*
 * The checksum of HDF5's newer structures: hashlittle() of Bob Jenkins' lookup3.c (2006, public
 * domain), started with 0; HDF5 File Format Specification 3.0, "Jenkins' lookup3 algorithm".
 */
#include "format/hdf5/reader.h"

static uint32_t rotate(uint32_t x, unsigned k)
{
    return x << k | x >> (32 - k);
}

static void mix(uint32_t v[3])
{
    static const unsigned turns[6] = { 4, 6, 8, 16, 19, 4 };

    for (unsigned i = 0; i < 6; i++) {
        uint32_t *a = &v[i % 3], *b = &v[(i + 1) % 3], *c = &v[(i + 2) % 3];

        *a -= *c;
        *a ^= rotate(*c, turns[i]);
        *c += *b;
    }
}

static void mix_last(uint32_t v[3])
{
    static const unsigned turns[7] = { 14, 11, 25, 16, 4, 14, 24 };

    for (unsigned i = 0; i < 7; i++) {
        uint32_t *to = &v[(i + 2) % 3];
        uint32_t from = v[(i + 1) % 3];

        *to ^= from;
        *to -= rotate(from, turns[i]);
    }
}

/* Adds up to twelve bytes, as three little-endian words. */
static void add(uint32_t v[3], struct span in)
{
    for (size_t i = 0; i < in.n; i++)
        v[i / 4] += (uint32_t)in.p[i] << 8 * (i % 4);
}

uint32_t hdf5_checksum(struct span in)
{
    uint32_t start = 0xDEADBEEF + (uint32_t)in.n, v[3] = { start, start, start };
    struct span twelve;

    while (in.n > 12 && take(&in, 12, &twelve)) {
        add(v, twelve);
        mix(v);
    }
    if (in.n == 0)
        return v[2];
    add(v, in);
    mix_last(v);
    return v[2];
}

/* A fuzzer cannot guess checksums: what lies behind them is to be reached all the same. */
bool hdf5_holds(struct span in, uint64_t sum)
{
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
    (void)in;
    (void)sum;
    return true;
#else
    return hdf5_checksum(in) == sum;
#endif
}
