/*
 * Checkpoints that are to be converted. The first byte picks the form: k a pickle, put into a zip
 * with two storages; l what follows the magic number of the legacy form; all else a whole file.
 * Whatever is read, tensors lie within their storages, are sorted and named once, and their bytes
 * are the same in small pieces as in large ones.
 */
#include <assert.h>
#include <stdlib.h>

#include "harness.h"
#include "trust/convert/convert.h"

#define GATHERED_MAX ((uint64_t)1 << 20)

static void on_note(void *user, const struct convert_note *note)
{
    uint64_t *seen = user;

    for (size_t i = 0; i < note->name.n; i++)
        *seen += note->name.p[i];
    *seen += strlen(note->what);
}

/* Gathers all of t in pieces of at most max bytes. */
static bool gather_all(struct checkpoint *c, const struct tensor *t, size_t max, uint8_t *out)
{
    uint8_t *piece = malloc(max);
    struct gather g;
    uint64_t done = 0;
    size_t n = 0;
    bool ok = piece != NULL;

    gather_init(&g, c);
    gather_start(&g, t);
    while (ok) {
        ok = gather_next(&g, piece, max, &n);
        if (!ok || n == 0)
            break;
        assert(n <= max && n <= t->bytes - done);
        memcpy(out + done, piece, n);
        done += n;
    }
    assert(!ok || done == t->bytes);
    gather_free(&g);
    free(piece);
    return ok;
}

static void check_bytes(struct checkpoint *c, const struct tensor *t)
{
    uint8_t *small = malloc(t->bytes + 1), *large = malloc(t->bytes + 1);

    if (small && large && gather_all(c, t, 24, small)) {
        assert(gather_all(c, t, 100000, large));
        assert(memcmp(small, large, t->bytes) == 0);
        if (t->bytes && t->dense && !t->flags && !c->big_endian && !c->blobs[t->blob].deflated)
            assert(memcmp(small, c->file.p + c->blobs[t->blob].at + t->start, t->bytes) == 0);
    }
    free(small);
    free(large);
}

static void check(struct checkpoint *c)
{
    uint64_t gathered = 0;

    for (size_t i = 0; i < c->tensors_n; i++) {
        const struct tensor *t = &c->tensors[i], *last = i ? t - 1 : NULL;

        assert(t->dtype < DTYPES && t->dims <= CONVERT_DIMS_MAX && t->name.n <= CONVERT_NAME_MAX);
        assert(!last || last->same <= t->same);
        assert(!last || t->same || last->dtype <= t->dtype);
        assert(t->bytes == 0 || t->end <= c->blobs[t->blob].bytes);
        assert(t->start <= t->end);
        if (t->same || t->bytes > GATHERED_MAX || gathered > 4 * GATHERED_MAX)
            continue;
        gathered += t->bytes;
        check_bytes(c, t);
    }
}

static void run(struct span file)
{
    struct checkpoint c;
    uint64_t seen = 0;

    if (checkpoint_read(&c, file, false, on_note, &seen)) {
        assert(c.error.status == PRATIQUE_OK);
        check(&c);
    } else {
        assert(c.error.status != PRATIQUE_OK && c.error.msg[0]);
    }
    checkpoint_free(&c);
}

/* ---- a zip around a pickle ---- */

static void put16(struct buf *b, unsigned v)
{
    (void)(buf_putc(b, (char)v) && buf_putc(b, (char)(v >> 8)));
}

static void put32(struct buf *b, size_t v)
{
    put16(b, (unsigned)(v & 0xffff));
    put16(b, (unsigned)(v >> 16));
}

/* The fields that both headers of a stored member have. */
static void put_fields(struct buf *b, const char *name, size_t size)
{
    put16(b, 20);
    put32(b, 0);
    put32(b, 0);
    put32(b, 0);
    put32(b, size);
    put32(b, size);
    put16(b, (unsigned)strlen(name));
    put16(b, 0);
}

static void add_member(struct buf *b, struct buf *directory, const char *name, struct span body)
{
    size_t at = b->n;

    put32(b, 0x04034b50);
    put_fields(b, name, body.n);
    (void)(buf_puts(b, name) && buf_add(b, body.p, body.n));
    put32(directory, 0x02014b50);
    put16(directory, 20);
    put_fields(directory, name, body.n);
    put16(directory, 0);
    put32(directory, 0);
    put32(directory, 0);
    put32(directory, at);
    (void)buf_puts(directory, name);
}

static void run_pickle(struct span pickle)
{
    uint8_t body[256];
    struct buf b, directory;
    size_t at;

    for (size_t i = 0; i < sizeof body; i++)
        body[i] = (uint8_t)i;
    buf_init(&b, pickle.n + 4096);
    buf_init(&directory, 4096);
    add_member(&b, &directory, "m/data.pkl", pickle);
    add_member(&b, &directory, "m/data/0", span_of(body, sizeof body));
    add_member(&b, &directory, "m/data/1", span_of(body, 16));
    at = b.n;
    (void)buf_add(&b, directory.p, directory.n);
    put32(&b, 0x06054b50);
    put32(&b, 0);
    put16(&b, 3);
    put16(&b, 3);
    put32(&b, directory.n);
    put32(&b, at);
    put16(&b, 0);
    run(span_of(b.p, b.n));
    buf_free(&b);
    buf_free(&directory);
}

static void run_legacy(struct span rest)
{
    static const char magic[] = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
    uint8_t *whole = malloc(sizeof magic - 1 + rest.n);

    if (!whole)
        return;
    memcpy(whole, magic, sizeof magic - 1);
    memcpy(whole + sizeof magic - 1, rest.p, rest.n);
    run(span_of(whole, sizeof magic - 1 + rest.n));
    free(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct span in = span_of(data, n);

    if (n > 0 && data[0] == 'k')
        run_pickle(span_from(in, 1));
    else if (n > 0 && data[0] == 'l')
        run_legacy(span_from(in, 1));
    else
        run(in);
    return 0;
}
