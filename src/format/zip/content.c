/*
 * Reads one member in one way: inflates, verifies size and CRC, and hands the
 * content on as a file of its own. A fault is a fact; what can be read in spite
 * of it is read. See parts.h.
 */
#include "format/codec/codec.h"
#include "format/zip/parts.h"

/* A buffer up to this size is kept from one member to the next. */
#define BUFFER_KEPT ((size_t)1 << 20)

bool content_charge(struct zip *z, uint64_t n, uint64_t at)
{
    if (n <= z->read_left) {
        z->read_left -= n;
        return true;
    }
    (void)scan_fail(z->s, PRATIQUE_E_LIMIT, at,
                    "members share their bytes: there is more to read than the archive holds");
    return false;
}

static bool codec_of(uint16_t method, enum codec *out)
{
    switch (method) {
    case METHOD_DEFLATE:
        *out = CODEC_DEFLATE;
        return true;
    case METHOD_BZIP2:
        *out = CODEC_BZIP2;
        return true;
    case METHOD_LZMA:
        *out = CODEC_LZMA_ZIP;
        return true;
    case METHOD_ZSTD:
    case METHOD_ZSTD_OLD:
        *out = CODEC_ZSTD;
        return true;
    case METHOD_XZ:
        *out = CODEC_XZ;
        return true;
    default:
        return false;
    }
}

static const char *method_name(uint16_t method)
{
    switch (method) {
    case METHOD_DEFLATE64:
        return "deflate64";
    case METHOD_PPMD:
        return "ppmd";
    case METHOD_AES:
        return "AES";
    default:
        return "unknown";
    }
}

static enum role role_of(const struct zip *z, const struct reading *r, struct span name,
                         struct span raw)
{
    struct member m = {
        .name = name, .raw = raw, .stored = r->method == METHOD_STORED, .size = r->usize
    };
    enum role role = z->layout && z->layout->role ? z->layout->role(&z->archive, &m) : ROLE_ANY;

    return role == ROLE_TENSOR && !r->agreed ? ROLE_ANY : role;
}

/* Hands content on once for each role that one of the member's names gives it. */
static enum pratique_status hand_on(struct zip *z, const struct reading *r, struct span raw,
                                    struct span content)
{
    enum pratique_status st = PRATIQUE_OK;
    unsigned seen = 1u << ROLE_TENSOR;

    for (size_t i = 0; i < r->names_n && content.n > 0 && st == PRATIQUE_OK; i++) {
        enum role role = role_of(z, r, r->names[i], raw);

        if (seen & 1u << role)
            continue;
        seen |= 1u << role;
        st = scan_nested(z->s, content, r->names[i], role);
    }
    return st;
}

/* What a reader sees that stops at the size declared, or, of stored data, goes on to it. */
static enum pratique_status hand_on_declared(struct zip *z, const struct reading *r,
                                             struct span raw, struct span content)
{
    struct span other;

    if (!r->usize_known || r->usize == content.n || r->usize == 0)
        return PRATIQUE_OK;
    if (r->usize < content.n)
        return span_sub(content, 0, r->usize, &other) ? hand_on(z, r, raw, other) : PRATIQUE_OK;
    if (r->method != METHOD_STORED || !span_sub(z->in, r->data, r->usize, &other))
        return PRATIQUE_OK;
    if (!content_charge(z, other.n, r->at))
        return PRATIQUE_E_LIMIT;
    return hand_on(z, r, raw, other);
}

static void verify(struct zip *z, const struct reading *r, struct span content)
{
    uint32_t crc = r->crc_known ? codec_crc32(0, content) : 0;

    if (r->usize_known && r->usize != content.n)
        zip_tell(z, FACT_ZIP_SIZE_LIES, r->at, r->names[0], "%llu bytes declared, %zu are there",
                 (unsigned long long)r->usize, content.n);
    if (r->crc_known && crc != r->crc)
        zip_tell(z, r->crc ? FACT_ZIP_CRC : FACT_ZIP_CRC_ABSENT, r->at, r->names[0],
                 "declared %08x, computed %08x", r->crc, crc);
}

static void tell_link(struct zip *z, const struct reading *r, struct span target)
{
    struct span cut = target;

    if (!r->symlink)
        return;
    if (target.n > 512)
        (void)span_sub(target, 0, 512, &cut);
    zip_tell(z,
             names_link_escapes(r->names[0], target) ? FACT_ZIP_SYMLINK_ESCAPES : FACT_ZIP_SYMLINK,
             r->at, r->names[0], "to %.*s", (int)cut.n, (const char *)cut.p);
}

static enum pratique_status pass(struct zip *z, const struct reading *r, struct span raw,
                                 struct span content)
{
    enum pratique_status st;

    tell_link(z, r, content);
    st = hand_on(z, r, raw, content);
    return st == PRATIQUE_OK ? hand_on_declared(z, r, raw, content) : st;
}

/*
 * Stored, and said to be encrypted: without a CRC that fits nobody can tell
 * whether it is. What ignores the bit reads it as it is, and so do we.
 */
static enum pratique_status pass_encrypted(struct zip *z, const struct reading *r, struct span raw)
{
    bool plain = raw.n == r->csize && r->usize == raw.n && raw.n > 0 && r->crc_known &&
                 codec_crc32(0, raw) == r->crc;

    zip_tell(z, plain ? FACT_ZIP_ENCRYPTED_PLAIN : FACT_ZIP_ENCRYPTED, r->at, r->names[0],
             plain ? "stored as it is" : "stored");
    return pass(z, r, raw, raw);
}

static enum pratique_status read_stored(struct zip *z, const struct reading *r, struct span raw)
{
    if (!content_charge(z, raw.n, r->at))
        return PRATIQUE_E_LIMIT;
    z->s->budget->work_done += raw.n;
    if (r->encrypted)
        return pass_encrypted(z, r, raw);
    verify(z, r, raw);
    return pass(z, r, raw, raw);
}

static bool fits_budget(struct zip *z, uint64_t consumed, uint64_t made, uint64_t at)
{
    if (!content_charge(z, consumed, at))
        return false;
    z->s->budget->work_done += consumed;
    z->inflated += made;
    if (budget_ratio(z->s->budget, z->in.n, z->inflated))
        return true;
    (void)scan_fail_budget(z->s, at);
    return false;
}

/* Chance makes a stream of a few encrypted bytes, but none of the right length. */
static bool is_plain(const struct reading *r, const struct inflated *out)
{
    return out->bytes.n == r->usize && (!r->csize_known || out->consumed == r->csize);
}

static enum pratique_status pass_inflated(struct zip *z, const struct reading *r, struct span raw,
                                          const struct inflated *out)
{
    if (!fits_budget(z, out->consumed, out->bytes.n, r->at))
        return PRATIQUE_E_LIMIT;
    if (!r->encrypted)
        verify(z, r, out->bytes);
    else if (is_plain(r, out))
        zip_tell(z, FACT_ZIP_ENCRYPTED_PLAIN, r->at, r->names[0],
                 "its data can be decompressed without a password");
    else
        zip_tell(z, FACT_ZIP_ENCRYPTED, r->at, r->names[0], "compressed");
    return pass(z, r, raw, out->bytes);
}

/* A stream with a fault: what came before it is handed on all the same. */
static enum pratique_status pass_broken(struct zip *z, const struct reading *r, struct span raw,
                                        const struct inflated *out)
{
    if (!fits_budget(z, raw.n, out->bytes.n, r->at))
        return PRATIQUE_E_LIMIT;
    if (r->encrypted) {
        zip_tell(z, FACT_ZIP_ENCRYPTED, r->at, r->names[0], "compressed");
    } else {
        zip_tell(z, FACT_ZIP_MEMBER_BROKEN, r->at, r->names[0], "%s", z->s->error.msg);
    }
    z->s->error = (struct pratique_error){ 0 };
    return pass(z, r, raw, out->bytes);
}

/* The buffer of the member before, so that small members need no new pages each. */
static struct inflated take_buffer(struct zip *z)
{
    struct inflated out = z->buffer;

    out.bytes.n = 0;
    z->buffer = (struct inflated){ .bytes = SPAN_EMPTY };
    return out;
}

static void keep_buffer(struct zip *z, struct inflated *out)
{
    if (out->mapped > BUFFER_KEPT) {
        codec_free(z->s, out);
        return;
    }
    codec_free(z->s, &z->buffer);
    z->buffer = *out;
}

static enum pratique_status read_compressed(struct zip *z, const struct reading *r, struct span raw,
                                            uint64_t *consumed)
{
    enum pratique_status st;
    struct inflated out;
    enum codec codec;

    if (!codec_of(r->method, &codec)) {
        zip_tell(z, FACT_ZIP_METHOD_UNREAD, r->at, r->names[0], "method %u (%s)", r->method,
                 method_name(r->method));
        return PRATIQUE_OK;
    }
    out = take_buffer(z);
    st = codec_append(z->s, codec, raw, r->usize_known ? r->usize : 0, &out);
    codec_trim(z->s, &out);
    *consumed = out.consumed;
    if (st == PRATIQUE_OK)
        st = pass_inflated(z, r, raw, &out);
    else if (st == PRATIQUE_E_FORMAT)
        st = pass_broken(z, r, raw, &out);
    keep_buffer(z, &out);
    return st;
}

/* The data; cut, with a fact, where the file ends before it. */
static struct span data_of(struct zip *z, const struct reading *r)
{
    struct span rest = span_from(z->in, r->data), raw;

    if (!r->csize_known)
        return rest;
    if (take(&rest, r->csize, &raw))
        return raw;
    zip_tell(z, FACT_ZIP_MEMBER_BROKEN, r->at, r->names[0],
             "its %llu bytes at %llu run past the end of the file", (unsigned long long)r->csize,
             (unsigned long long)r->data);
    return rest;
}

bool content_is_spared(const struct zip *z, const struct reading *r)
{
    struct span raw = SPAN_EMPTY;

    (void)span_sub(z->in, r->data, r->csize, &raw);
    for (size_t i = 0; i < r->names_n; i++)
        if (role_of(z, r, r->names[i], raw) != ROLE_TENSOR)
            return false;
    return true;
}

enum pratique_status content_read(struct zip *z, const struct reading *r, uint64_t *consumed)
{
    struct span raw;

    *consumed = 0;
    if (!budget_time(z->s->budget))
        return scan_fail_budget(z->s, r->at);
    raw = data_of(z, r);
    if (r->method == METHOD_AES) {
        zip_tell(z, FACT_ZIP_ENCRYPTED, r->at, r->names[0], "AES");
        return PRATIQUE_OK;
    }
    if (r->method != METHOD_STORED)
        return read_compressed(z, r, raw, consumed);
    *consumed = raw.n;
    return read_stored(z, r, raw);
}
