/*
 * Header blocks; see header.h. POSIX.1-2017 pax, "ustar Interchange Format";
 * GNU tar 1.35 manual, "Basic Tar Format"; star(5).
 */
#include "format/tar/header.h"

static const uint8_t zeros[TAR_BLOCK];

static struct span field(struct span block, uint64_t off, uint64_t n)
{
    struct span out;

    (void)span_sub(block, off, n, &out);
    return out;
}

struct span tar_text(struct span s)
{
    size_t end = span_find(s, 0, span_of(zeros, 1));
    struct span out = s;

    if (end != SIZE_MAX)
        (void)take(&s, end, &out);
    return out;
}

bool tar_is_zero(struct span s)
{
    struct span part;

    while (s.n > 0) {
        if (!take(&s, s.n < TAR_BLOCK ? s.n : TAR_BLOCK, &part) ||
            memcmp(part.p, zeros, part.n) != 0)
            return false;
    }
    return true;
}

uint64_t tar_blocks(uint64_t n)
{
    uint64_t up = n + (TAR_BLOCK - 1);

    return up < n ? UINT64_MAX : up / TAR_BLOCK * TAR_BLOCK;
}

/* GNU: 0x80 or 0xff, then a two's complement number, the most significant byte first. */
static enum tar_number base256(struct span f, uint64_t *value)
{
    uint8_t c = 0;
    uint64_t v = 0;
    bool large = false, negative = f.p[0] & 0x40;
    enum tar_number is = f.p[0] == 0x80 || f.p[0] == 0xff ? TAR_NUMBER_OK : TAR_NUMBER_GARBAGE;

    *value = 0;
    if (negative)
        return TAR_NUMBER_NEGATIVE;
    (void)take_u8(&f, &c);
    v = c & 0x3f;
    while (take_u8(&f, &c)) {
        large |= v >> 55;
        v = v << 8 | c;
    }
    if (large)
        return TAR_NUMBER_LARGE;
    *value = v;
    return is;
}

enum tar_number tar_number(struct span f, uint64_t *value)
{
    bool large = false;
    uint8_t c = 0;

    *value = 0;
    if (f.n > 0 && f.p[0] & 0x80)
        return base256(f, value);
    if (f.n > 0 && f.p[0] == 0) /* an old tar put the NUL of the field before here */
        (void)skip(&f, 1);
    while (f.n > 0 && f.p[0] == ' ')
        (void)skip(&f, 1);
    while (f.n > 0 && f.p[0] >= '0' && f.p[0] <= '7') {
        (void)take_u8(&f, &c);
        large |= *value >> 60;
        *value = *value << 3 | (uint64_t)(c - '0');
    }
    while (f.n > 0 && (f.p[0] == ' ' || f.p[0] == 0))
        (void)skip(&f, 1);
    if (large) {
        *value = 0;
        return TAR_NUMBER_LARGE;
    }
    return f.n ? TAR_NUMBER_GARBAGE : TAR_NUMBER_OK;
}

bool tar_is_header(struct span block)
{
    struct span sum = field(block, 148, 8);
    uint64_t want;
    uint32_t u = 0;
    int32_t i = 0;

    if (block.n != TAR_BLOCK || sum.p[0] & 0x80)
        return false;
    (void)tar_number(sum, &want); /* readers stop at the first byte that is no digit */
    for (size_t at = 0; at < TAR_BLOCK; at++) {
        u += block.p[at];
        i += (int8_t)block.p[at];
    }
    for (size_t at = 0; at < sum.n; at++) { /* the field itself counts as blanks */
        u += (uint32_t)' ' - sum.p[at];
        i += ' ' - (int8_t)sum.p[at];
    }
    return want == u || (i > 0 && want == (uint32_t)i);
}

static enum tar_dialect dialect(struct span block)
{
    if (span_equal(field(block, 257, 8), SPAN_LITERAL("ustar  \0")))
        return TAR_GNU;
    if (!span_equal(field(block, 257, 5), SPAN_LITERAL("ustar")))
        return TAR_V7;
    return span_equal(field(block, 508, 4), SPAN_LITERAL("tar\0")) ? TAR_STAR : TAR_USTAR;
}

/* Old GNU keeps two times where ustar has the prefix. */
static bool is_times(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != ' ' && (s.p[i] < '0' || s.p[i] > '7'))
            return false;
    return true;
}

void tar_header_read(struct span block, struct tar_header *h)
{
    *h = (struct tar_header){ .block = block,
                              .name = tar_text(field(block, 0, 100)),
                              .prefix = SPAN_EMPTY,
                              .stray = SPAN_EMPTY,
                              .link = tar_text(field(block, 157, 100)),
                              .dialect = dialect(block) };
    (void)tar_number(field(block, 100, 8), &h->mode);
    h->size_is = tar_number(field(block, 124, 12), &h->size);
    h->type = field(block, 156, 1).p[0];
    if (h->dialect == TAR_USTAR)
        h->prefix = tar_text(field(block, 345, 155));
    else if (h->dialect == TAR_STAR)
        h->prefix = tar_text(field(block, 345, 131));
    else
        h->stray = tar_text(field(block, 345, 155));
    if (is_times(h->stray))
        h->stray = SPAN_EMPTY;
}
