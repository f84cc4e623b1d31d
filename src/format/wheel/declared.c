/*
 * RECORD against the files: every file is listed once with a strong digest, every row has its file,
 * and each is what its row says, in whatever way it is read.
 * packaging.python.org: "Recording installed projects", "Binary distribution format".
 */
#include <stdio.h>

#include "base/digit.h"
#include "base/sha512.h"
#include "base/utf8.h"
#include "format/path.h"
#include "format/wheel/parts.h"

struct declared {
    struct scan *s;
    struct wheel *w;
    struct record record; /* sorted by path */
    struct span name;     /* of RECORD */
};

static struct wheel_at at_row(const struct declared *d, const struct record_row *row)
{
    return WHEEL_AT(d->name, row->line);
}

/* RECORD cannot hold its own digest, nor those of its signatures, which are made of it. */
static bool goes_unlisted(const struct wheel *w, struct span path)
{
    struct span last = span_from(path, w->info.n);

    return span_starts(path, w->info) &&
           (span_is(last, "RECORD") || span_is(last, "RECORD.jws") || span_is(last, "RECORD.p7s"));
}

/* ---- a row by itself ---- */

static void broken(struct declared *d, const struct record_row *row, const char *why)
{
    wheel_tell(d->s, FACT_WHL_RECORD_BROKEN, at_row(d, row), row->path, "%s", why);
}

static void weak(struct declared *d, const struct record_row *row, const char *why)
{
    wheel_tell(d->s, FACT_WHL_RECORD_WEAK, at_row(d, row), row->path, "%s", why);
}

/* The alphabet of RFC 4648, section 5, without padding. */
static bool is_plain_base64(struct span field)
{
    size_t eq = span_find(field, 0, SPAN_LITERAL("="));
    struct span digest = span_from(field, eq == SIZE_MAX ? field.n : eq + 1);

    for (size_t i = 0; i < digest.n; i++)
        if (digit_base64_url(digest.p[i]) < 0 || digest.p[i] == '+' || digest.p[i] == '/')
            return false;
    return true;
}

static bool is_number(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n <= 20;
}

static void check_hash(struct declared *d, const struct record_row *row)
{
    uint8_t digest[64];
    size_t n;

    switch (record_hash(row->hash, digest, &n)) {
    case HASH_NONE:
        weak(d, row, "it has no digest");
        return;
    case HASH_WEAK:
        weak(d, row, "its digest is one that can be forged");
        return;
    case HASH_UNKNOWN:
        wheel_tell(d->s, FACT_WHL_RECORD_BROKEN, at_row(d, row), row->path,
                   "its digest is none that is known: %s", wheel_show(d->s, row->hash));
        return;
    default:
        break;
    }
    if (!is_plain_base64(row->hash))
        broken(d, row, "its digest is padded, or is not of the alphabet for URLs");
}

static bool has_control(struct span path)
{
    for (size_t i = 0; i < path.n; i++)
        if (path.p[i] < ' ' || path.p[i] == 0x7f)
            return true;
    return false;
}

static void check_row(struct declared *d, const struct record_row *row)
{
    struct path_manner how = path_manner(row->path, true);

    if (row->fields != RECORD_FIELDS) {
        wheel_tell(d->s, FACT_WHL_RECORD_BROKEN, at_row(d, row), row->path,
                   "it has %u fields where three are due", row->fields);
        return;
    }
    if (how.absolute || how.dotdot)
        broken(d, row, "its path leads out of the wheel");
    if (has_control(row->path))
        broken(d, row, "its path has a control character in it");
    if (!is_number(row->size))
        broken(d, row, "its size is no number");
    if (!goes_unlisted(d->w, row->path))
        check_hash(d, row);
}

/* ---- a row and its file ---- */

/* The digest of a reading by the kind that a row has; NULL: there is none to compare. */
static const uint8_t *digest_as(const struct wheel_reading *r, enum record_hash kind)
{
    switch (kind) {
    case HASH_SHA256:
        return r->digest;
    case HASH_SHA384:
        return r->longer;
    case HASH_SHA512:
        return r->longer ? r->longer + SHA384_BYTES : NULL;
    default:
        return NULL;
    }
}

/* The first bytes are enough to tell two apart. */
static void show_digest(const uint8_t *digest, char out[33])
{
    for (size_t i = 0; i < 16; i++)
        (void)snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

static bool reading_fits(struct declared *d, const struct record_row *row,
                         const struct wheel_reading *r)
{
    uint8_t want[64];
    char is[33], due[33];
    size_t n;
    enum record_hash kind = record_hash(row->hash, want, &n);
    const uint8_t *have = digest_as(r, kind);

    if (!record_size_is(row->size, r->size)) {
        wheel_tell(d->s, FACT_WHL_RECORD_HASH, at_row(d, row), row->path,
                   "it has %llu bytes, RECORD says %s", (unsigned long long)r->size,
                   wheel_show(d->s, row->size));
        return false;
    }
    if (!have && kind >= HASH_SHA256) {
        weak(d, row, "its digest was not compared: RECORD could not be read ahead");
        return false;
    }
    if (!have || memcmp(want, have, n) == 0)
        return true;
    show_digest(have, is);
    show_digest(want, due);
    wheel_tell(d->s, FACT_WHL_RECORD_HASH, at_row(d, row), row->path,
               "its digest is %s..., RECORD says %s... (hex)", is, due);
    return false;
}

/* Each way in which it can be read; of one that is empty nothing went by. */
static void check_file(struct declared *d, const struct record_row *row, const struct wheel_file *f)
{
    uint8_t longer[SHA384_BYTES + SHA512_BYTES];
    struct wheel_reading empty = { .size = 0, .longer = longer };
    const struct wheel_reading *r = f->reading;

    if (goes_unlisted(d->w, f->name))
        return;
    if (!r && f->size == 0) {
        if (!sha256_bytes(NULL, 0, empty.digest))
            d->w->lost = true;
        sha384_bytes(NULL, 0, longer);
        sha512_bytes(NULL, 0, longer + SHA384_BYTES);
        r = &empty;
    }
    if (!r && !record_size_is(row->size, f->size))
        wheel_tell(d->s, FACT_WHL_RECORD_HASH, at_row(d, row), row->path,
                   "it has %llu bytes, RECORD says %s", (unsigned long long)f->size,
                   wheel_show(d->s, row->size));
    while (r && reading_fits(d, row, r))
        r = r->next;
}

static void undeclared(struct declared *d, const struct wheel_file *f)
{
    if (!goes_unlisted(d->w, f->name))
        wheel_tell(d->s, FACT_WHL_UNDECLARED, WHEEL_AT(f->name, 0), f->name,
                   "RECORD does not list it");
}

static void absent(struct declared *d, const struct record_row *row)
{
    if (!goes_unlisted(d->w, row->path))
        wheel_tell(d->s, FACT_WHL_RECORD_ABSENT, at_row(d, row), row->path,
                   "there is no such file");
}

/* Members of one name are one file: what each of them holds is a reading of it. */
static size_t next_file(const struct wheel *w, size_t file)
{
    struct span name = w->files[file++].name;

    while (file < w->n && span_equal(w->files[file].name, name))
        file++;
    return file;
}

static int row_order(const struct declared *d, size_t row, size_t file)
{
    if (row == d->record.n)
        return 1;
    return file == d->w->n ? -1 : span_order(d->record.rows[row].path, d->w->files[file].name);
}

/* Both lists in step, as both are sorted; every row of a file is held against it. */
static void join(struct declared *d)
{
    size_t row = 0, file = 0;

    while (row < d->record.n || file < d->w->n) {
        int c = row_order(d, row, file);

        if (c < 0) {
            absent(d, &d->record.rows[row++]);
        } else if (c > 0) {
            undeclared(d, &d->w->files[file]);
            file = next_file(d->w, file);
        } else {
            while (row_order(d, row, file) == 0)
                check_file(d, &d->record.rows[row++], &d->w->files[file]);
            file = next_file(d->w, file);
        }
    }
}

static void check_rows(struct declared *d)
{
    const struct record *r = &d->record;

    for (size_t i = 0; i < r->n; i++) {
        check_row(d, &r->rows[i]);
        if (i > 0 && span_equal(r->rows[i].path, r->rows[i - 1].path))
            broken(d, &r->rows[i], "it is listed twice");
    }
}

/* ---- RECORD ---- */

static void check_text(struct declared *d, const struct wheel_text *t)
{
    struct wheel_at at = WHEEL_AT(d->name, 0);

    if (t->twice)
        wheel_tell(d->s, FACT_WHL_RECORD_BROKEN, at, d->name, "%s",
                   "it can be read in several ways, which differ");
    if (t->cut)
        wheel_tell(d->s, FACT_WHL_RECORD_BROKEN, at, d->name, "%s", "it is longer than is read");
    if (!utf8_valid(t->bytes.p, t->bytes.n))
        wheel_tell(d->s, FACT_WHL_RECORD_BROKEN, at, d->name, "%s", "it is not UTF-8");
    if (t->bytes.n > 0 && memchr(t->bytes.p, 0, t->bytes.n))
        wheel_tell(d->s, FACT_WHL_RECORD_BROKEN, at, d->name, "%s", "it has a NUL in it");
}

static const struct wheel_text *find_record(struct scan *s, struct wheel *w)
{
    const struct wheel_file *f = w->info.n ? wheel_find_in(w, w->info, "RECORD") : NULL;
    const struct wheel_text *t = f ? wheel_text_of(w, f) : NULL;

    if (!f)
        wheel_tell(s, FACT_WHL_RECORD_MISSING, WHEEL_AT_ALL, w->info, "%s",
                   w->info.n ? "its .dist-info folder has none" : "there is no .dist-info folder");
    else if (!t)
        wheel_tell(s, FACT_WHL_RECORD_BROKEN, WHEEL_AT(f->name, 0), f->name, "%s",
                   f->size ? "it cannot be read" : "it is empty");
    return t;
}

void wheel_check_record(struct scan *s)
{
    struct declared d = { .s = s, .w = s->package->wheel };
    const struct wheel_text *t = find_record(s, d.w);

    if (!t)
        return;
    d.name = t->file->name;
    check_text(&d, t);
    if (!record_parse(&d.record, &s->package->arena, t->bytes)) {
        d.w->lost = true;
        return;
    }
    record_sort(&d.record);
    check_rows(&d);
    join(&d);
}
