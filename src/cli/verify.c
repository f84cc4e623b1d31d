/* pratique manifest verify: whether files are what their manifest says. A line for each that is
 * not, as docs/MANIFEST.md has it; other formats, and --verbose, are those of every report. */
#include "cli/verify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ---- the options ---- */

/* "2026-11-24" or "2026-11-24T09:00:00Z", and no day that there is not. */
static bool read_time(const char *text, int64_t *out)
{
    static const char *const forms[] = { "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d" };

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct tm tm = { 0 };
        char again[32];
        const char *end = strptime(text, forms[i], &tm);
        time_t t;

        if (!end || *end)
            continue;
        t = timegm(&tm);
        if (t > 0 && strftime(again, sizeof again, forms[i], gmtime_r(&t, &tm)) > 0 &&
            strcmp(again, text) == 0) {
            *out = (int64_t)t;
            return true;
        }
    }
    return false;
}

/* Makes every folder of path but its last name, for our own eyes. */
static bool make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0700) != 0 && errno != EEXIST) {
            *slash = '/';
            return false;
        }
        *slash = '/';
    }
    return true;
}

/* $XDG_STATE_HOME/pratique/manifests. */
static int find_record(const char *word, struct verify_settings *set)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int n = -1;

    if (state && state[0] == '/')
        n = asprintf(&set->default_record, "%s/pratique/manifests", state);
    else if (home && home[0] == '/')
        n = asprintf(&set->default_record, "%s/.local/state/pratique/manifests", home);
    if (n < 0) {
        set->default_record = NULL;
        complain("%s: there is no $HOME to keep the record of accepted manifests in; "
                 "say --record FILE, or --no-record",
                 word);
        return EXIT_USAGE;
    }
    if (!make_folders(set->default_record)) {
        complain("%s: %s: %s; the record of accepted manifests goes there: say --record FILE, or "
                 "--no-record",
                 word, set->default_record, strerror(errno));
        return EXIT_UNDECIDED;
    }
    set->options.record = set->default_record;
    return OPT_GO_ON;
}

/* The manifest is in the root, where nothing else is said. */
static bool find_manifest(struct verify_settings *set)
{
    if (set->manifest)
        return true;
    if (!set->options.root)
        set->manifest = "MANIFEST.json";
    else if (asprintf(&set->default_manifest, "%s/MANIFEST.json", set->options.root) < 0)
        set->default_manifest = NULL;
    if (!set->manifest)
        set->manifest = set->default_manifest;
    return set->manifest != NULL;
}

int verify_settle(const char *word, struct verify_settings *set)
{
    struct pratique_verify_options *o = &set->options;

    o->trust.keys = set->keys.items;
    o->trust.keys_n = set->keys.n;
    o->ignores = set->ignores.items;
    o->ignores_n = set->ignores.n;
    if (set->not_before && !read_time(set->not_before, &o->not_before)) {
        complain("%s: --not-before should be a time in UTC such as 2026-11-24T09:00:00Z, or a "
                 "date, not '%.40s'",
                 word, set->not_before);
        return EXIT_USAGE;
    }
    if (set->no_record && o->record) {
        complain("%s: --record and --no-record exclude each other", word);
        return EXIT_USAGE;
    }
    if (set->ignores.n && !o->strict) {
        complain("%s: --ignore is for --strict", word);
        return EXIT_USAGE;
    }
    if (!find_manifest(set))
        return EXIT_UNDECIDED;
    if ((set->keys.n || o->trust.file) && !o->record && !set->no_record)
        return find_record(word, set);
    return OPT_GO_ON;
}

void verify_free(struct verify_settings *set)
{
    free(set->keys.items);
    free(set->ignores.items);
    free(set->default_record);
    free(set->default_manifest);
}

/* ---- the report ---- */

int verifying_begin(struct verifying *v, const struct verify_settings *set, bool to_stderr)
{
    *v = (struct verifying){ .set = set, .to_stderr = to_stderr };
    v->plain = set->how.format == PRATIQUE_TEXT && !set->how.style.verbose;
    if (!v->plain)
        return reporting_begin(&v->run, &set->how, NULL);
    if (!sink_open(&v->lines, set->how.output))
        return EXIT_USAGE;
    if (to_stderr && !set->how.output)
        v->lines.fd = STDERR_FILENO;
    progress_start(&v->run.progress);
    return OPT_GO_ON;
}

void verifying_progress(void *user, const struct pratique_progress *at)
{
    struct verifying *v = user;

    v->files = at->artifacts_found;
    progress_show(&v->run.progress, at);
}

static void put(struct verifying *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void put(struct verifying *v, const char *fmt, ...)
{
    char *text = NULL;
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vasprintf(&text, fmt, ap);
    va_end(ap);
    v->failed |= n < 0 || !sink_write(&v->lines, text, (size_t)n);
    if (n >= 0)
        free(text);
}

static bool counts(const struct pratique_finding *f)
{
    return f->severity > PRATIQUE_LOW && !f->excuse[0];
}

static bool is_of(const struct pratique_finding *f, const char *prefix)
{
    return strncmp(f->rule->id, prefix, strlen(prefix)) == 0;
}

/*
 * "FILE: what differs", "MANIFEST.json:3: what is wrong". Where it is the manifest or its
 * signature, what to do is said as well.
 */
static void put_line(struct verifying *v, const struct pratique_finding *f)
{
    const char *what = f->detail[0] ? f->detail : f->rule->message;
    char *both = NULL;

    if (v->files == 0 && asprintf(&both, "%s. %s", what, f->rule->remedy) < 0)
        both = NULL;
    what = both ? both : what;
    if (f->line)
        put(v, "%s:%" PRIu32 ": %s\n", f->path, f->line, what);
    else if (f->path[0] && f->subject[0] && strcmp(f->path, f->subject) != 0)
        put(v, "%s: %s: %s\n", f->path, f->subject, what);
    else
        put(v, "%s: %s\n", f->path[0] ? f->path : f->subject, what);
    free(both);
}

/* Who signed it is what the finding about the signature says. */
static void put_success(struct verifying *v, const struct pratique_report *r)
{
    const struct pratique_finding *signer = NULL;
    char size[32];

    for (size_t i = 0; i < pratique_report_findings(r); i++)
        if (is_of(pratique_report_finding(r, i), "SIG"))
            signer = pratique_report_finding(r, i);
    size_text(size, sizeof size, pratique_report_bytes(r));
    put(v, "%s: %" PRIu64 " file%s, %s as declared; ", pratique_report_path(r), v->files,
        v->files == 1 ? "" : "s", size);
    if (signer)
        put(v, "%s\n", signer->detail);
    else
        put(v, "not signed: nothing says who made it\n");
}

static void put_report(struct verifying *v, const struct pratique_report *r)
{
    uint64_t bad = 0, of_files = 0;

    for (size_t i = 0; i < pratique_report_findings(r); i++) {
        const struct pratique_finding *f = pratique_report_finding(r, i);

        if (!counts(f))
            continue;
        put_line(v, f);
        bad++;
        of_files += strcmp(f->path, pratique_report_path(r)) != 0;
    }
    if (pratique_report_verdict(r) == PRATIQUE_ADMIT && bad == 0) {
        if (!v->set->how.style.quiet && !v->to_stderr)
            put_success(v, r);
    } else if (v->files > 0) {
        put(v, "%s: %" PRIu64 " file%s, %" PRIu64 " bad\n", pratique_report_path(r), v->files,
            v->files == 1 ? "" : "s", of_files ? of_files : bad);
    } else {
        put(v, "%s: refused before a file was looked at\n", pratique_report_path(r));
    }
}

/* Layers of protection that could not be had; they are no fault of the files. */
static void note_unprotected(const struct pratique_report *r)
{
    for (size_t i = 0; i < pratique_report_findings(r); i++) {
        const struct pratique_finding *f = pratique_report_finding(r, i);

        if (strcmp(f->rule->name, "manifest-unprotected") == 0)
            complain("run: %s", f->detail);
    }
}

void verifying_report(void *user, const struct pratique_report *r)
{
    struct verifying *v = user;
    enum pratique_verdict verdict = pratique_report_verdict(r);

    progress_erase(&v->run.progress);
    v->worst = v->told ? pratique_verdict_worse(v->worst, verdict) : verdict;
    v->told = true;
    if (v->to_stderr && v->plain)
        note_unprotected(r);
    if (v->plain)
        put_report(v, r);
    else
        reporting_add(&v->run, r);
    if (v->plain && v->to_stderr)
        v->failed |= !sink_flush(&v->lines);
}

static int exit_status(const struct verifying *v)
{
    if (!v->told || v->failed || v->worst == PRATIQUE_UNDECIDED)
        return EXIT_UNDECIDED;
    return v->worst == PRATIQUE_ADMIT ? EXIT_ADMIT : EXIT_STOPPED;
}

int verifying_end(struct verifying *v, const char *word, enum pratique_status st,
                  const struct pratique_error *err)
{
    int status = st == PRATIQUE_E_USAGE ? EXIT_USAGE : EXIT_UNDECIDED;

    progress_erase(&v->run.progress);
    if (st != PRATIQUE_OK)
        complain("%s: %s", word, err->msg[0] ? err->msg : pratique_status_name(st));
    if (!v->plain)
        return reporting_end(&v->run, st);
    if (v->lines.fd == STDERR_FILENO) {
        v->failed |= !sink_flush(&v->lines);
        free(v->lines.bytes);
    } else {
        v->failed |= !sink_close(&v->lines, st == PRATIQUE_OK && !v->failed);
    }
    return st == PRATIQUE_OK ? exit_status(v) : status;
}

/* ---- the command ---- */

static int run_verify(const struct command *self, char **argv)
{
    struct verify_settings set = { .how = { .format = PRATIQUE_TEXT } };
    const struct opt rows[] = { VERIFY_ROWS(&set), { 0 } };
    struct pratique_error err = { 0 };
    struct verifying v;
    size_t n = 0;
    int status = opt_parse(self, rows, argv, &n);

    if (status == OPT_GO_ON && n > 1) {
        complain("manifest verify: one manifest at a time (pratique manifest verify --help)");
        status = EXIT_USAGE;
    }
    set.manifest = n == 1 ? argv[0] : NULL;
    if (status == OPT_GO_ON)
        status = verify_settle("manifest verify", &set);
    if (status == OPT_GO_ON)
        status = verifying_begin(&v, &set, false);
    if (status == OPT_GO_ON)
        status =
            verifying_end(&v, "manifest verify",
                          pratique_manifest_verify(set.manifest, &set.options, verifying_report,
                                                   verifying_progress, &v, &err),
                          &err);
    verify_free(&set);
    return status;
}

const struct command command_manifest_verify = {
    "manifest verify", "[options] [MANIFEST.json]",
    "Whether every file is what the manifest says, and who signed it.", run_verify
};
