/*
 * See sha256_ni.h. FIPS 180-4, sections 4.2.2 and 6.2; the instructions: Intel's Software
 * Developer's Manual, volume 2, SHA256RNDS2, SHA256MSG1, SHA256MSG2.
 *
 * A round waits for the one before it, so that one message leaves half of the unit idle. Two
 * messages whose rounds alternate fill it. The file is compiled for any x86-64; the functions
 * alone are for processors that have the extensions.
 */
#include "base/sha256_ni.h"

#ifdef __x86_64__
#include <cpuid.h>
#include <immintrin.h>

#define NI        __attribute__((target("sha,sse4.1")))
#define NI_INLINE static ALWAYS_INLINE NI

static const uint32_t k[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* A message in registers: its state as the instructions want it, the last 16 words. */
struct lane {
    __m128i abef, cdgh, w[4];
};

bool sha256_ni_here(void)
{
    unsigned a, b, c, d, sse;

    if (!__get_cpuid(1, &a, &b, &sse, &d) || !__get_cpuid_count(7, 0, &a, &b, &c, &d))
        return false;
    return (sse & bit_SSSE3) && (sse & bit_SSE4_1) && (b & bit_SHA);
}

NI_INLINE void load_state(struct lane *l, const uint32_t s[8])
{
    l->abef = _mm_set_epi32((int)s[0], (int)s[1], (int)s[4], (int)s[5]);
    l->cdgh = _mm_set_epi32((int)s[2], (int)s[3], (int)s[6], (int)s[7]);
}

NI_INLINE void store_state(const struct lane *l, uint32_t s[8])
{
    s[0] = (uint32_t)_mm_extract_epi32(l->abef, 3);
    s[1] = (uint32_t)_mm_extract_epi32(l->abef, 2);
    s[2] = (uint32_t)_mm_extract_epi32(l->cdgh, 3);
    s[3] = (uint32_t)_mm_extract_epi32(l->cdgh, 2);
    s[4] = (uint32_t)_mm_extract_epi32(l->abef, 1);
    s[5] = (uint32_t)_mm_extract_epi32(l->abef, 0);
    s[6] = (uint32_t)_mm_extract_epi32(l->cdgh, 1);
    s[7] = (uint32_t)_mm_extract_epi32(l->cdgh, 0);
}

/* Words 4i to 4i + 3 of the block, most significant byte first. */
NI_INLINE void load_words(struct lane *l, const uint8_t *p, int i)
{
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);

    l->w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i)), swap);
}

/* The next four words of the schedule, in place of the oldest. */
NI_INLINE void next_words(struct lane *l, int i)
{
    __m128i last = l->w[(i + 3) % 4], sum = _mm_sha256msg1_epu32(l->w[i % 4], l->w[(i + 1) % 4]);

    sum = _mm_add_epi32(sum, _mm_alignr_epi8(last, l->w[(i + 2) % 4], 4));
    l->w[i % 4] = _mm_sha256msg2_epu32(sum, last);
}

/* Rounds 4i to 4i + 3. */
NI_INLINE void four_rounds(struct lane *l, int i)
{
    __m128i wk = _mm_load_si128((const __m128i *)(const void *)(k + 4 * i));

    wk = _mm_add_epi32(wk, l->w[i % 4]);
    l->cdgh = _mm_sha256rnds2_epu32(l->cdgh, l->abef, wk);
    l->abef = _mm_sha256rnds2_epu32(l->abef, l->cdgh, _mm_shuffle_epi32(wk, 0x0e));
}

NI_INLINE void first(struct lane *l, const uint8_t *p, int i)
{
    load_words(l, p, i);
    four_rounds(l, i);
}

NI_INLINE void later(struct lane *l, int i)
{
    next_words(l, i);
    four_rounds(l, i);
}

NI_INLINE void add_state(struct lane *l, __m128i abef, __m128i cdgh)
{
    l->abef = _mm_add_epi32(l->abef, abef);
    l->cdgh = _mm_add_epi32(l->cdgh, cdgh);
}

/* Rounds 16 to 63 of a block, and its end; abef and cdgh are the state before it. */
NI_INLINE void end_block(struct lane *l, __m128i abef, __m128i cdgh)
{
    later(l, 4), later(l, 5), later(l, 6), later(l, 7);
    later(l, 8), later(l, 9), later(l, 10), later(l, 11);
    later(l, 12), later(l, 13), later(l, 14), later(l, 15);
    add_state(l, abef, cdgh);
}

NI void sha256_ni(uint32_t state[8], const uint8_t *p, size_t blocks)
{
    struct lane l;

    load_state(&l, state);
    for (; blocks > 0; blocks--, p += 64) {
        const __m128i abef = l.abef, cdgh = l.cdgh;

        first(&l, p, 0), first(&l, p, 1), first(&l, p, 2), first(&l, p, 3);
        end_block(&l, abef, cdgh);
    }
    store_state(&l, state);
}

/* 16 bytes of p go to to; whoever owns p may change it now, but not what we have. */
NI_INLINE void copy_words(uint8_t *to, const uint8_t *p, int i)
{
    __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));

    __asm__("" : "+x"(x)); /* not to be read again */
    _mm_storeu_si128((__m128i *)(void *)(to + 16 * i), x);
}

NI void sha256_ni_copy(uint32_t state[8], uint8_t *to, const uint8_t *p, size_t blocks)
{
    struct lane l;

    load_state(&l, state);
    for (; blocks > 0; blocks--, p += 64, to += 64) {
        const __m128i abef = l.abef, cdgh = l.cdgh;

        copy_words(to, p, 0), copy_words(to, p, 1), copy_words(to, p, 2), copy_words(to, p, 3);
        first(&l, to, 0), first(&l, to, 1), first(&l, to, 2), first(&l, to, 3);
        end_block(&l, abef, cdgh);
    }
    store_state(&l, state);
}

NI_INLINE void first_two(struct lane *x, const uint8_t *a, struct lane *y, const uint8_t *b, int i)
{
    first(x, a, i);
    first(y, b, i);
}

NI_INLINE void later_two(struct lane *x, struct lane *y, int i)
{
    later(x, i);
    later(y, i);
}

NI void sha256_ni_two(uint32_t state_a[8], const uint8_t *a, uint32_t state_b[8], const uint8_t *b,
                      size_t blocks)
{
    struct lane x, y;

    load_state(&x, state_a);
    load_state(&y, state_b);
    for (; blocks > 0; blocks--, a += 64, b += 64) {
        const __m128i x0 = x.abef, x1 = x.cdgh, y0 = y.abef, y1 = y.cdgh;

        first_two(&x, a, &y, b, 0), first_two(&x, a, &y, b, 1);
        first_two(&x, a, &y, b, 2), first_two(&x, a, &y, b, 3);
        later_two(&x, &y, 4), later_two(&x, &y, 5), later_two(&x, &y, 6), later_two(&x, &y, 7);
        later_two(&x, &y, 8), later_two(&x, &y, 9), later_two(&x, &y, 10), later_two(&x, &y, 11);
        later_two(&x, &y, 12), later_two(&x, &y, 13), later_two(&x, &y, 14), later_two(&x, &y, 15);
        add_state(&x, x0, x1);
        add_state(&y, y0, y1);
    }
    store_state(&x, state_a);
    store_state(&y, state_b);
}

#endif
