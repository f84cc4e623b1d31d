/* See sha256.h. */
#include "base/sha256.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdatomic.h>
#include <string.h>

#include "base/sha256_ni.h"

/* Whether the processor has the instructions; asked once. Threads that ask at the same time find
 * the same. */
enum { UNKNOWN, HERE, NOT_HERE };
static atomic_int instructions = UNKNOWN;

static bool have_instructions(void)
{
    int now = atomic_load_explicit(&instructions, memory_order_relaxed);

    return now == UNKNOWN ? sha256_instructions(true) : now == HERE;
}

bool sha256_instructions(bool allow)
{
    bool here = allow && sha256_ni_here();

    atomic_store_explicit(&instructions, here ? HERE : NOT_HERE, memory_order_relaxed);
    return here;
}

void sha256_warm(void)
{
    uint8_t digest[SHA256_BYTES];

    if (!have_instructions() && !sha256_bytes(NULL, 0, digest))
        return; /* the first message will say so */
}

/* ---- by libcrypto ---- */

static void evp_init(struct sha256 *s)
{
    /* No configuration file: the answer must not depend on one. */
    (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL);
    s->evp = EVP_MD_CTX_new();
    s->failed = !s->evp || EVP_DigestInit_ex(s->evp, EVP_sha256(), NULL) != 1;
}

static void evp_update(struct sha256 *s, const uint8_t *p, size_t n)
{
    s->failed = s->failed || EVP_DigestUpdate(s->evp, p, n) != 1;
}

/* ---- by the processor ---- */

static void put_u32be(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 24);
    p[1] = (uint8_t)(v >> 16);
    p[2] = (uint8_t)(v >> 8);
    p[3] = (uint8_t)v;
}

/* Fills up the block that was begun, and takes it when it is full. */
static void fill_part(struct sha256 *s, const uint8_t **p, size_t *n)
{
    size_t at = s->n % SHA256_BLOCK, room = at ? SHA256_BLOCK - at : 0;
    size_t now = *n < room ? *n : room;

    if (now == 0)
        return;
    memcpy(s->part + at, *p, now);
    *p += now, *n -= now, s->n += now;
    if (now == room)
        sha256_ni(s->state, s->part, 1);
}

/* Where no block is begun: takes the whole ones, and what is left waits for more. */
static void take_blocks(struct sha256 *s, const uint8_t *p, size_t n)
{
    size_t blocks = n / SHA256_BLOCK, rest = n % SHA256_BLOCK;

    if (blocks > 0)
        sha256_ni(s->state, p, blocks);
    if (rest > 0)
        memcpy(s->part, p + blocks * SHA256_BLOCK, rest);
    s->n += n;
}

/* Section 5.1.1: a one, zeroes, and the message's length in bits, up to the end of a block. */
static void ni_final(struct sha256 *s, uint8_t digest[SHA256_BYTES])
{
    static const uint8_t padding[SHA256_BLOCK] = { 0x80 };
    uint64_t bits = s->n * 8;
    size_t at = s->n % SHA256_BLOCK;
    uint8_t length[8];

    put_u32be(length, (uint32_t)(bits >> 32));
    put_u32be(length + 4, (uint32_t)bits);
    sha256_update(s, padding, at < 56 ? 56 - at : 120 - at);
    sha256_update(s, length, sizeof length);
    for (size_t i = 0; i < 8; i++)
        put_u32be(digest + 4 * i, s->state[i]);
}

/* ---- either way ---- */

void sha256_init(struct sha256 *s)
{
    *s = (struct sha256){ .state = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                                     0x9b05688c, 0x1f83d9ab, 0x5be0cd19 } };
    if (!have_instructions())
        evp_init(s);
}

static bool by_evp(const struct sha256 *s)
{
    return s->evp || s->failed;
}

void sha256_update(struct sha256 *s, const void *p, size_t n)
{
    const uint8_t *from = p;

    if (n == 0)
        return;
    if (by_evp(s)) {
        evp_update(s, from, n);
        return;
    }
    fill_part(s, &from, &n);
    if (n > 0)
        take_blocks(s, from, n);
}

static void copy_and_take(struct sha256 *s, uint8_t *to, const uint8_t *p, size_t n)
{
    memcpy(to, p, n);
    sha256_update(s, to, n);
}

void sha256_update_copy(struct sha256 *s, void *to, const void *p, size_t n)
{
    size_t at = (size_t)(s->n % SHA256_BLOCK), begun = at ? SHA256_BLOCK - at : 0, blocks, whole;
    const uint8_t *from = p;
    uint8_t *target = to;

    if (by_evp(s) || n < begun) {
        copy_and_take(s, target, from, n);
        return;
    }
    copy_and_take(s, target, from, begun);
    blocks = (n - begun) / SHA256_BLOCK;
    whole = blocks * SHA256_BLOCK;
    sha256_ni_copy(s->state, target + begun, from + begun, blocks);
    s->n += whole;
    copy_and_take(s, target + begun + whole, from + begun + whole, n - begun - whole);
}

/* Both at once, as far as both have whole blocks; cuts those off the front. */
static void take_two(struct sha256 *a, const uint8_t **pa, size_t *na, struct sha256 *b,
                     const uint8_t **pb, size_t *nb)
{
    size_t blocks, n;

    fill_part(a, pa, na);
    fill_part(b, pb, nb);
    blocks = (*na < *nb ? *na : *nb) / SHA256_BLOCK;
    if (blocks == 0)
        return;
    sha256_ni_two(a->state, *pa, b->state, *pb, blocks);
    n = blocks * SHA256_BLOCK;
    *pa += n, *na -= n, a->n += n;
    *pb += n, *nb -= n, b->n += n;
}

void sha256_update_two(struct sha256 *a, const void *pa, size_t na, struct sha256 *b,
                       const void *pb, size_t nb)
{
    const uint8_t *x = pa, *y = pb;

    if (na > 0 && nb > 0 && !by_evp(a) && !by_evp(b))
        take_two(a, &x, &na, b, &y, &nb);
    sha256_update(a, x, na);
    sha256_update(b, y, nb);
}

bool sha256_final(struct sha256 *s, uint8_t digest[SHA256_BYTES])
{
    bool ok = true;

    memset(digest, 0, SHA256_BYTES);
    if (by_evp(s))
        ok = !s->failed && EVP_DigestFinal_ex(s->evp, digest, NULL) == 1;
    else
        ni_final(s, digest);
    sha256_drop(s);
    return ok;
}

void sha256_drop(struct sha256 *s)
{
    EVP_MD_CTX_free(s->evp);
    s->evp = NULL;
    s->failed = true;
}

bool sha256_bytes(const void *p, size_t n, uint8_t digest[SHA256_BYTES])
{
    struct sha256 s;

    sha256_init(&s);
    sha256_update(&s, p, n);
    return sha256_final(&s, digest);
}

void sha256_hex(const uint8_t digest[SHA256_BYTES], char out[SHA256_HEX])
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < SHA256_BYTES; i++) {
        out[2 * i] = digits[digest[i] >> 4];
        out[2 * i + 1] = digits[digest[i] & 15];
    }
    out[2 * SHA256_BYTES] = '\0';
}
