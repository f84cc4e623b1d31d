/* See openpgp.h. */
#include "trust/sign/openpgp.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/digit.h"
#include "trust/sign/base64.h"

/* ---- armor ---- */

/* Without its end and the blanks before that. */
static bool next_line(struct span *in, struct span *line)
{
    if (in->n == 0)
        return false;
    if (!take_line(in, line))
        (void)take(in, in->n, line);
    while (line->n && strchr("\r \t", line->p[line->n - 1]) && line->p[line->n - 1])
        line->n--;
    return true;
}

/* RFC 4880, 6.1: the checksum of a block, CRC-24. */
static uint32_t crc24(struct span bytes)
{
    uint32_t crc = 0xB704CE;

    for (size_t i = 0; i < bytes.n; i++) {
        crc ^= (uint32_t)bytes.p[i] << 16;
        for (int bit = 0; bit < 8; bit++) {
            crc <<= 1;
            crc ^= crc & 0x1000000 ? 0x1864CFBu : 0;
        }
    }
    return crc & 0xFFFFFF;
}

/* "=", and the checksum in base64; or no such line, which RFC 9580 allows. */
static bool sum_holds(struct span line, struct span bytes)
{
    uint32_t crc = crc24(bytes);
    uint8_t sum[3];

    return line.n == 0 || (skip(&line, 1) && base64_exactly(line, sum, sizeof sum) &&
                           crc == ((uint32_t)sum[0] << 16 | (uint32_t)sum[1] << 8 | sum[2]));
}

/* RFC 4880, 6.2: headers, an empty line, base64, a checksum ("=...."), the last line. */
static bool dearmor_block(struct span *in, struct span end, uint8_t *letters, struct buf *out)
{
    struct span line = SPAN_EMPTY, sum = SPAN_EMPTY;
    size_t n = 0, got;

    while (next_line(in, &line) && line.n)
        if (!memchr(line.p, ':', line.n))
            return false;
    while (next_line(in, &line) && !span_starts(line, SPAN_LITERAL("-"))) {
        if (sum.n)
            return false;
        if (line.n == 5 && line.p[0] == '=')
            sum = line;
        else if (line.n)
            memcpy(letters + n, line.p, line.n), n += line.n;
    }
    return span_equal(line, end) && base64_decode(span_of(letters, n), letters, n, &got) &&
           got > 0 && sum_holds(sum, span_of(letters, got)) && buf_add(out, letters, got);
}

bool openpgp_dearmor(struct span bytes, struct span begin, struct span end, bool alone,
                     struct buf *out)
{
    uint8_t *letters = malloc(bytes.n + 1);
    bool ok = letters != NULL, any = false;
    struct span line;

    while (ok && next_line(&bytes, &line))
        if (span_equal(line, begin)) {
            ok = !(alone && any) && dearmor_block(&bytes, end, letters, out);
            any = true;
        } else if (alone && line.n) {
            ok = false;
        }
    free(letters);
    return ok && any;
}

/* ---- the packet ---- */

/* RFC 4880, 4.2: its length; false for any other packet, and for one in parts or without an end. */
static bool take_length(struct span *in, uint32_t *n)
{
    uint8_t tag, one;
    uint16_t two;

    if (!take_u8(in, &tag))
        return false;
    if (tag == 0x88 || tag == 0xC2) { /* of one byte, in the old format and the new */
        if (!take_u8(in, &one))
            return false;
        *n = one;
        if (tag == 0x88 || one < 192)
            return true;
        *n = (uint32_t)(one - 192) << 8;
        return one < 224 && take_u8(in, &one) && (*n += one + 192u);
    }
    if (tag == 0x89 && take_u16be(in, &two)) {
        *n = two;
        return true;
    }
    return tag == 0x8A && take_u32be(in, n);
}

/* One subpacket: its type and the rest of it. */
static bool take_subpacket(struct span *in, uint8_t *type, struct span *rest)
{
    uint8_t n;

    return take_u8(in, &n) && n > 0 && n < 192 && take_u8(in, type) &&
           take(in, n - 1u, rest); /* longer ones have no place among those that are not signed */
}

/* Those that are not signed may say which key it is, and nothing else. */
static bool read_unsigned(struct openpgp_packet *out, struct span area)
{
    enum { ISSUER = 16, FINGERPRINT = 33 };
    struct span rest;
    uint8_t type;

    while (area.n > 0) {
        if (!take_subpacket(&area, &type, &rest))
            return false;
        if (type == ISSUER && rest.n == 8 && out->issuer.n == 0)
            out->issuer = rest;
        else if (type == FINGERPRINT && rest.n == 21 && rest.p[0] == 4 && out->fingerprint.n == 0)
            out->fingerprint = span_from(rest, 1);
        else
            return false;
    }
    return true;
}

/* A number with its length in bits, which must be its own, or that of whole bytes. */
static bool take_number(struct span *in)
{
    struct span number;
    uint16_t bits;
    unsigned top = 0;

    if (!take_u16be(in, &bits) || bits == 0 || !take(in, (bits + 7u) / 8, &number))
        return false;
    for (unsigned first = number.p[0]; first; first >>= 1)
        top++;
    return bits % 8 == 0 || top == bits % 8u;
}

/* Exactly the numbers of its algorithm (RFC 4880, 9.1; 22: EdDSA). */
static bool read_numbers(struct span in, uint8_t algorithm)
{
    unsigned n = algorithm >= 1 && algorithm <= 3                        ? 1
                 : algorithm == 17 || algorithm == 19 || algorithm == 22 ? 2
                                                                         : 0;

    if (n == 0) /* gpgv knows it, or not */
        return true;
    for (; n > 0; n--)
        if (!take_number(&in))
            return false;
    return in.n == 0;
}

const char *openpgp_packet_read(struct openpgp_packet *out, struct span bytes)
{
    struct span body = bytes, in, area;
    uint8_t version, type, algorithm;
    uint16_t n;
    uint32_t length = 0;

    *out = (struct openpgp_packet){ .head = SPAN_EMPTY };
    if (!take_length(&body, &length) || length > body.n)
        return "it is no whole signature packet";
    if (length < body.n)
        return "something follows its signature; it should be alone";
    in = body;
    if (!take_u8(&in, &version) || version != 4)
        return "it is not of version 4";
    if (!take_u8(&in, &type) || !take_u8(&in, &algorithm) || !take_u8(&in, &out->hash) ||
        !take_u16be(&in, &n) || !skip(&in, n))
        return "it is broken off";
    out->head = span_of(body.p, body.n - in.n);
    if (!take_u16be(&in, &n) || !take(&in, n, &area) || !take_u8(&in, &out->left[0]) ||
        !take_u8(&in, &out->left[1]))
        return "it is broken off";
    if (!read_unsigned(out, area))
        return "it says something that is not signed";
    return read_numbers(in, algorithm) ? NULL : "its numbers are not in their plain form";
}

/* ---- what it says ---- */

static const EVP_MD *hash_of(uint8_t id)
{
    switch (id) {
    case 8:
        return EVP_sha256();
    case 9:
        return EVP_sha384();
    case 10:
        return EVP_sha512();
    case 11:
        return EVP_sha224();
    case 12:
        return EVP_sha3_256();
    case 14:
        return EVP_sha3_512();
    default:
        return NULL;
    }
}

bool openpgp_packet_begins(const struct openpgp_packet *p, struct span message)
{
    uint32_t n = (uint32_t)p->head.n;
    const uint8_t tail[] = {
        4, 0xFF, (uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n
    };
    const EVP_MD *hash = hash_of(p->hash);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    uint8_t digest[EVP_MAX_MD_SIZE];
    bool begins = ctx && hash && EVP_DigestInit_ex(ctx, hash, NULL) == 1 &&
                  EVP_DigestUpdate(ctx, message.p, message.n) == 1 &&
                  EVP_DigestUpdate(ctx, p->head.p, p->head.n) == 1 &&
                  EVP_DigestUpdate(ctx, tail, sizeof tail) == 1 &&
                  EVP_DigestFinal_ex(ctx, digest, NULL) == 1 &&
                  memcmp(digest, p->left, sizeof p->left) == 0;

    EVP_MD_CTX_free(ctx);
    return begins;
}

/* Whether the bytes are the end of the hex digits. */
static bool is_end_of(struct span hex, struct span bytes)
{
    size_t skipped = hex.n >= 2 * bytes.n ? hex.n - 2 * bytes.n : SIZE_MAX;

    for (size_t i = 0; skipped != SIZE_MAX && i < bytes.n; i++) {
        int high = digit_hex(hex.p[skipped + 2 * i]), low = digit_hex(hex.p[skipped + 2 * i + 1]);

        if (high < 0 || low < 0 || (high << 4 | low) != bytes.p[i])
            return false;
    }
    return skipped != SIZE_MAX;
}

bool openpgp_packet_is_by(const struct openpgp_packet *p, struct span fingerprint)
{
    return is_end_of(fingerprint, p->issuer) && is_end_of(fingerprint, p->fingerprint);
}
