/* Bytes by address, each look at them charged; faults; what was read already. See reader.h. */
#include <stdarg.h>
#include <stdio.h>

#include "format/hdf5/reader.h"

/* ---- faults ---- */

bool hdf5_broken(struct h5 *h, uint64_t addr, const char *fmt, ...)
{
    va_list ap;

    if (h->error.status != PRATIQUE_OK)
        return false;
    h->error.status = PRATIQUE_E_FORMAT;
    h->error.offset = addr <= h->file.n ? h->base + addr : h->base;
    va_start(ap, fmt);
    (void)vsnprintf(h->error.msg, sizeof h->error.msg, fmt, ap);
    va_end(ap);
    return false;
}

bool hdf5_stop(struct h5 *h, enum pratique_status st)
{
    if (h->stop == PRATIQUE_OK)
        h->stop = st;
    return false;
}

bool hdf5_goes_on(struct h5 *h, enum pratique_status st)
{
    if (st == PRATIQUE_E_LIMIT || st == PRATIQUE_E_NOMEM)
        return hdf5_stop(h, st);
    return h->stop == PRATIQUE_OK;
}

/* ---- bytes ---- */

#define TIME_STEP ((uint64_t)1 << 20) /* bytes between two looks at the clock */

bool hdf5_charge(struct h5 *h, uint64_t n)
{
    uint64_t before = h->work;

    if (h->stop != PRATIQUE_OK)
        return false;
    h->work += n;
    if (h->work > h->work_max || h->work < before) {
        (void)hdf5_broken(h, 0,
                          "its structures overlap: they are longer than the file many times "
                          "over");
        return hdf5_stop(h, PRATIQUE_E_FORMAT);
    }
    if (before / TIME_STEP != h->work / TIME_STEP && !budget_time(h->s->budget))
        return hdf5_stop(h, scan_fail_budget(h->s, h->base));
    return true;
}

bool hdf5_body(struct h5 *h, uint64_t addr, uint64_t n, struct span *out)
{
    if (span_sub(h->file, addr, n, out))
        return true;
    return hdf5_broken(h, addr, "points to bytes past the end: %llu at address %llu",
                       (unsigned long long)n, (unsigned long long)addr);
}

bool hdf5_at(struct h5 *h, uint64_t addr, uint64_t n, struct span *out)
{
    *out = SPAN_EMPTY;
    return hdf5_charge(h, n + 16) && hdf5_body(h, addr, n, out);
}

bool hdf5_first(struct h5 *h, uint64_t addr, uint64_t salt)
{
    struct name_hash hash = { .h = h->seen.seed };
    uint64_t key[3] = { addr, salt, h->pass };
    bool twice;

    name_hash_bytes(&hash, span_of(key, sizeof key));
    return hdf5_goes_on(h, names_add(h->s, &h->seen, name_hash_end(&hash), &twice)) && !twice;
}

bool hdf5_claim(struct h5 *h, uint64_t addr, uint64_t salt)
{
    if (hdf5_first(h, addr, salt))
        return true;
    return h->stop == PRATIQUE_OK && hdf5_broken(h, addr, "a block that two others lead to");
}

bool hdf5_sealed(struct h5 *h, uint64_t addr, uint64_t n, const char *sign, uint8_t version,
                 struct span *body)
{
    struct span block, tail;
    uint32_t sum = 0;

    *body = SPAN_EMPTY;
    if (n < 9 || !hdf5_at(h, addr, n, &block))
        return hdf5_broken(h, addr, "%s is too short", sign);
    tail = span_from(block, block.n - 4);
    if (!span_starts(block, span_text(sign)))
        return hdf5_broken(h, addr, "no %s where one is said to be", sign);
    if (block.p[4] != version)
        return hdf5_broken(h, addr, "%s of an unknown version, %u", sign, block.p[4]);
    if (!take_u32le(&tail, &sum) || !hdf5_holds(span_of(block.p, block.n - 4), sum))
        return hdf5_broken(h, addr, "the checksum of %s is wrong", sign);
    return span_sub(block, 5, block.n - 9, body);
}

/* ---- numbers and names ---- */

bool hdf5_take(struct span *in, unsigned n, uint64_t *out)
{
    struct span s;

    *out = 0;
    if (n > 8 || !take(in, n, &s))
        return false;
    for (unsigned i = 0; i < n; i++)
        *out |= (uint64_t)s.p[i] << 8 * i;
    return true;
}

bool hdf5_take_addr(const struct h5 *h, struct span *in, uint64_t *out)
{
    if (!hdf5_take(in, h->so, out))
        return false;
    if (h->so < 8 && *out == ((uint64_t)1 << 8 * h->so) - 1)
        *out = UNDEFINED;
    return true;
}

bool hdf5_take_len(const struct h5 *h, struct span *in, uint64_t *out)
{
    return hdf5_take(in, h->sl, out);
}

bool hdf5_take_name(struct span *in, struct span *out)
{
    const uint8_t *end = in->n ? memchr(in->p, 0, in->n) : NULL;

    *out = SPAN_EMPTY;
    return end && take(in, (uint64_t)(end - in->p), out) && skip(in, 1);
}

unsigned hdf5_log2(uint64_t n)
{
    return n ? 63u - (unsigned)__builtin_clzll(n) : 0;
}

bool hdf5_grow(struct h5 *h, void **p, size_t n, size_t *size, size_t element)
{
    size_t more = *size ? *size * 2 : 64;
    void *grown;

    if (n < *size)
        return true;
    grown =
        *p ? scan_remap(h->s, *p, *size * element, more * element) : scan_map(h->s, more * element);
    if (!grown)
        return hdf5_stop(h, scan_fail_budget(h->s, h->base));
    *p = grown;
    *size = more;
    return true;
}
