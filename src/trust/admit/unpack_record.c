/*
 * A wheel's RECORD, held against what is in it: every file is listed once with a strong hash, and
 * is what the hash says. packaging.python.org: "Binary distribution format", "Recording installed
 * projects".
 */
#include <openssl/evp.h>
#include <stdlib.h>
#include <strings.h>

#include "format/wheel/record.h"
#include "trust/admit/unpack.h"
#include "watch/wheel.h"

/* A whole file whose hash waits for others: two at once are faster than one by one. */
struct waiting {
    const struct unpack_entry *e; /* NULL: none waits */
    const uint8_t *first;
    struct span rest; /* not hashed yet */
    struct sha256 hash;
};

struct unpack_record {
    struct record rows; /* sorted by path */
    bool *seen;         /* of each row: its file is there */
    struct span folder; /* "NAME-VERSION.dist-info/" */
    /* Of the file that is read: */
    enum record_hash kind;
    struct sha256 sha256;
    EVP_MD_CTX *evp;      /* for the other hashes */
    bool failed, started; /* sha256 is in use */
    struct waiting waiting;
};

bool unpack_is_wheel(const char *name)
{
    size_t n = strlen(name);

    return n >= 4 && strcasecmp(name + n - 4, ".whl") == 0; /* that of capitals is refused */
}

void unpack_record_new(struct unpack *u)
{
    u->record = calloc(1, sizeof *u->record);
    if (!u->record)
        unpack_no_memory(u);
}

void unpack_record_warm(void)
{
    const EVP_MD *const kinds[] = { EVP_sha384(), EVP_sha512() };
    uint8_t digest[64];

    sha256_warm();
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        (void)EVP_Digest("", 0, digest, NULL, kinds[i], NULL);
}

void unpack_record_free(struct unpack *u)
{
    if (!u->record)
        return;
    if (u->record->started)
        sha256_drop(&u->record->sha256);
    if (u->record->waiting.e)
        sha256_drop(&u->record->waiting.hash);
    EVP_MD_CTX_free(u->record->evp);
    free(u->record);
    u->record = NULL;
}

/* ---- the lists ---- */

/* RECORD cannot hold its own hash, nor those of its signatures, which are made of it. */
static bool goes_unlisted(const struct unpack_record *r, struct span path)
{
    struct span last = span_from(path, r->folder.n);

    return span_starts(path, r->folder) &&
           (span_is(last, "RECORD") || span_is(last, "RECORD.jws") || span_is(last, "RECORD.p7s"));
}

/* Whether a row proves what its file is. */
static void judge_row(struct unpack *u, const struct record_row *row)
{
    uint8_t digest[64];
    size_t n;
    const char *why = NULL;

    if (row->fields != RECORD_FIELDS) {
        unpack_tell(u, FACT_UNPACK_RECORD_BROKEN, PRATIQUE_NO_OFFSET, row->path,
                    "it has %u fields where three are due", row->fields);
        return;
    }
    if (goes_unlisted(u->record, row->path))
        return;
    switch (record_hash(row->hash, digest, &n)) {
    case HASH_NONE:
        why = "it has no hash";
        break;
    case HASH_WEAK:
        why = "its hash is one that can be forged";
        break;
    case HASH_UNKNOWN:
        why = "its hash is none that is known";
        break;
    default:
        break;
    }
    if (why)
        unpack_tell(u, FACT_UNPACK_RECORD_BROKEN, PRATIQUE_NO_OFFSET, row->path, "%s", why);
}

static void judge_rows(struct unpack *u)
{
    const struct record *rows = &u->record->rows;

    for (size_t i = 0; i < rows->n && !u->stopped; i++) {
        const struct record_row *row = &rows->rows[i];

        if (i > 0 && span_equal(row->path, rows->rows[i - 1].path))
            unpack_tell(u, FACT_UNPACK_RECORD_BROKEN, PRATIQUE_NO_OFFSET, row->path,
                        "it is listed twice");
        else if (!u->record->seen[i] && !goes_unlisted(u->record, row->path))
            unpack_tell(u, FACT_UNPACK_RECORD_MISSING, PRATIQUE_NO_OFFSET, row->path,
                        "RECORD lists it");
        else
            judge_row(u, row);
    }
}

/* Each file's row. */
static void find_rows(struct unpack *u)
{
    struct unpack_record *r = u->record;

    for (size_t i = 0; i < u->n && !u->stopped; i++) {
        struct unpack_entry *e = &u->entries[i];
        const struct record_row *row = record_find(&r->rows, e->path);

        if (e->type != UNPACK_FILE)
            continue;
        if (row) {
            r->seen[row - r->rows.rows] = true;
            e->row = (uint32_t)(row - r->rows.rows) + 1;
        } else if (!goes_unlisted(r, e->path)) {
            unpack_tell(u, FACT_UNPACK_RECORD_UNDECLARED, e->offset, e->name,
                        "RECORD does not list it");
        }
    }
}

/* ---- tags ---- */

static bool has_word(struct span list, struct span word)
{
    while (list.n > 0) {
        size_t dot = span_find(list, 0, SPAN_LITERAL("."));
        struct span one;

        (void)take(&list, dot == SIZE_MAX ? list.n : dot, &one);
        (void)skip(&list, 1);
        if (span_equal(one, word))
            return true;
    }
    return false;
}

/* Whether "cp311-abi3-linux_x86_64" is among those of the file's name. */
static bool name_has_tag(const struct wheel_name *n, struct span tag)
{
    size_t first = span_find(tag, 0, SPAN_LITERAL("-"));
    size_t second = first == SIZE_MAX ? first : span_find(tag, first + 1, SPAN_LITERAL("-"));

    return second != SIZE_MAX && has_word(n->pythons, span_of(tag.p, first)) &&
           has_word(n->abis, span_of(tag.p + first + 1, second - first - 1)) &&
           has_word(n->platforms, span_from(tag, second + 1));
}

static struct span strip(struct span s)
{
    while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
        (void)skip(&s, 1);
    while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\r' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

/* The next "Tag:" of WHEEL. */
static bool take_tag(struct span *text, struct span *tag)
{
    struct span line;

    while (text->n > 0) {
        if (!take_line(text, &line)) {
            line = *text;
            *text = SPAN_EMPTY;
        }
        if (span_starts(line, SPAN_LITERAL("Tag:"))) {
            *tag = strip(span_from(line, 4));
            return true;
        }
    }
    return false;
}

static size_t count_words(struct span list)
{
    size_t n = 1;

    for (size_t i = 0; i < list.n; i++)
        n += list.p[i] == '.';
    return n;
}

/* The tags inside are those of the name, no more and no fewer: not all builders see to that. */
static void judge_tags(struct unpack *u, struct span text)
{
    const char *slash = strrchr(u->name, '/');
    struct wheel_name n;
    struct span tag, shown;
    size_t tags = 0;

    if (!wheel_name_parse(span_text(slash ? slash + 1 : u->name), &n))
        return;
    while (take_tag(&text, &tag)) {
        tags++;
        if (name_has_tag(&n, tag))
            continue;
        shown = fact_printable(&u->arena, tag, 100);
        unpack_tell(u, FACT_UNPACK_WHEEL_TAGS, PRATIQUE_NO_OFFSET, SPAN_EMPTY,
                    "it is for %.*s by its WHEEL file", (int)shown.n, (const char *)shown.p);
        return;
    }
    if (tags != count_words(n.pythons) * count_words(n.abis) * count_words(n.platforms))
        unpack_tell(u, FACT_UNPACK_WHEEL_TAGS, PRATIQUE_NO_OFFSET, SPAN_EMPTY,
                    "its WHEEL file lists %zu tags, its name others", tags);
}

static void read_wheel_file(struct unpack *u)
{
    const struct unpack_entry *e = unpack_find_file(u, u->record->folder, "WHEEL");
    struct span text;

    if (e && unpack_zip_small(u, e, &text))
        judge_tags(u, text);
}

void unpack_record_read(struct unpack *u)
{
    struct unpack_record *r = u->record;
    const struct unpack_entry *e;
    struct span text;

    if (!unpack_find_info(u, &r->folder))
        return;
    e = unpack_find_file(u, r->folder, "RECORD");
    if (!e) {
        unpack_tell(u, FACT_UNPACK_RECORD_NONE, PRATIQUE_NO_OFFSET, SPAN_EMPTY,
                    "its .dist-info folder has no RECORD");
        return;
    }
    if (!unpack_zip_small(u, e, &text))
        return;
    r->seen = record_parse(&r->rows, &u->arena, text)
                  ? arena_array(&u->arena, r->rows.n + 1, sizeof *r->seen)
                  : NULL;
    if (!r->seen) {
        unpack_no_memory(u);
        return;
    }
    record_sort(&r->rows);
    find_rows(u);
    judge_rows(u);
    if (!u->stopped)
        unpack_wheel_judge(u, r->folder);
    if (!u->stopped)
        read_wheel_file(u);
}

/* ---- one file's content ---- */

static const struct record_row *row_of(const struct unpack *u, const struct unpack_entry *e)
{
    return e->row ? &u->record->rows.rows[e->row - 1] : NULL;
}

void unpack_record_begin(struct unpack *u, const struct unpack_entry *e)
{
    struct unpack_record *r = u->record;
    const struct record_row *row = row_of(u, e);
    uint8_t digest[64];
    size_t n;

    (void)unpack_record_settle(u); /* its bytes do not stay for long now */
    r->kind = row ? record_hash(row->hash, digest, &n) : HASH_NONE;
    r->failed = false;
    if (r->started)
        sha256_drop(&r->sha256);
    r->started = r->kind == HASH_SHA256;
    if (r->started)
        sha256_init(&r->sha256);
    if (r->kind == HASH_SHA384 || r->kind == HASH_SHA512) {
        if (!r->evp)
            r->evp = EVP_MD_CTX_new();
        r->failed = !r->evp ||
                    EVP_DigestInit_ex(r->evp, r->kind == HASH_SHA384 ? EVP_sha384() : EVP_sha512(),
                                      NULL) != 1;
    }
}

void unpack_record_update(struct unpack *u, struct span bytes)
{
    struct unpack_record *r = u->record;

    if (r->kind == HASH_SHA256)
        sha256_update(&r->sha256, bytes.p, bytes.n);
    else if (r->kind == HASH_SHA384 || r->kind == HASH_SHA512)
        r->failed |= EVP_DigestUpdate(r->evp, bytes.p, bytes.n) != 1;
}

/* The digest of what was read; false without memory. */
static bool digest_of(struct unpack_record *r, uint8_t digest[64])
{
    if (r->kind == HASH_SHA256) {
        r->started = false;
        return sha256_final(&r->sha256, digest);
    }
    return !r->failed && EVP_DigestFinal_ex(r->evp, digest, NULL) == 1;
}

/* Holds a file's size and digest against its row; false with a fact. */
static bool judge_file(struct unpack *u, const struct unpack_entry *e, const uint8_t *have)
{
    const struct record_row *row = row_of(u, e);
    uint8_t want[64];
    size_t n = 0;

    if (!record_size_is(row->size, e->size))
        unpack_tell(u, FACT_UNPACK_RECORD_DIFFERS, e->offset, e->name,
                    "it has %llu bytes, and RECORD says otherwise", (unsigned long long)e->size);
    if (record_hash(row->hash, want, &n) >= HASH_SHA256 && memcmp(want, have, n) != 0)
        unpack_tell(u, FACT_UNPACK_RECORD_DIFFERS, e->offset, e->name,
                    "its hash is not the one of RECORD");
    return u->faults == 0 && !u->stopped;
}

bool unpack_record_end(struct unpack *u, const struct unpack_entry *e)
{
    uint8_t have[64] = { 0 };

    if (!row_of(u, e))
        return true;
    if (u->record->kind >= HASH_SHA256 && !digest_of(u->record, have)) {
        unpack_no_memory(u);
        return false;
    }
    return judge_file(u, e, have);
}

/* Hashes n more bytes of the file that waits, and n_new of w. */
static void go_on(struct waiting *old, size_t n, struct waiting *w, size_t n_new)
{
    sha256_update_two(&old->hash, old->rest.p, n, &w->hash, w->rest.p, n_new);
    (void)skip(&old->rest, n);
    (void)skip(&w->rest, n_new);
}

/* Hashes what is left of a file, and judges it. */
static bool end_waiting(struct unpack *u, struct waiting *w)
{
    const struct unpack_entry *e = w->e;
    uint8_t have[SHA256_BYTES];

    w->e = NULL;
    sha256_update(&w->hash, w->rest.p, w->rest.n);
    if (!sha256_final(&w->hash, have)) {
        unpack_no_memory(u);
        return false;
    }
    return judge_file(u, e, have);
}

bool unpack_record_settle(struct unpack *u)
{
    return !u->record->waiting.e || end_waiting(u, &u->record->waiting);
}

const uint8_t *unpack_record_waits(const struct unpack *u)
{
    return u->record && u->record->waiting.e ? u->record->waiting.first : NULL;
}

/* The shorter one ends, the other waits on. */
static bool pair(struct unpack *u, struct waiting *old, struct waiting *w)
{
    size_t most = w->rest.n + SHA256_BLOCK; /* so that empty files do not make it wait for ever */
    bool ok;

    if (old->rest.n > most) {
        go_on(old, most, w, w->rest.n);
        return end_waiting(u, w);
    }
    go_on(old, old->rest.n, w, old->rest.n < w->rest.n ? old->rest.n : w->rest.n);
    ok = end_waiting(u, old);
    *old = *w;
    return ok;
}

bool unpack_record_whole(struct unpack *u, const struct unpack_entry *e, struct span bytes)
{
    struct unpack_record *r = u->record;
    struct waiting w = { .e = e, .first = bytes.p, .rest = bytes };
    uint8_t digest[64];
    size_t n;

    if (!row_of(u, e) || record_hash(row_of(u, e)->hash, digest, &n) != HASH_SHA256) {
        unpack_record_begin(u, e);
        unpack_record_update(u, bytes);
        return unpack_record_end(u, e);
    }
    sha256_init(&w.hash);
    if (r->waiting.e)
        return pair(u, &r->waiting, &w);
    r->waiting = w;
    return true;
}
