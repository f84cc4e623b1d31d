/*
 * pratique_admit(): all or nothing. The artifact is read once, into a copy that nobody else has
 * (admit_copy.c); whoever vouches for it, the scan, the watch and the unpacking see that copy; and
 * what came of it takes its place in one step (admit_staging.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/status.h"
#include "input/map.h"
#include "scan/gate.h"
#include "scan/report.h"
#include "scan/watching.h"
#include "trust/admit/unpack.h"
#include "trust/trust.h"

#define ARENA_MAX   ((size_t)1024 * 1024 * 1024)
#define VOUCHED_MAX ((size_t)4 * 1024 * 1024) /* of a signature's file, or an attestation's */
#define FILE_MODE   0644
#define POLICY_NAME "admit"

/* One call. */
struct admission {
    struct pratique_gate *gate;
    const char *artifact;
    const struct pratique_admit_options *options;
    pratique_report_fn *on_report;
    void *user;
    struct staging staging;
    struct copy copy;
    bool good;    /* of the step at hand, by its report */
    bool archive; /* to be unpacked, by what the scan calls it */
    bool scanned; /* the scan's own report came */
    struct pratique_error *err;
};

static enum pratique_status no_memory(struct admission *a)
{
    return error_set(a->err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while admitting %s",
                     a->artifact);
}

/* A step of our own: its facts are judged and reported. */
struct stage {
    struct arena arena;
    struct facts facts;
    uint64_t began_us;
};

static void stage_begin(struct stage *s)
{
    arena_init(&s->arena, ARENA_MAX);
    facts_init(&s->facts, &s->arena);
    s->began_us = budget_now_us();
}

static void on_own_report(void *user, const struct pratique_report *r)
{
    struct admission *a = user;

    a->good = pratique_report_verdict(r) == PRATIQUE_ADMIT;
    a->on_report(a->user, r);
}

static void stage_report(struct admission *a, struct stage *s, const char *format)
{
    a->good = false;
    answer(&s->facts, &s->arena, a->artifact, format, POLICY_NAME, a->copy.size, a->copy.size,
           budget_now_us() - s->began_us, on_own_report, a);
}

static void stage_end(struct stage *s)
{
    facts_free(&s->facts);
    arena_reset(&s->arena);
}

/* What was done to its end, and what came of it. */
static const struct where *tell_done(struct stage *s, const char *artifact, const char *format,
                                     uint64_t bytes, const char *what)
{
    struct fact f = { .kind = FACT_READ,
                      .where = facts_where(&s->facts, NULL, span_text(artifact)),
                      .offset = PRATIQUE_NO_OFFSET,
                      .number = bytes,
                      .subject = span_text(format),
                      .detail = span_text(what) };

    facts_add(&s->facts, &f);
    s->facts.full |= !f.where;
    return f.where;
}

/* ---- who vouches for it ---- */

static enum pratique_status check_signature(struct admission *a, struct stage *s,
                                            const struct keys *keys, const char *name)
{
    enum signature_fault fault = SIGNATURE_MISSING;
    const char *why = "there is no signature beside it";
    struct signer who = { .kind = "", .key = "", .id = "", .who = "", .comment = "" };
    enum pratique_status st = PRATIQUE_OK;
    const struct where *where;
    struct buf signature;
    struct map map;

    buf_init(&signature, VOUCHED_MAX);
    if (name)
        st = whole_read(name, VOUCHED_MAX, &signature, a->err);
    if (st == PRATIQUE_OK && name) {
        st = map_open(&map, a->copy.fd, a->copy.size);
        if (st != PRATIQUE_OK)
            (void)error_set(a->err, st, PRATIQUE_NO_OFFSET, "the copy of %s cannot be read",
                            a->artifact);
    }
    if (st == PRATIQUE_OK && name) {
        st = signature_check(&fault, &why, &who, keys, map.bytes, a->artifact,
                             span_of(signature.p, signature.n), name, &s->arena, a->err);
        map_close(&map);
    }
    if (st == PRATIQUE_OK) {
        where = tell_done(s, a->artifact, "signature", signature.n, "");
        signature_tell(&s->facts, where, fault, name ? name : a->artifact, why, &who);
    }
    buf_free(&signature);
    return st;
}

static enum pratique_status step_signature(struct admission *a)
{
    const struct pratique_admit_options *o = a->options;
    struct keys *keys = NULL;
    struct stage s;
    enum pratique_status st;

    stage_begin(&s);
    st = keys_load(&keys, &o->trust, TRUST_ARTIFACT, time(NULL), a->err);
    if (st == PRATIQUE_OK)
        st = check_signature(a, &s, keys,
                             o->signature ? o->signature : signature_beside(a->artifact, &s.arena));
    if (st == PRATIQUE_OK)
        stage_report(a, &s, "signature");
    keys_free(keys);
    stage_end(&s);
    return st;
}

static enum pratique_status check_attestation(struct admission *a, struct stage *s,
                                              const struct keys *keys, const char *name)
{
    enum signature_fault fault = SIGNATURE_MISSING;
    const char *why = "there is no attestation beside it";
    struct signer who = { .kind = "", .key = "", .id = "", .who = "", .comment = "" };
    const struct where *where;
    enum pratique_status st = PRATIQUE_OK;
    bool there = a->options->attestation || access(name, F_OK) == 0;
    struct buf bytes;

    buf_init(&bytes, VOUCHED_MAX);
    if (there)
        st = whole_read(name, VOUCHED_MAX, &bytes, a->err);
    if (st == PRATIQUE_OK && there)
        st = attestation_check(&fault, &why, &who, keys, span_of(bytes.p, bytes.n), a->copy.digest,
                               &s->arena, a->err);
    if (st == PRATIQUE_OK) {
        where = tell_done(s, a->artifact, "attestation", bytes.n, "");
        signature_tell(&s->facts, where, fault, name, why, &who);
    }
    buf_free(&bytes);
    return st;
}

static enum pratique_status step_attestation(struct admission *a)
{
    const struct pratique_admit_options *o = a->options;
    struct keys *keys = NULL;
    const char *name;
    struct stage s;
    enum pratique_status st;

    stage_begin(&s);
    name = o->attestation ? o->attestation : arena_printf(&s.arena, "%s.vsa.json", a->artifact);
    st = name ? keys_load(&keys, &o->attestors, TRUST_ATTESTATION, time(NULL), a->err)
              : no_memory(a);
    if (st == PRATIQUE_OK)
        st = check_attestation(a, &s, keys, name);
    if (st == PRATIQUE_OK)
        stage_report(a, &s, "attestation");
    keys_free(keys);
    stage_end(&s);
    return st;
}

/* ---- scan and watch ---- */

/* Whether a format is the name, or the name and more about it: "zip", "zip (wheel)". */
static bool is_called(const char *format, const char *name)
{
    size_t n = strlen(name);

    return strncmp(format, name, n) == 0 && (format[n] == '\0' || format[n] == ' ');
}

/* A compressed tar: its second component is what the stream holds. */
static bool holds_tar(const struct pratique_report *r)
{
    static const char *const streams[] = { "gzip", "bzip2", "xz", "zstd" };
    const struct pratique_component *c = pratique_report_component(r, 1);

    for (size_t i = 0; i < ARRAY_LEN(streams); i++)
        if (is_called(pratique_report_format(r), streams[i]))
            return c && is_called(c->format, "tar");
    return false;
}

/* What is a model, or a program's own format, is used as it is, though it is a zip inside. */
static bool is_used_whole(const char *format)
{
    static const char *const kinds[] = { "(apk)", "(jar)", "(office)" };

    if (policy_for_format(format) & POLICY_BIT(MODEL))
        return true;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (strstr(format, kinds[i]))
            return true;
    return false;
}

/* Whether a name promises an archive that is to be unpacked. */
static bool is_named_archive(const char *name)
{
    static const char *const ends[] = { ".zip",     ".tar",    ".tgz",    ".tbz2",
                                        ".txz",     ".tzst",   ".egg",    ".tar.gz",
                                        ".tar.bz2", ".tar.xz", ".tar.zst" };
    size_t n = strlen(name);

    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        if (n > strlen(ends[i]) && strcasecmp(name + n - strlen(ends[i]), ends[i]) == 0)
            return true;
    return false;
}

/* By what the scan calls it. A wheel is one whatever else it is; what is called an archive and
 * is none is unpacked as well, for the reasons why it cannot be. */
static bool is_archive(const struct pratique_report *r, const char *name)
{
    const char *format = pratique_report_format(r);

    if (unpack_is_wheel(name))
        return true;
    if (is_used_whole(format))
        return false;
    if (is_named_archive(name))
        return true;
    return is_called(format, "zip") || is_called(format, "tar") || holds_tar(r);
}

static void on_scanned(void *user, const struct pratique_report *r)
{
    struct admission *a = user;

    if (!a->scanned) { /* what follows is about the policy file */
        a->good = pratique_report_verdict(r) == PRATIQUE_ADMIT;
        a->archive = is_archive(r, a->copy.name);
    }
    a->scanned = true;
    a->on_report(a->user, r);
}

static enum pratique_status step_scan(struct admission *a)
{
    int fd = openat(a->staging.artifact, a->copy.name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    a->good = false;
    if (fd == -1)
        return error_set(a->err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "the copy of %s: %s",
                         a->artifact, strerrordesc_np(errno));
    return gate_scan_fd(a->gate, a->artifact, fd, on_scanned, a, a->err);
}

/* By its own name, which says what it is, in the folder that is open: whatever becomes of the
 * folders above it meanwhile, it is the copy that is watched. */
static enum pratique_status step_watch(struct admission *a)
{
    static const struct pratique_watch_options usual = { .python = NULL };
    char *path = NULL;
    enum pratique_status st;

    if (asprintf(&path, "/proc/self/fd/%d/%s", a->staging.artifact, a->copy.name) < 0)
        return no_memory(a);
    a->good = false;
    st = watch_wheel_as(path, a->artifact, a->options->watch ? a->options->watch : &usual,
                        on_own_report, a, a->err);
    free(path);
    return st;
}

/* Asked for, or a policy in force. Only wheels can be watched. */
static bool is_to_be_watched(const struct admission *a)
{
    bool demanded = gate_law(a->gate)->policy.in_force & POLICY_BIT(WATCH);

    return a->options->watch || (demanded && unpack_is_wheel(a->copy.name));
}

/* ---- files ---- */

/* The copy gets the mode that a new file would have here, whatever the umask is. */
static bool move_copy(const struct staging *g, const char *name)
{
    int fd = openat(g->tree, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    struct stat st;
    bool ok = fd != -1 && fstat(fd, &st) == 0 &&
              fchmodat(g->artifact, name, st.st_mode & 0777, 0) == 0 &&
              renameat(g->artifact, name, g->tree, name) == 0 && syncfs(g->tree) == 0;

    if (fd != -1)
        (void)close(fd);
    return ok;
}

/* The copy itself, under its own name. */
static enum pratique_status put_whole(struct admission *a, struct stage *s, uint64_t *bytes)
{
    const char *what;

    if (!move_copy(&a->staging, a->copy.name))
        return error_set(a->err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "%s cannot be put in place: %s",
                         a->copy.name, strerrordesc_np(errno));
    *bytes = a->copy.size;
    what = arena_printf(&s->arena, "as it is, in %s", a->options->to);
    (void)tell_done(s, a->artifact, "placed", a->copy.size, what ? what : "");
    return PRATIQUE_OK;
}

/* A child that died or took too long is something to report: the archive may have done that. */
static enum pratique_status tell_ended(struct admission *a, struct stage *s,
                                       enum pratique_status st)
{
    struct fact f = { .kind = st == PRATIQUE_E_LIMIT ? FACT_WORKER_STALLED : FACT_WORKER_DIED,
                      .where = facts_where(&s->facts, NULL, span_text(a->artifact)),
                      .offset = PRATIQUE_NO_OFFSET,
                      .subject = SPAN_EMPTY,
                      .detail = a->err ? span_text(a->err->msg) : SPAN_EMPTY };

    if (st != PRATIQUE_E_LIMIT && st != PRATIQUE_E_FORMAT)
        return st;
    facts_add(&s->facts, &f);
    return PRATIQUE_OK;
}

static enum pratique_status unpack_into(struct admission *a, struct stage *s, uint64_t *bytes)
{
    const struct pratique_limits *gate = gate_limits(a->gate);
    struct unpack_limits limits = { .files = gate->members,
                                    .bytes = gate->output_bytes,
                                    .ratio = gate->ratio,
                                    .memory_bytes = gate->memory_bytes,
                                    .time_ms = gate->time_ms,
                                    .weak_ok = gate_weak_ok(a->gate) };
    struct unpacked done;
    char *what;
    enum pratique_status st;

    (void)unlinkat(a->staging.artifact, a->copy.name, 0); /* its descriptor is enough from here */
    st = unpack_run(&done, a->copy.fd, a->copy.size, a->artifact, a->staging.tree, &limits,
                    &s->facts, a->err);
    st = tell_ended(a, s, st);
    if (st != PRATIQUE_OK || !unpack_admits(&s->facts))
        return st;
    what = arena_printf(&s->arena, "%llu file%s to %s", (unsigned long long)done.files,
                        done.files == 1 ? "" : "s", a->options->to);
    *bytes = done.bytes;
    (void)tell_done(s, a->artifact, "unpacked", done.bytes, what ? what : "");
    return st;
}

/* What could not be written, with the folder that it was for. */
static enum pratique_status name_target(struct admission *a, enum pratique_status st)
{
    char why[sizeof a->err->msg];

    if (st != PRATIQUE_E_IO || !a->err)
        return st;
    (void)snprintf(why, sizeof why, "%s", a->err->msg);
    return error_set(a->err, st, PRATIQUE_NO_OFFSET, "%s: %s", a->options->to, why);
}

static void on_files(void *user, const struct pratique_report *r)
{
    *(bool *)user = pratique_report_verdict(r) == PRATIQUE_ADMIT;
}

/*
 * Unpacks, and puts the files in place when nothing is against that. The verdict is asked for
 * before, and the report is given after: it must not say what is not so.
 */
static enum pratique_status step_files(struct admission *a, bool *admitted)
{
    bool good = false;
    uint64_t bytes = 0;
    struct stage s;
    enum pratique_status st;

    stage_begin(&s);
    st = a->archive && !a->options->whole ? unpack_into(a, &s, &bytes) : put_whole(a, &s, &bytes);
    st = name_target(a, st);
    if (st == PRATIQUE_OK)
        answer(&s.facts, &s.arena, a->artifact, "unpack", POLICY_NAME, a->copy.size, bytes, 0,
               on_files, &good);
    if (st == PRATIQUE_OK && good)
        st = staging_commit(&a->staging, a->err);
    if (st == PRATIQUE_OK) {
        *admitted = good;
        stage_report(a, &s, "unpack");
    }
    stage_end(&s);
    return st;
}

/* ---- all of it ---- */

/* The steps in their order, up to the first that is against it. */
static enum pratique_status steps(struct admission *a, bool *admitted)
{
    const struct pratique_admit_options *o = a->options;
    enum pratique_status st = PRATIQUE_OK;

    a->good = true;
    if (keys_any(&o->trust))
        st = step_signature(a);
    if (st == PRATIQUE_OK && a->good && keys_any(&o->attestors))
        st = step_attestation(a);
    if (st == PRATIQUE_OK && a->good)
        st = step_scan(a);
    if (st == PRATIQUE_OK && a->good && is_to_be_watched(a))
        st = step_watch(a);
    if (st == PRATIQUE_OK && a->good)
        st = step_files(a, admitted);
    return st;
}

static enum pratique_status check_options(const char *artifact,
                                          const struct pratique_admit_options *o,
                                          struct pratique_error *err)
{
    const char *why = NULL;

    if (!o->to || !*o->to)
        why = "the folder is missing that it is to go to";
    else if (o->signature && !keys_any(&o->trust))
        why = "a signature proves nothing without a key that is trusted";
    else if (o->attestation && !keys_any(&o->attestors))
        why = "an attestation proves nothing without a key that is trusted";
    else if (o->watch && !unpack_is_wheel(artifact))
        why = "only a wheel can be watched";
    return why ? error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%s: %s", artifact, why)
               : PRATIQUE_OK;
}

enum pratique_status pratique_admit(struct pratique_gate *gate, const char *artifact,
                                    const struct pratique_admit_options *options,
                                    pratique_report_fn *on_report, void *user, bool *admitted,
                                    struct pratique_error *err)
{
    struct admission a = { .gate = gate,
                           .artifact = artifact,
                           .options = options,
                           .on_report = on_report,
                           .user = user,
                           .copy = { .fd = -1 },
                           .err = err };
    enum pratique_status st = check_options(artifact, options, err);

    *admitted = false;
    if (st != PRATIQUE_OK)
        return st;
    st = staging_open(&a.staging, options->to, err);
    if (st == PRATIQUE_OK)
        st = copy_make(&a.copy, artifact, a.staging.artifact, options->to, err);
    if (st == PRATIQUE_OK)
        st = steps(&a, admitted);
    copy_close(&a.copy);
    staging_close(&a.staging);
    return st;
}
