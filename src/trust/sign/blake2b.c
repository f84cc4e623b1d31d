/* See blake2b.h; names as in RFC 7693, section 3. */
#include "trust/sign/blake2b.h"

#include <assert.h>
#include <openssl/crypto.h>

#define BLOCK 128

struct state {
    uint64_t h[8], t; /* t: bytes so far; more than 2^64 are never hashed here */
    uint8_t block[BLOCK];
    size_t n; /* bytes in block */
};

static const uint64_t iv[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

static const uint8_t sigma[10][16] = {
    { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
    { 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3 },
    { 11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4 },
    { 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8 },
    { 9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13 },
    { 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9 },
    { 12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11 },
    { 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10 },
    { 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5 },
    { 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0 },
};

static uint64_t rotr(uint64_t x, unsigned n)
{
    return x >> n | x << (64 - n);
}

static void mix(uint64_t v[16], unsigned a, unsigned b, unsigned c, unsigned d, uint64_t x,
                uint64_t y)
{
    v[a] += v[b] + x;
    v[d] = rotr(v[d] ^ v[a], 32);
    v[c] += v[d];
    v[b] = rotr(v[b] ^ v[c], 24);
    v[a] += v[b] + y;
    v[d] = rotr(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = rotr(v[b] ^ v[c], 63);
}

static void compress(struct state *s, bool last)
{
    uint64_t v[16], m[16];

    for (unsigned i = 0; i < 16; i++) {
        m[i] = 0;
        for (unsigned k = 0; k < 8; k++)
            m[i] |= (uint64_t)s->block[8 * i + k] << (8 * k);
        v[i] = i < 8 ? s->h[i] : iv[i - 8];
    }
    v[12] ^= s->t;
    v[14] = last ? ~v[14] : v[14];
    for (unsigned round = 0; round < 12; round++) {
        const uint8_t *r = sigma[round % 10];

        for (unsigned i = 0; i < 4; i++)
            mix(v, i, i + 4, i + 8, i + 12, m[r[2 * i]], m[r[2 * i + 1]]);
        for (unsigned i = 0; i < 4; i++)
            mix(v, i, (i + 1) % 4 + 4, (i + 2) % 4 + 8, (i + 3) % 4 + 12, m[r[2 * i + 8]],
                m[r[2 * i + 9]]);
    }
    for (unsigned i = 0; i < 8; i++)
        s->h[i] ^= v[i] ^ v[i + 8];
    OPENSSL_cleanse(m, sizeof m);
}

/* A full block is compressed when more follows: the last one is marked as such. */
static void update(struct state *s, struct span in)
{
    while (in.n) {
        size_t room = BLOCK - s->n;
        struct span piece;

        if (room == 0) {
            compress(s, false);
            s->n = 0;
            continue;
        }
        (void)take(&in, in.n < room ? in.n : room, &piece);
        memcpy(s->block + s->n, piece.p, piece.n);
        s->n += piece.n;
        s->t += piece.n;
    }
}

void blake2b(const struct span *parts, size_t parts_n, uint8_t *out, size_t n)
{
    struct state s = { .n = 0 };

    assert(n >= 1 && n <= BLAKE2B_MAX);
    memcpy(s.h, iv, sizeof s.h);
    s.h[0] ^= 0x01010000u ^ (uint64_t)n;
    for (size_t i = 0; i < parts_n; i++)
        update(&s, parts[i]);
    memset(s.block + s.n, 0, BLOCK - s.n);
    compress(&s, true);
    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)(s.h[i / 8] >> (8 * (i % 8)));
    OPENSSL_cleanse(&s, sizeof s);
}
