/*
 * What the child says is going to be written, read as hostile: every number is checked against
 * the file and against what safetensors allows (safetensors/src/tensor.rs), and the header is
 * written here, from copies.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/status.h"
#include "base/utf8.h"
#include "trust/confined.h"
#include "trust/convert/convert.h"

#define LENGTH_BYTES 8u /* of the header, in front of it */

bool stream_take(struct stream *s, void *out, size_t n)
{
    uint8_t *to = out;

    while (n > 0 && s->status == PRATIQUE_OK) {
        size_t part = n < s->batch.n ? n : s->batch.n;
        struct span piece;

        if (take(&s->batch, part, &piece) && part > 0)
            memcpy(to, piece.p, part);
        to += part;
        n -= part;
        if (n == 0)
            break;
        s->status = confined_next(s->child, &s->batch, s->err);
        if (s->status == PRATIQUE_OK && s->batch.n == 0)
            s->status = error_set(s->err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                                  "the process that read it said too little");
    }
    return s->status == PRATIQUE_OK;
}

static bool nonsense(struct stream *s)
{
    if (s->status == PRATIQUE_OK)
        s->status = error_set(s->err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                              "the process that read it talks nonsense");
    return false;
}

static bool too_large(struct stream *s)
{
    if (s->status == PRATIQUE_OK)
        s->status =
            error_set(s->err, PRATIQUE_E_LIMIT, PRATIQUE_NO_OFFSET,
                      "its header would be larger than safetensors allows (100,000,000 bytes)");
    return false;
}

/* ---- what is read ---- */

/* One name or text, NUL-terminated; it has its place in reading. */
struct reading {
    struct plan *p;
    struct stream *s;
    uint64_t file_bytes;
    pratique_conversion_fn *on_note;
    void *user;
    char *name, *text; /* CONVERT_NAME_MAX + 1 bytes each */
    char *last;        /* the tensor before, and its dtype */
    unsigned last_dtype;
    bool any, metadata_done;
    struct name {
        uint32_t at, n;
    } * names; /* in the header, as written: to find those given twice */
    size_t names_n, names_size;
};

static bool take_text(struct stream *s, char *out, uint32_t *n)
{
    if (!stream_take(s, n, sizeof *n))
        return false;
    if (*n > CONVERT_NAME_MAX)
        return nonsense(s);
    if (*n > 0 && !stream_take(s, out, *n))
        return false;
    out[*n] = '\0';
    return true;
}

static bool take_byte(struct stream *s, unsigned most, unsigned *out)
{
    uint8_t byte = 0;

    if (!stream_take(s, &byte, 1))
        return false;
    *out = byte;
    return byte <= most || nonsense(s);
}

/* A name that may stand in a header: UTF-8 without control characters. */
static bool name_is_fine(const char *name, uint32_t n)
{
    struct span rest = span_of(name, n);
    uint32_t character;
    size_t width;

    while (rest.n > 0) {
        width = utf8_decode(rest, &character);
        if (width == 0 || character < 0x20 || (character >= 0x7f && character < 0xa0))
            return false;
        (void)skip(&rest, width);
    }
    return true;
}

static bool take_name(struct reading *r, char *out, uint32_t *n)
{
    return take_text(r->s, out, n) && (name_is_fine(out, *n) || nonsense(r->s));
}

static void tell(struct reading *r, const char *name, unsigned dtype, uint64_t bytes, bool left_out,
                 const char *what)
{
    r->p->left_out += left_out;
    if (r->on_note)
        r->on_note(r->user,
                   &(struct pratique_conversion){ .name = name,
                                                  .dtype = dtype < DTYPES ? dtypes[dtype].name : "",
                                                  .what = what,
                                                  .left_out = left_out,
                                                  .bytes = bytes });
}

/* ---- the header ---- */

static bool put_string(struct buf *b, const char *s, size_t n)
{
    size_t from = 0;
    bool ok = buf_putc(b, '"');

    for (size_t i = 0; i < n; i++)
        if (s[i] == '"' || s[i] == '\\') {
            ok = ok && buf_add(b, s + from, i - from) && buf_putc(b, '\\');
            from = i;
        }
    return ok && buf_add(b, s + from, n - from) && buf_putc(b, '"');
}

static bool start_header(struct reading *r)
{
    static const char zero[LENGTH_BYTES];
    struct buf *b = &r->p->header;

    buf_init(b, CONVERT_HEADER_MAX + LENGTH_BYTES);
    return buf_add(b, zero, sizeof zero) && buf_puts(b, "{\"__metadata__\":{\"format\":\"pt\"");
}

static bool close_metadata(struct reading *r)
{
    if (r->metadata_done)
        return true;
    r->metadata_done = true;
    return buf_putc(&r->p->header, '}') || too_large(r->s);
}

/* Padded to a multiple of eight; its length in front. */
static bool finish_header(struct reading *r)
{
    struct buf *b = &r->p->header;
    uint64_t n;

    if (!close_metadata(r))
        return false;
    if (!buf_putc(b, '}'))
        return too_large(r->s);
    while (b->n % 8)
        if (!buf_putc(b, ' '))
            return too_large(r->s);
    n = b->n - LENGTH_BYTES;
    for (unsigned i = 0; i < LENGTH_BYTES; i++)
        b->p[i] = (char)(n >> (8 * i));
    return true;
}

/* ---- records ---- */

static bool read_error(struct reading *r)
{
    uint64_t off;
    int32_t status;
    uint32_t n;

    if (!stream_take(r->s, &status, sizeof status) || !stream_take(r->s, &off, sizeof off) ||
        !take_text(r->s, r->text, &n))
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (!r->text[i] || (unsigned char)r->text[i] < ' ')
            r->text[i] = '?';
    if (status != PRATIQUE_E_NOMEM && status != PRATIQUE_E_LIMIT)
        status = PRATIQUE_E_FORMAT;
    r->s->status = error_set(r->s->err, (enum pratique_status)status, off, "%s", r->text);
    return false;
}

static bool read_note(struct reading *r)
{
    unsigned left_out, dtype;
    uint64_t bytes;
    uint32_t n;

    if (!take_byte(r->s, 1, &left_out) || !take_byte(r->s, DTYPES, &dtype) ||
        !stream_take(r->s, &bytes, sizeof bytes) || !take_text(r->s, r->name, &n) ||
        !take_text(r->s, r->text, &n))
        return false;
    tell(r, r->name, dtype, bytes, left_out, r->text);
    return true;
}

static bool read_same(struct reading *r)
{
    struct buf *b = &r->p->header;
    char what[300];
    uint32_t name_n, kept_n;

    if (r->metadata_done || !take_name(r, r->name, &name_n) || !take_name(r, r->text, &kept_n))
        return nonsense(r->s);
    if (r->any && strcmp(r->name, r->last) <= 0)
        return nonsense(r->s);
    r->any = true;
    memcpy(r->last, r->name, name_n + 1u);
    (void)snprintf(what, sizeof what, "shares its bytes with %.200s, which is written", r->text);
    tell(r, r->name, DTYPES, 0, false, what);
    if (strcmp(r->name, "format") == 0) /* the word is taken */
        return true;
    return (buf_putc(b, ',') && put_string(b, r->name, name_n) && buf_putc(b, ':') &&
            put_string(b, r->text, kept_n)) ||
           too_large(r->s);
}

static bool add_run(struct reading *r, bool in_file, uint64_t from, uint64_t bytes)
{
    struct plan *p = r->p;
    struct plan_run *last = p->runs_n ? &p->runs[p->runs_n - 1] : NULL;

    if (ADD_OVERFLOWS(p->bytes, bytes, &p->bytes) || p->bytes > INT64_MAX / 2)
        return nonsense(r->s);
    if (last && !in_file && !last->in_file) {
        last->bytes += bytes;
        return true;
    }
    if (p->runs_n == p->runs_size) {
        size_t size = p->runs_size ? p->runs_size * 2 : 64;
        struct plan_run *runs = reallocarray(p->runs, size, sizeof *runs);

        if (!runs)
            return nonsense(r->s);
        p->runs = runs;
        p->runs_size = size;
    }
    p->runs[p->runs_n++] = (struct plan_run){ .in_file = in_file, .from = from, .bytes = bytes };
    return true;
}

/* dtype x shape in bytes. */
static bool size_of(unsigned dtype, const uint64_t *shape, uint32_t dims, uint64_t *bytes)
{
    uint64_t size = dtype == DTYPE_F4 ? 1 : dtypes[dtype].bytes, half;

    *bytes = 1;
    for (uint32_t i = 0; i < dims; i++)
        if (MUL_OVERFLOWS(*bytes, shape[i], bytes))
            return false;
    if (MUL_OVERFLOWS(*bytes, size, bytes) || MUL_OVERFLOWS(*bytes, 8, &half))
        return false;
    if (dtype != DTYPE_F4)
        return true;
    *bytes /= 2; /* two numbers in a byte */
    return dims > 0 && shape[dims - 1] % 2 == 0;
}

/* In the order of safetensors: dtypes, and names in each. */
static bool in_order(struct reading *r, unsigned dtype, uint32_t name_n)
{
    bool ok = !r->any || dtype > r->last_dtype ||
              (dtype == r->last_dtype && strcmp(r->name, r->last) > 0);

    r->any = true;
    r->last_dtype = dtype;
    memcpy(r->last, r->name, name_n + 1u);
    return ok && strlen(r->name) == name_n && strcmp(r->name, "__metadata__") != 0;
}

static bool remember_name(struct reading *r, size_t at, size_t n)
{
    if (r->names_n == r->names_size) {
        size_t size = r->names_size ? r->names_size * 2 : 64;
        struct name *names = reallocarray(r->names, size, sizeof *names);

        if (!names)
            return false;
        r->names = names;
        r->names_size = size;
    }
    r->names[r->names_n++] = (struct name){ (uint32_t)at, (uint32_t)n };
    return true;
}

static bool put_tensor(struct reading *r, uint32_t name_n, unsigned dtype, const uint64_t *shape,
                       uint32_t dims, uint64_t bytes)
{
    struct buf *b = &r->p->header;
    uint64_t from = r->p->bytes;
    size_t at;
    bool ok;

    if (!buf_putc(b, ','))
        return too_large(r->s);
    at = b->n;
    if (!put_string(b, r->name, name_n) || !remember_name(r, at, b->n - at))
        return too_large(r->s);
    ok = buf_printf(b, ":{\"dtype\":\"%s\",\"shape\":[", dtypes[dtype].name);
    for (uint32_t i = 0; ok && i < dims; i++)
        ok = buf_printf(b, i ? ",%" PRIu64 : "%" PRIu64, shape[i]);
    ok = ok && buf_printf(b, "],\"data_offsets\":[%" PRIu64 ",%" PRIu64 "]}", from, from + bytes);
    return ok || too_large(r->s);
}

static bool read_tensor(struct reading *r)
{
    unsigned dtype, source, overlaps;
    uint64_t at, bytes, end, shape[CONVERT_DIMS_MAX];
    uint32_t dims, name_n;

    if (!r->metadata_done)
        r->any = false; /* another list begins */
    if (!close_metadata(r) || !take_byte(r->s, DTYPES - 1, &dtype) ||
        !take_byte(r->s, PLAN_IN_FILE, &source) || !take_byte(r->s, 1, &overlaps) ||
        !stream_take(r->s, &dims, sizeof dims) || !stream_take(r->s, &at, sizeof at) ||
        !take_name(r, r->name, &name_n))
        return false;
    if (dims > CONVERT_DIMS_MAX || !stream_take(r->s, shape, dims * sizeof *shape))
        return nonsense(r->s);
    if (!size_of(dtype, shape, dims, &bytes) || !in_order(r, dtype, name_n))
        return nonsense(r->s);
    if (source == PLAN_IN_FILE && (ADD_OVERFLOWS(at, bytes, &end) || end > r->file_bytes))
        return nonsense(r->s);
    if (!put_tensor(r, name_n, dtype, shape, dims, bytes))
        return false;
    r->p->tensors++;
    tell(r, r->name, dtype, bytes, false,
         overlaps ? "overlaps another tensor of the checkpoint: it becomes a copy" : "");
    return add_run(r, source == PLAN_IN_FILE, at, bytes);
}

/* ---- all of it ---- */

static int compare_names(const void *x, const void *y, void *header)
{
    const struct name *a = x, *b = y;
    const char *text = header;
    int d = memcmp(text + a->at, text + b->at, a->n < b->n ? a->n : b->n);

    return d ? d : (a->n > b->n) - (a->n < b->n);
}

/* Within a dtype they are in order; across dtypes one may be there twice. */
static bool names_differ(struct reading *r)
{
    char *header = r->p->header.p;

    if (r->names_n > 1)
        qsort_r(r->names, r->names_n, sizeof *r->names, compare_names, header);
    for (size_t i = 1; i < r->names_n; i++)
        if (compare_names(&r->names[i - 1], &r->names[i], header) == 0)
            return nonsense(r->s);
    return true;
}

static bool read_record(struct reading *r, bool *ended)
{
    unsigned kind;

    if (!take_byte(r->s, PLAN_END, &kind))
        return false;
    switch (kind) {
    case PLAN_ERROR:
        return read_error(r);
    case PLAN_NOTE:
        return read_note(r);
    case PLAN_SAME:
        return read_same(r);
    case PLAN_TENSOR:
        return read_tensor(r);
    case PLAN_END:
        *ended = true;
        return finish_header(r) && names_differ(r);
    default:
        return nonsense(r->s);
    }
}

enum pratique_status plan_read(struct plan *p, struct stream *s, uint64_t file_bytes,
                               pratique_conversion_fn *on_note, void *user)
{
    struct reading r = {
        .p = p, .s = s, .file_bytes = file_bytes, .on_note = on_note, .user = user
    };
    char *room = malloc(3 * (size_t)(CONVERT_NAME_MAX + 1));
    bool ended = false;

    *p = (struct plan){ 0 };
    r.name = room;
    r.text = room ? room + CONVERT_NAME_MAX + 1 : NULL;
    r.last = room ? r.text + CONVERT_NAME_MAX + 1 : NULL;
    if (!room || !start_header(&r))
        s->status = error_set(s->err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "out of memory");
    while (s->status == PRATIQUE_OK && !ended)
        if (!read_record(&r, &ended))
            (void)nonsense(s); /* where nothing better was said */
    free(room);
    free(r.names);
    return s->status;
}

void plan_free(struct plan *p)
{
    buf_free(&p->header);
    free(p->runs);
    *p = (struct plan){ 0 };
}
