/*
 * "%d %s=%s\n" (POSIX.1-2017 pax, "pax Extended Header"), and the keywords of GNU
 * tar for sparse members (GNU tar 1.35 manual, "Storing Sparse Files").
 */
#include "format/tar/pax.h"

#include "format/tar/header.h"

bool tar_pax_number(struct span s, uint64_t *out)
{
    uint8_t c;

    *out = 0;
    if (s.n == 0 || s.n > 18)
        return false;
    while (take_u8(&s, &c)) {
        if (c < '0' || c > '9')
            return false;
        *out = *out * 10 + (uint64_t)(c - '0');
    }
    return true;
}

/* A record with its length, its blank and its last byte; *value still holds that last byte. */
static bool cut_record(struct span *in, struct span *key, struct span *value)
{
    struct span all = *in, record, digits;
    size_t blank, equals;
    uint64_t n;

    if (!span_sub(all, 0, all.n < 20 ? all.n : 20, &digits))
        return false;
    blank = span_find(digits, 0, SPAN_LITERAL(" "));
    if (blank == SIZE_MAX || !span_sub(all, 0, blank, &digits) || !tar_pax_number(digits, &n))
        return false;
    if (!take(&all, n, &record) || !skip(&record, blank + 1))
        return false;
    equals = span_find(record, 0, SPAN_LITERAL("="));
    if (equals == SIZE_MAX || equals == 0 || !take(&record, equals, key) || !skip(&record, 1) ||
        record.n == 0)
        return false;
    *in = all;
    *value = record;
    return true;
}

bool tar_pax_record(struct span *in, struct span *key, struct span *value, bool *whole)
{
    struct span all;

    if (!cut_record(in, key, &all))
        return false;
    *whole = all.p[all.n - 1] == '\n';
    return take(&all, all.n - 1, value);
}

/* A keyword with an empty value takes back what an earlier header said. */
static void set_text(struct span value, bool *set, struct span *text)
{
    *set = value.n > 0;
    *text = value;
}

static unsigned set_number(struct span value, bool *set, uint64_t *number)
{
    *set = value.n > 0;
    if (!*set || tar_pax_number(value, number))
        return 0;
    *set = false;
    return TAR_PAX_MALFORMED;
}

static unsigned read_sparse(struct span key, struct span value, struct tar_pax *pax)
{
    bool set;

    if (span_is(key, "GNU.sparse.offset") || span_is(key, "GNU.sparse.numbytes"))
        pax->sparse_pairs = true;
    else if (span_is(key, "GNU.sparse.map"))
        set_text(value, &pax->sparse_map_set, &pax->sparse_map);
    else if (span_is(key, "GNU.sparse.name"))
        pax->sparse_name = value;
    else if (span_is(key, "GNU.sparse.major"))
        return set_number(value, &set, &pax->sparse_major);
    else if (span_is(key, "GNU.sparse.size") || span_is(key, "GNU.sparse.realsize"))
        return set_number(value, &pax->sparse_size_set, &pax->sparse_size);
    return 0;
}

/* The keywords that decide what a member is called and where it ends, and how often each came. */
struct seen {
    unsigned path, link, size;
};

static unsigned read_record(struct span key, struct span value, struct tar_pax *pax,
                            struct seen *seen)
{
    if (span_is(key, "path")) {
        seen->path++;
        set_text(value, &pax->path_set, &pax->path);
    } else if (span_is(key, "linkpath")) {
        seen->link++;
        set_text(value, &pax->link_set, &pax->link);
    } else if (span_is(key, "size")) {
        seen->size++;
        return set_number(value, &pax->size_set, &pax->size);
    } else if (span_starts(key, SPAN_LITERAL("GNU.sparse."))) {
        return read_sparse(key, value, pax);
    }
    return 0;
}

unsigned tar_pax_read(struct span records, struct tar_pax *pax)
{
    struct seen seen = { 0 };
    struct span rest = records, key, value;
    unsigned faults = 0;
    bool whole;

    pax->records = records;
    while (tar_pax_record(&rest, &key, &value, &whole))
        faults |= read_record(key, value, pax, &seen) | (whole ? 0 : TAR_PAX_MALFORMED);
    if (!tar_is_zero(rest)) /* some writers fill the last block up and count that */
        faults |= TAR_PAX_MALFORMED;
    if (seen.path > 1 || seen.link > 1 || seen.size > 1)
        faults |= TAR_PAX_REPEATED;
    return faults;
}
