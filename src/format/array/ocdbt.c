/*
 * OCDBT, the key-value store of TensorStore in which Orbax keeps checkpoints: manifests and nodes
 * of its tree. Each has a header with its own length and a checksum at its end; what it holds is
 * names and places of chunks, which are numbers. Files of nodes may begin with chunks: those are
 * told by what they are.
 *
 * Spec: google.github.io/tensorstore/kvstore/ocdbt, storage format.
 */
#include <inttypes.h>

#include "format/array/array.h"
#include "format/rest.h"

#define MANIFEST 0x0CDB3A2A
#define NODE     0x0CDB20DE
#define VERSIONS 0x0CDB1234

/* Magic, length of the whole, version 0, and whether it is compressed. */
static bool take_part(struct span *in, struct span *part, uint32_t *magic)
{
    struct span rest = *in;
    uint64_t n;
    uint8_t version, compression;

    if (!take_u32be(&rest, magic) || (*magic != MANIFEST && *magic != NODE && *magic != VERSIONS) ||
        !take_u64le(&rest, &n) || !take_u8(&rest, &version) || !take_u8(&rest, &compression))
        return false;
    return version == 0 && compression <= 1 && n >= 18 && take(in, n, part);
}

/* CRC-32C (RFC 3720, appendix B.4), bit by bit: such files are small. */
static uint32_t crc32c(struct span in)
{
    uint32_t crc = UINT32_MAX;

    for (size_t i = 0; i < in.n; i++) {
        crc ^= in.p[i];
        for (unsigned bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0x82F63B78) : 0);
    }
    return ~crc;
}

#define CHECKED_MAX ((size_t)16 << 20)

static bool sum_fits(struct span part)
{
    struct span body = part, tail;
    uint32_t sum;

    if (part.n > CHECKED_MAX)
        return true;
    (void)take(&body, part.n - 4, &tail);
    return take_u32le(&body, &sum) && sum == crc32c(tail);
}

static bool looks_like(struct span in)
{
    struct span rest = in;
    uint32_t magic;
    uint8_t version;

    return take_u32be(&rest, &magic) && (magic == MANIFEST || magic == NODE || magic == VERSIONS) &&
           skip(&rest, 8) && take_u8(&rest, &version) && version < 8;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct span rest = in, part;
    uint32_t magic = 0;
    uint64_t parts = 0;

    s->recognised = "OCDBT";
    while (take_part(&rest, &part, &magic)) {
        if (!sum_fits(part))
            return scan_fail(s, PRATIQUE_E_FORMAT, in.n - rest.n - 4,
                             "OCDBT: a checksum is not that of the bytes");
        s->budget->work_done += part.n;
        parts++;
        if (!budget_time(s->budget))
            return scan_fail_budget(s, in.n - rest.n);
    }
    if (parts == 0)
        return scan_fail(s, PRATIQUE_E_FORMAT, 0, "OCDBT: its header is not that of a part");
    scan_read(s, "OCDBT", in.n - rest.n, "%" PRIu64 " parts", parts);
    return scan_rest(s, "OCDBT", in.n - rest.n, rest);
}

const struct format format_ocdbt = {
    .name = "OCDBT",
    .spec = "google.github.io/tensorstore/kvstore/ocdbt: storage format",
    .looks_like = looks_like,
    .scan = scan,
};
