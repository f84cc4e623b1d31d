/*
 * See canary.h. Zip: APPNOTE 6.3, sections 4.3.7 to 4.3.16; members are stored. Tar: POSIX
 * ustar. Every time is the same, so that the same canary is the same bytes.
 */
#include "watch/canary.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

#define ZIP_LOCAL     0x04034b50u
#define ZIP_CENTRAL   0x02014b50u
#define ZIP_END       0x06054b50u
#define ZIP_VERSION   20u
#define ZIP_MADE_UNIX 0x0314u
#define ZIP_DATE      0x5a21u /* 2025-01-01 */
#define REGULAR_FILE  0100000u

#define TAR_BLOCK 512
#define TAR_TIME  1735689600ul /* 2025-01-01 */
#define TAR_MAX   (16u << 20)

static void put(struct buf *b, uint32_t v, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        (void)buf_putc(b, (char)(uint8_t)(v >> 8 * i));
}

static uint32_t crc_of(struct span s)
{
    return (uint32_t)crc32_z(0, s.p, s.n);
}

/* What local header and central directory have in common, from "version needed" on. */
static void put_common(struct buf *b, const struct pack_member *m)
{
    put(b, ZIP_VERSION, 2);
    put(b, 0, 2); /* flags */
    put(b, 0, 2); /* stored */
    put(b, 0, 2); /* time */
    put(b, ZIP_DATE, 2);
    put(b, crc_of(m->bytes), 4);
    put(b, (uint32_t)m->bytes.n, 4);
    put(b, (uint32_t)m->bytes.n, 4);
    put(b, (uint32_t)strlen(m->name), 2);
    put(b, 0, 2); /* extra */
}

static void put_central(struct buf *b, const struct pack_member *m, size_t at)
{
    put(b, ZIP_CENTRAL, 4);
    put(b, ZIP_MADE_UNIX, 2);
    put_common(b, m);
    put(b, 0, 2); /* comment */
    put(b, 0, 2); /* disk */
    put(b, 0, 2);
    put(b, (REGULAR_FILE | m->mode) << 16, 4);
    put(b, (uint32_t)at, 4);
    (void)buf_puts(b, m->name);
}

static size_t local_bytes(const struct pack_member *m)
{
    return 30 + strlen(m->name) + m->bytes.n;
}

bool pack_zip(struct buf *out, const struct pack_member *members, size_t n)
{
    size_t begin = out->n, directory, at = 0;

    for (size_t i = 0; i < n; i++) {
        put(out, ZIP_LOCAL, 4);
        put_common(out, &members[i]);
        (void)buf_puts(out, members[i].name);
        (void)buf_add(out, members[i].bytes.p, members[i].bytes.n);
    }
    directory = out->n - begin;
    for (size_t i = 0; i < n; i++) {
        put_central(out, &members[i], at);
        at += local_bytes(&members[i]);
    }
    at = out->n - begin - directory;
    put(out, ZIP_END, 4);
    put(out, 0, 4);
    put(out, (uint32_t)n, 2);
    put(out, (uint32_t)n, 2);
    put(out, (uint32_t)at, 4);
    put(out, (uint32_t)directory, 4);
    put(out, 0, 2);
    return !out->failed;
}

/* ---- tar ---- */

static void pad(struct buf *b, size_t n)
{
    static const char zeros[TAR_BLOCK];

    (void)buf_add(b, zeros, n);
}

static void put_header(struct buf *b, const struct pack_member *m)
{
    char h[TAR_BLOCK] = "", sum[8];
    unsigned total = 0;

    (void)snprintf(h, 100, "%s", m->name);
    (void)snprintf(h + 100, 8, "%07o", m->mode);
    (void)snprintf(h + 108, 8, "%07o", 0u);
    (void)snprintf(h + 116, 8, "%07o", 0u);
    (void)snprintf(h + 124, 12, "%011lo", (unsigned long)m->bytes.n);
    (void)snprintf(h + 136, 12, "%011lo", TAR_TIME);
    memset(h + 148, ' ', 8);
    h[156] = '0';
    memcpy(h + 257,
           "ustar\0"
           "00",
           8);
    for (size_t i = 0; i < TAR_BLOCK; i++)
        total += (uint8_t)h[i];
    (void)snprintf(sum, sizeof sum, "%06o", total & 0777777u);
    memcpy(h + 148, sum, 7);
    (void)buf_add(b, h, TAR_BLOCK);
}

static void put_tar(struct buf *b, const struct pack_member *members, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        put_header(b, &members[i]);
        (void)buf_add(b, members[i].bytes.p, members[i].bytes.n);
        pad(b, (TAR_BLOCK - members[i].bytes.n % TAR_BLOCK) % TAR_BLOCK);
    }
    pad(b, TAR_BLOCK);
    pad(b, TAR_BLOCK);
}

/* windowBits above 15 ask zlib for a gzip header, which it writes without a time. */
static bool add_gzip(struct buf *out, const struct buf *in)
{
    z_stream z = { .next_in = (Bytef *)in->p, .avail_in = (uInt)in->n };
    unsigned char some[4096];
    int rc = Z_OK;

    if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    while (rc == Z_OK) {
        z.next_out = some;
        z.avail_out = sizeof some;
        rc = deflate(&z, Z_FINISH);
        if (!buf_add(out, some, sizeof some - z.avail_out))
            rc = Z_BUF_ERROR;
    }
    (void)deflateEnd(&z);
    return rc == Z_STREAM_END;
}

bool pack_tar_gz(struct buf *out, const struct pack_member *members, size_t n)
{
    struct buf tar;
    bool ok;

    buf_init(&tar, TAR_MAX);
    put_tar(&tar, members, n);
    ok = !tar.failed && add_gzip(out, &tar);
    buf_free(&tar);
    return ok;
}
