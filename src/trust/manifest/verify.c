/*
 * Whether files are what their manifest says: docs/MANIFEST.md. First the signature, over the raw
 * bytes; then what the manifest says of itself; then the files. Everything that is wrong with the
 * files is told, not the first of it alone.
 */
#include "trust/manifest/verify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/status.h"

#define SIGNATURE_MAX ((size_t)1 << 20)
#define ARENA_MAX     ((size_t)8 << 30)
#define FUTURE_MAX    (24 * 60 * 60) /* seconds that a clock may be ahead of ours */

/* ---- facts ---- */

void verification_note(struct verification *v, enum fact_kind kind, const char *path,
                       const char *fmt, ...)
{
    char detail[FACT_DETAIL_MAX];
    struct fact f = { .kind = kind, .where = v->home, .offset = PRATIQUE_NO_OFFSET };
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(detail, sizeof detail, fmt, ap);
    va_end(ap);
    if (path)
        f.where = facts_where(&v->facts, NULL, span_text(path));
    f.detail = span_text(detail);
    f.subject = SPAN_EMPTY;
    if (f.where)
        facts_add(&v->facts, &f);
    v->facts.full |= !f.where;
    v->bad = true;
}

static enum pratique_status no_memory(struct verification *v)
{
    return error_set(v->err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while verifying %.150s",
                     v->path);
}

static enum pratique_status usage(struct verification *v, const char *why)
{
    return error_set(v->err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%.100s: %s", v->path, why);
}

/* ---- the manifest's bytes ---- */

static enum pratique_status read_manifest(struct verification *v)
{
    enum pratique_status st = whole_read(v->path, MANIFEST_BYTES_MAX, &v->bytes, v->err);

    if (st != PRATIQUE_E_LIMIT)
        return st;
    verification_note(v, FACT_MANIFEST_MALFORMED, NULL, "larger than %zu bytes",
                      MANIFEST_BYTES_MAX);
    return PRATIQUE_OK;
}

static struct span bytes_of(const struct verification *v)
{
    return span_of(v->bytes.p, v->bytes.n);
}

/* "FILE:line: what", as a fact; the line is in the error's offset. */
static void note_malformed(struct verification *v)
{
    const char *what = v->err->msg, *colon = strstr(what, ": ");
    struct fact f = { .kind = FACT_MANIFEST_MALFORMED,
                      .where = v->home,
                      .offset = PRATIQUE_NO_OFFSET,
                      .line = v->err->offset <= UINT32_MAX ? (uint32_t)v->err->offset : 0 };

    f.subject = SPAN_EMPTY;
    f.detail = span_text(colon ? colon + 2 : what);
    facts_add(&v->facts, &f);
    v->bad = true;
}

static enum pratique_status parse(struct verification *v)
{
    enum pratique_status st = manifest_parse(&v->manifest, v->path, bytes_of(v), v->err);

    if (st == PRATIQUE_E_FORMAT && v->err->offset != PRATIQUE_NO_OFFSET)
        note_malformed(v);
    else if (st == PRATIQUE_E_FORMAT || st == PRATIQUE_E_LIMIT) /* the reader died */
        verification_note(v, FACT_MANIFEST_UNREADABLE, NULL, "%s", v->err->msg);
    else
        return st;
    return PRATIQUE_OK;
}

/* ---- signatures ---- */

static void note_signature(struct verification *v, enum signature_fault fault, const char *name,
                           const char *why)
{
    signature_tell(&v->facts, v->home, fault, name, why, &v->who);
    v->bad |= fault != SIGNATURE_HOLDS;
}

/* The signature's bytes; *missing: there is no such file. */
static enum pratique_status read_signature(struct verification *v, const char *name,
                                           struct buf *out, enum signature_fault *fault,
                                           const char **why)
{
    enum pratique_status st = whole_read(name, SIGNATURE_MAX, out, v->err);

    *fault = SIGNATURE_HOLDS;
    if (st == PRATIQUE_E_LIMIT) {
        *fault = SIGNATURE_MALFORMED;
        *why = "it is larger than any signature";
        return PRATIQUE_OK;
    }
    if (st == PRATIQUE_E_IO && access(name, F_OK) != 0 && errno == ENOENT) {
        *fault = SIGNATURE_MISSING;
        *why = "there is no such file";
        return PRATIQUE_OK;
    }
    return st;
}

static enum pratique_status check_detached(struct verification *v, const struct keys *k)
{
    const char *name =
        v->options->signature ? v->options->signature : signature_beside(v->path, &v->arena);
    enum signature_fault fault = SIGNATURE_MISSING;
    const char *why = "there is no signature beside it, and none was named";
    enum pratique_status st = PRATIQUE_OK;
    struct buf bytes;

    if (!name) {
        note_signature(v, fault, v->path, why);
        return PRATIQUE_OK;
    }
    st = read_signature(v, name, &bytes, &fault, &why);
    if (st == PRATIQUE_OK && fault == SIGNATURE_HOLDS)
        st = signature_check(&fault, &why, &v->who, k, bytes_of(v), v->path,
                             span_of(bytes.p, bytes.n), name, &v->arena, v->err);
    if (st == PRATIQUE_OK)
        note_signature(v, fault, name, why);
    buf_free(&bytes);
    return st;
}

/* A bundle's signature holds its manifest: both are taken at once. */
static enum pratique_status check_bundle(struct verification *v, const struct keys *k)
{
    struct modelsign found = { .manifest = NULL };
    enum signature_fault fault = SIGNATURE_MALFORMED;
    const char *why = "";
    enum pratique_status st =
        modelsign_check(&found, &fault, &why, k, bytes_of(v), v->path, &v->arena, v->err);

    if (st != PRATIQUE_OK)
        return st;
    v->manifest = found.manifest;
    v->excused = found.excused;
    v->excused_n = found.excused_n;
    v->links = found.links;
    v->single = found.single;
    v->who = found.who;
    if (fault == SIGNATURE_HOLDS && !v->manifest)
        fault = SIGNATURE_MALFORMED, why = "it holds no manifest";
    note_signature(v, fault, v->path, why);
    return PRATIQUE_OK;
}

static enum pratique_status check_signature(struct verification *v)
{
    struct keys *k = NULL;
    enum pratique_status st = keys_load(&k, &v->options->trust, TRUST_MANIFEST, v->now, v->err);

    if (st == PRATIQUE_E_IO) /* of the keys: what was said on the command line is wrong */
        st = v->err->status = PRATIQUE_E_USAGE;
    if (st == PRATIQUE_OK)
        st = v->bundle ? check_bundle(v, k) : check_detached(v, k);
    v->keys = k;
    return st;
}

/* ---- its age ---- */

/* A bundle says nothing of when it was made. */
static bool has_time(const struct verification *v)
{
    return v->manifest->generated != 0 || !v->bundle;
}

static void check_time(struct verification *v)
{
    int64_t made = v->manifest->generated, least = v->options->not_before;
    char when[MANIFEST_TIME], now[MANIFEST_TIME], before[MANIFEST_TIME];

    manifest_time_write(made, when);
    manifest_time_write(v->now, now);
    manifest_time_write(least, before);
    if (made > v->now + FUTURE_MAX)
        verification_note(v, FACT_MANIFEST_FUTURE, NULL,
                          "it is of %s; here it is %s: see to the clock", when, now);
    if (least && made < least)
        verification_note(v, FACT_MANIFEST_TOO_OLD, NULL, "it is of %s, which is before %s", when,
                          before);
}

static bool record_entry_of(struct verification *v, struct record_entry *e)
{
    char *real = realpath(v->root_path, NULL);

    *e = (struct record_entry){ .root = real ? arena_copy(&v->arena, real, strlen(real)) : NULL,
                                .key = v->who.id ? v->who.id : "",
                                .generated = v->manifest->generated };
    free(real);
    return e->root && sha256_bytes(v->bytes.p, v->bytes.n, e->digest);
}

/* What the record says of it; keep: and writes it down. */
static enum pratique_status ask_record(struct verification *v, bool keep)
{
    char when[MANIFEST_TIME], last[MANIFEST_TIME];
    enum record_answer answer = RECORD_NEW;
    enum pratique_status st;
    struct record_entry e;
    int64_t before = 0;

    if (!v->options->record || !has_time(v))
        return PRATIQUE_OK;
    if (!record_entry_of(v, &e))
        return no_memory(v);
    st = record_check(v->options->record, &e, keep, &answer, &before, v->err);
    if (st == PRATIQUE_E_FORMAT || st == PRATIQUE_E_IO || st == PRATIQUE_E_LIMIT ||
        st == PRATIQUE_E_USAGE) {
        verification_note(v, FACT_MANIFEST_RECORD, NULL, "the record: %s", v->err->msg);
        return PRATIQUE_OK;
    }
    manifest_time_write(e.generated, when);
    manifest_time_write(before, last);
    if (st == PRATIQUE_OK && answer == RECORD_OLDER)
        verification_note(v, FACT_MANIFEST_ROLLBACK, NULL,
                          "it is of %s; the one accepted last is of %s (%s)", when, last,
                          v->options->record);
    if (st == PRATIQUE_OK && answer == RECORD_OTHER)
        verification_note(v, FACT_MANIFEST_REPLACED, NULL,
                          "it is of %s, and another one of that time was accepted (%s)", when,
                          v->options->record);
    return st;
}

/* ---- the steps ---- */

static enum pratique_status check_options(struct verification *v)
{
    const struct pratique_verify_options *o = v->options;
    bool keys = keys_any(&o->trust);
    const char *fault;
    char why[160];

    if (o->signature && !keys)
        return usage(v, "a signature says nothing without a key: name one with --key");
    if (o->record && !keys)
        return usage(v, "a record needs a key: without one anybody could fill it");
    for (size_t i = 0; i < o->ignores_n; i++)
        if ((fault = manifest_glob_fault(o->ignores[i]))) {
            (void)snprintf(why, sizeof why, "ignore '%.60s': %s", o->ignores[i], fault);
            return usage(v, why);
        }
    return PRATIQUE_OK;
}

static enum pratique_status open_root(struct verification *v)
{
    const char *slash = strrchr(v->path, '/');
    size_t n = slash ? (slash == v->path ? 1 : (size_t)(slash - v->path)) : 0;

    v->root_path = v->options->root;
    if (!v->root_path)
        v->root_path = n ? arena_copy(&v->arena, v->path, n) : ".";
    if (!v->root_path)
        return no_memory(v);
    v->root = tree_root(v->root_path);
    if (v->root != -1)
        return PRATIQUE_OK;
    return error_set(v->err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "the root %.150s: %s",
                     v->root_path, strerrordesc_np(errno));
}

static bool begin(struct verification *v)
{
    v->began_us = budget_now_us();
    v->now = v->options->now ? v->options->now : (int64_t)time(NULL);
    v->root = -1;
    v->who = (struct signer){ "", "", "", "", "", 0 };
    arena_init(&v->arena, ARENA_MAX);
    facts_init(&v->facts, &v->arena);
    buf_init(&v->bytes, MANIFEST_BYTES_MAX);
    v->home = facts_where(&v->facts, NULL, span_text(v->path));
    return v->home != NULL;
}

/* The signature, or that there is none. */
static enum pratique_status authenticate(struct verification *v)
{
    v->bundle = modelsign_looks_like(bytes_of(v));
    if (v->bundle && v->options->signature)
        return usage(v, "a Model Signing bundle holds its own signature: leave --signature out");
    if (keys_any(&v->options->trust))
        return check_signature(v);
    if (v->bundle)
        return usage(v, "a Model Signing bundle is verified with a key: name one with --key");
    verification_note(v, FACT_MANIFEST_UNSIGNED, NULL, "no key was given");
    v->bad = false; /* which is no fault */
    return PRATIQUE_OK;
}

enum pratique_status verification_open(struct verification *v)
{
    enum pratique_status st = begin(v) ? check_options(v) : no_memory(v);

    if (st == PRATIQUE_OK)
        st = open_root(v);
    if (st == PRATIQUE_OK)
        st = read_manifest(v);
    if (st == PRATIQUE_OK && !v->bad)
        st = authenticate(v);
    if (st == PRATIQUE_OK && !v->bad && !v->manifest)
        st = parse(v);
    if (st != PRATIQUE_OK || v->bad)
        return st;
    if (has_time(v))
        check_time(v);
    return v->bad ? PRATIQUE_OK : ask_record(v, false);
}

enum pratique_status verification_keep(struct verification *v)
{
    return v->bad ? PRATIQUE_OK : ask_record(v, true);
}

void verification_tell(struct verification *v, pratique_report_fn *on_report)
{
    size_t n = v->manifest ? v->manifest->n : 0;
    struct fact read = { .kind = FACT_READ,
                         .where = v->home,
                         .offset = PRATIQUE_NO_OFFSET,
                         .number = v->bytes.n,
                         .subject = SPAN_LITERAL("manifest"),
                         .detail = SPAN_EMPTY };
    char files[32];

    (void)snprintf(files, sizeof files, "%zu files", n);
    read.detail = span_text(files);
    facts_add(&v->facts, &read);
    answer(&v->facts, &v->arena, v->path, "manifest", "manifest", v->declared, v->read,
           budget_now_us() - v->began_us, on_report, v->user);
}

void verification_close(struct verification *v)
{
    size_t n = v->hashed && v->manifest ? v->manifest->n : 0;

    for (size_t i = 0; i < n; i++)
        if (v->hashed[i].kept != -1)
            (void)close(v->hashed[i].kept);
    if (v->root != -1)
        (void)close(v->root);
    free(v->hashed);
    pratique_manifest_free(v->manifest);
    keys_free(v->keys);
    facts_free(&v->facts);
    buf_free(&v->bytes);
    arena_reset(&v->arena);
}

enum pratique_status pratique_manifest_verify(const char *path,
                                              const struct pratique_verify_options *options,
                                              pratique_report_fn *on_report,
                                              pratique_progress_fn *on_progress, void *user,
                                              struct pratique_error *err)
{
    struct pratique_error ours = { 0 };
    struct verification v = { .path = path,
                              .options = options,
                              .on_progress = on_progress,
                              .user = user,
                              .err = err ? err : &ours };
    enum pratique_status st = verification_open(&v);

    if (st == PRATIQUE_OK && !v.bad)
        st = verification_files(&v, 0);
    if (st == PRATIQUE_OK)
        st = verification_keep(&v);
    if (st == PRATIQUE_OK)
        verification_tell(&v, on_report);
    verification_close(&v);
    return st;
}
