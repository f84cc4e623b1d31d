/* See sha512.h. FIPS 180-4, sections 4.1.3, 4.2.3, 5.3.4, 5.3.5 and 6.4. */
#include "base/sha512.h"

#include <string.h>

#define BLOCK  128
#define ROUNDS 80

/* Fractions of the cube roots of the first 80 primes. */
static const uint64_t k[ROUNDS] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
    0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
    0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

/* Of the square roots of the first eight primes, and of the next eight. */
static const uint64_t first_512[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};
static const uint64_t first_384[8] = {
    0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
    0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
};

static uint64_t rotate(uint64_t x, unsigned n)
{
    return x >> n | x << (64 - n);
}

static uint64_t load(const uint8_t *p)
{
    uint64_t v = 0;

    for (unsigned i = 0; i < 8; i++)
        v = v << 8 | p[i];
    return v;
}

static void store(uint8_t *p, uint64_t v)
{
    for (unsigned i = 0; i < 8; i++)
        p[i] = (uint8_t)(v >> (56 - 8 * i));
}

static void schedule(const uint8_t block[BLOCK], uint64_t w[ROUNDS])
{
    for (unsigned t = 0; t < 16; t++)
        w[t] = load(block + 8 * t);
    for (unsigned t = 16; t < ROUNDS; t++) {
        uint64_t a = w[t - 15], b = w[t - 2];

        w[t] = (rotate(b, 19) ^ rotate(b, 61) ^ b >> 6) + w[t - 7] +
               (rotate(a, 1) ^ rotate(a, 8) ^ a >> 7) + w[t - 16];
    }
}

static void compress(uint64_t state[8], const uint8_t block[BLOCK])
{
    uint64_t w[ROUNDS], s[8];

    schedule(block, w);
    memcpy(s, state, sizeof s);
    for (unsigned t = 0; t < ROUNDS; t++) {
        uint64_t a = s[0], e = s[4];
        uint64_t t1 = s[7] + (rotate(e, 14) ^ rotate(e, 18) ^ rotate(e, 41)) +
                      ((e & s[5]) ^ (~e & s[6])) + k[t] + w[t];
        uint64_t t2 = (rotate(a, 28) ^ rotate(a, 34) ^ rotate(a, 39)) +
                      ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));

        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (unsigned i = 0; i < 8; i++)
        state[i] += s[i];
}

/* The last one or two blocks: what is left, a bit, zeroes, and the length in bits. */
static void finish(uint64_t state[8], const uint8_t *rest, size_t n, uint64_t total)
{
    uint8_t last[2 * BLOCK] = { 0 };
    size_t blocks = n + 17 > BLOCK ? 2 : 1;

    if (n)
        memcpy(last, rest, n);
    last[n] = 0x80;
    store(last + blocks * BLOCK - 16, total >> 61);
    store(last + blocks * BLOCK - 8, total << 3);
    for (size_t i = 0; i < blocks; i++)
        compress(state, last + i * BLOCK);
}

static void hash(const uint64_t first[8], const void *p, size_t n, uint8_t *digest, size_t bytes)
{
    const uint8_t *at = p;
    uint64_t state[8];
    uint8_t all[SHA512_BYTES];
    size_t left = n;

    memcpy(state, first, sizeof state);
    for (; left >= BLOCK; at += BLOCK, left -= BLOCK)
        compress(state, at);
    finish(state, at, left, n);
    for (unsigned i = 0; i < 8; i++)
        store(all + 8 * i, state[i]);
    memcpy(digest, all, bytes);
}

void sha512_bytes(const void *p, size_t n, uint8_t digest[SHA512_BYTES])
{
    hash(first_512, p, n, digest, SHA512_BYTES);
}

void sha384_bytes(const void *p, size_t n, uint8_t digest[SHA384_BYTES])
{
    hash(first_384, p, n, digest, SHA384_BYTES);
}
