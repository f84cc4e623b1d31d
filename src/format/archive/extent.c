/*
 * The outermost headers of 7z (7zFormat.txt of 7-Zip 22), RAR 4 (TechNote.txt of
 * WinRAR 4) and RAR 5 (RAR 5.0 archive format, rarlab.com): enough to know where
 * the archive ends, since whatever follows is somebody else's to read, and
 * whether it is encrypted, which libarchive 3.6 does not tell of RAR 5.
 */
#include "format/archive/extent.h"

#define RAR4_MAIN             0x73
#define RAR4_FILE             0x74
#define RAR4_END              0x7b
#define RAR4_HAS_ADD          0x8000
#define RAR4_MAIN_ENCRYPTED   0x0080
#define RAR4_FILE_ENCRYPTED   0x0004
#define RAR5_FILE             2
#define RAR5_ENCRYPTION       4 /* a block: every header behind it is encrypted */
#define RAR5_END              5
#define RAR5_EXTRA            1
#define RAR5_DATA             2
#define RAR5_EXTRA_ENCRYPTION 1 /* a record: this file is */

static const struct span magic_7z = { (const uint8_t *)"7z\xbc\xaf\x27\x1c", 6 };
static const struct span magic_rar4 = { (const uint8_t *)"Rar!\x1a\x07\x00", 7 };
static const struct span magic_rar5 = { (const uint8_t *)"Rar!\x1a\x07\x01\x00", 8 };

bool archive_is_7z(struct span in)
{
    return span_starts(in, magic_7z);
}

bool archive_is_rar4(struct span in)
{
    return span_starts(in, magic_rar4);
}

bool archive_is_rar5(struct span in)
{
    return span_starts(in, magic_rar5);
}

/* The signature header says where the last header lies, counted from behind itself. */
static uint64_t extent_7z(struct span in)
{
    struct span rest = in, head;
    uint64_t off, n;

    if (!take(&rest, 12, &head) || !take_u64le(&rest, &off) || !take_u64le(&rest, &n) ||
        !skip(&rest, 4) || !skip(&rest, off) || !skip(&rest, n))
        return 0;
    return in.n - rest.n;
}

/* One block: CRC, type, flags, header size, and the size of what follows it if a flag says so. */
static bool skip_rar4(struct span *in, uint8_t *type, bool *encrypted)
{
    struct span all = *in, head = *in;
    uint16_t crc, flags, n;
    uint32_t add = 0;

    if (!take_u16le(&head, &crc) || !take_u8(&head, type) || !take_u16le(&head, &flags) ||
        !take_u16le(&head, &n) || n < 7)
        return false;
    *encrypted |= (*type == RAR4_MAIN && (flags & RAR4_MAIN_ENCRYPTED)) ||
                  (*type == RAR4_FILE && (flags & RAR4_FILE_ENCRYPTED));
    if ((flags & RAR4_HAS_ADD) && !take_u32le(&head, &add))
        return false;
    if (!skip(&all, n) || !skip(&all, add))
        return false;
    *in = all;
    return true;
}

/* Seven bits a byte, the lowest first. */
static bool take_vint(struct span *in, uint64_t *out)
{
    uint8_t c = 0x80;

    *out = 0;
    for (unsigned shift = 0; shift < 63 && c & 0x80; shift += 7) {
        if (!take_u8(in, &c))
            return false;
        *out |= (uint64_t)(c & 0x7f) << shift;
    }
    return !(c & 0x80);
}

/* Whether a header's last extra bytes hold a record of encryption. */
static bool has_encryption(struct span head, uint64_t extra)
{
    struct span rest = extra <= head.n ? span_from(head, head.n - extra) : SPAN_EMPTY, record;
    uint64_t n, kind;

    while (take_vint(&rest, &n) && take(&rest, n, &record))
        if (take_vint(&record, &kind) && kind == RAR5_EXTRA_ENCRYPTION)
            return true;
    return false;
}

static bool skip_rar5(struct span *in, uint8_t *type, bool *encrypted)
{
    struct span all = *in, head;
    uint64_t n, kind, flags, extra = 0, data = 0;
    uint32_t crc;

    if (!take_u32le(&all, &crc) || !take_vint(&all, &n) || !take(&all, n, &head) ||
        !take_vint(&head, &kind) || !take_vint(&head, &flags))
        return false;
    if ((flags & RAR5_EXTRA) && !take_vint(&head, &extra))
        return false;
    *encrypted |= kind == RAR5_ENCRYPTION || (kind == RAR5_FILE && has_encryption(head, extra));
    if ((flags & RAR5_DATA) && (!take_vint(&head, &data) || !skip(&all, data)))
        return false;
    *type = kind > 0xff ? 0xff : (uint8_t)kind;
    *in = all;
    return true;
}

struct archive_extent archive_extent(struct span in)
{
    bool rar5 = archive_is_rar5(in);
    struct archive_extent x = { 0 };
    struct span rest = in;
    uint8_t type = 0;

    if (archive_is_7z(in)) {
        x.end = extent_7z(in);
        return x;
    }
    if (!skip(&rest, rar5 ? magic_rar5.n : magic_rar4.n))
        return x;
    while (type != (rar5 ? RAR5_END : RAR4_END))
        if (!(rar5 ? skip_rar5 : skip_rar4)(&rest, &type, &x.encrypted))
            return x;
    x.end = in.n - rest.n;
    return x;
}
