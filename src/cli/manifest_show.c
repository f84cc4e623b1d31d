/* pratique manifest show and diff: what a manifest says, and in what two of them differ. */
#include "cli/manifest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- texts ---- */

/* The class by its gravity, as people speak of it. */
static const char *risk_text(enum pratique_risk risk)
{
    static const char *const texts[] = { "low (test)", "medium (integrity)",
                                         "high (deserialisation)" };

    return (unsigned)risk < sizeof texts / sizeof *texts ? texts[risk] : "?";
}

static const char *risk_grade(enum pratique_risk risk)
{
    static const char *const texts[] = { "low", "medium", "high" };

    return (unsigned)risk < sizeof texts / sizeof *texts ? texts[risk] : "?";
}

static void put_json_string(const char *s)
{
    putchar('"');
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            putchar('\\');
        putchar(*s);
    }
    putchar('"');
}

static bool read_one(const char *word, struct pratique_manifest **m, const char *path)
{
    struct pratique_error err = { 0 };

    if (pratique_manifest_read(m, path, &err) == PRATIQUE_OK)
        return true;
    complain("%s: %s", word, err.msg[0] ? err.msg : pratique_status_name(err.status));
    return false;
}

static int written(int status)
{
    return fflush(stdout) == 0 && !ferror(stdout) ? status : EXIT_UNDECIDED;
}

/* ---- show ---- */

/* What has one role, added up. */
struct total {
    const char *role;
    enum pratique_risk risk;
    uint64_t files, bytes;
};

struct totals {
    struct total *list; /* owned */
    size_t n;
};

static bool add_total(struct totals *t, const struct pratique_artifact *a)
{
    struct total *list;
    size_t i = 0;

    while (i < t->n && strcmp(t->list[i].role, a->role) != 0)
        i++;
    if (i == t->n) {
        list = reallocarray(t->list, t->n + 1, sizeof *list);
        if (!list)
            return false;
        t->list = list;
        t->list[t->n++] = (struct total){ .role = a->role, .risk = a->risk };
    }
    t->list[i].files++;
    t->list[i].bytes += a->bytes;
    return true;
}

/* The gravest first, then by name. */
static int compare_totals(const void *left, const void *right)
{
    const struct total *a = left, *b = right;

    return a->risk != b->risk ? (a->risk < b->risk ? 1 : -1) : strcmp(a->role, b->role);
}

static bool make_totals(struct totals *t, const struct pratique_manifest *m)
{
    for (size_t i = 0; i < pratique_manifest_count(m); i++)
        if (!add_total(t, pratique_manifest_at(m, i)))
            return false;
    if (t->n)
        qsort(t->list, t->n, sizeof *t->list, compare_totals);
    return true;
}

static const char *dirty_text(const struct pratique_manifest *m)
{
    bool unknown;

    if (pratique_manifest_dirty(m, &unknown))
        return " with changes";
    return unknown ? " (whether with changes is not known)" : "";
}

static void show_text(const struct pratique_manifest *m, const char *path,
                      const struct totals *totals)
{
    const char *git = pratique_manifest_git_sha(m);
    uint64_t bytes = 0;
    char size[32];

    printf("%s: generated %s, %s%s%s\n\n", path, pratique_manifest_generated_at(m),
           git ? "git " : "outside of a repository", git ? git : "", git ? dirty_text(m) : "");
    printf("%-18s %-22s %9s  %s\n", "ROLE", "RISK", "SIZE", "PATH");
    for (size_t i = 0; i < pratique_manifest_count(m); i++) {
        const struct pratique_artifact *a = pratique_manifest_at(m, i);

        size_text(size, sizeof size, a->bytes);
        printf("%-18s %-22s %9s  %s\n", a->role, risk_text(a->risk), size, a->path);
    }
    printf("\n%-18s %-22s %9s  %s\n", "ROLE", "RISK", "SIZE", "FILES");
    for (size_t i = 0; i < totals->n; i++) {
        size_text(size, sizeof size, totals->list[i].bytes);
        printf("%-18s %-22s %9s  %" PRIu64 "\n", totals->list[i].role,
               risk_text(totals->list[i].risk), size, totals->list[i].files);
        bytes += totals->list[i].bytes;
    }
    size_text(size, sizeof size, bytes);
    printf("%-18s %-22s %9s  %zu\n", "in all", "", size, pratique_manifest_count(m));
}

static void show_json_head(const struct pratique_manifest *m)
{
    const char *git = pratique_manifest_git_sha(m);
    bool unknown, dirty = pratique_manifest_dirty(m, &unknown);

    printf("{\n  \"generated_at\": \"%s\",\n  \"git_sha\": ", pratique_manifest_generated_at(m));
    if (git)
        put_json_string(git);
    else
        fputs("null", stdout);
    printf(",\n  \"git_dirty\": %s,\n  \"artifacts\": [\n", unknown ? "null"
                                                            : dirty ? "true"
                                                                    : "false");
}

static void show_json(const struct pratique_manifest *m, const struct totals *totals)
{
    size_t n = pratique_manifest_count(m);

    show_json_head(m);
    for (size_t i = 0; i < n; i++) {
        const struct pratique_artifact *a = pratique_manifest_at(m, i);

        fputs("    {\"path\": ", stdout);
        put_json_string(a->path);
        printf(", \"sha256\": \"%s\", \"bytes\": %" PRIu64
               ", \"role\": \"%s\", \"risk\": \"%s\", \"class\": \"%s\"}%s\n",
               a->sha256, a->bytes, a->role, risk_grade(a->risk), pratique_risk_name(a->risk),
               i + 1 < n ? "," : "");
    }
    puts("  ],\n  \"roles\": [");
    for (size_t i = 0; i < totals->n; i++) {
        const struct total *t = &totals->list[i];

        printf("    {\"role\": \"%s\", \"risk\": \"%s\", \"files\": %" PRIu64
               ", \"bytes\": %" PRIu64 "}%s\n",
               t->role, risk_grade(t->risk), t->files, t->bytes, i + 1 < totals->n ? "," : "");
    }
    puts("  ]\n}");
}

static int run_show(const struct command *self, char **argv)
{
    enum pratique_format format = PRATIQUE_TEXT;
    const struct opt rows[] = {
        { "format", 'f', OPT_FORMAT, &format, "FORMAT", "text (as usual) or json" },
        { 0 },
    };
    struct pratique_manifest *m = NULL;
    struct totals totals = { 0 };
    size_t n = 0;
    int status = opt_parse(self, rows, argv, &n);
    const char *path = n ? argv[0] : "MANIFEST.json";

    if (status != OPT_GO_ON)
        return status;
    if (n > 1 || format > PRATIQUE_JSON) {
        complain(n > 1 ? "manifest show: one manifest at a time"
                       : "manifest show: --format should be text or json");
        return EXIT_USAGE;
    }
    if (!read_one("manifest show", &m, path))
        return EXIT_UNDECIDED;
    status = make_totals(&totals, m) ? EXIT_ADMIT : EXIT_UNDECIDED;
    if (status == EXIT_ADMIT && format == PRATIQUE_JSON)
        show_json(m, &totals);
    else if (status == EXIT_ADMIT)
        show_text(m, path, &totals);
    free(totals.list);
    pratique_manifest_free(m);
    return written(status);
}

const struct command command_manifest_show = {
    "manifest show", "[options] [MANIFEST.json]",
    "What a manifest declares: roles, risks, sizes. It verifies nothing.", run_show
};

/* ---- diff ---- */

/* "changed  path: 12 bytes, now 13; role config, now code" */
static void put_change(const struct pratique_artifact *a, const struct pratique_artifact *b)
{
    const char *between = ": ";

    printf("changed  %s", a->path);
    if (a->bytes != b->bytes)
        printf(": %" PRIu64 " bytes, now %" PRIu64, a->bytes, b->bytes), between = "; ";
    if (strcmp(a->sha256, b->sha256) != 0)
        printf("%ssha256 %.12s..., now %.12s...", between, a->sha256, b->sha256), between = "; ";
    if (strcmp(a->role, b->role) != 0)
        printf("%srole %s, now %s", between, a->role, b->role);
    putchar('\n');
}

static bool same(const struct pratique_artifact *a, const struct pratique_artifact *b)
{
    return a->bytes == b->bytes && strcmp(a->sha256, b->sha256) == 0 &&
           strcmp(a->role, b->role) == 0;
}

/* Both are sorted: side by side. The number of differences. */
static uint64_t diff(const struct pratique_manifest *old, const struct pratique_manifest *new)
{
    const struct pratique_artifact *a = pratique_manifest_at(old, 0),
                                   *b = pratique_manifest_at(new, 0);
    uint64_t added = 0, removed = 0, changed = 0;

    for (size_t i = 0, k = 0; a || b;) {
        int order = !a ? 1 : !b ? -1 : strcmp(a->path, b->path);

        if (order < 0)
            printf("removed  %s\n", a->path), removed++;
        else if (order > 0)
            printf("added    %s\n", b->path), added++;
        else if (!same(a, b))
            put_change(a, b), changed++;
        if (order <= 0)
            a = pratique_manifest_at(old, ++i);
        if (order >= 0)
            b = pratique_manifest_at(new, ++k);
    }
    if (added + removed + changed)
        printf("%" PRIu64 " added, %" PRIu64 " removed, %" PRIu64 " changed\n", added, removed,
               changed);
    return added + removed + changed;
}

static int run_diff(const struct command *self, char **argv)
{
    const struct opt rows[] = { { 0 } };
    struct pratique_manifest *old = NULL, *new = NULL;
    size_t n = 0;
    int status = opt_parse(self, rows, argv, &n);

    if (status != OPT_GO_ON)
        return status;
    if (n != 2) {
        complain("manifest diff: name two manifests, the older first");
        return EXIT_USAGE;
    }
    status = EXIT_UNDECIDED;
    if (read_one("manifest diff", &old, argv[0]) && read_one("manifest diff", &new, argv[1]))
        status = diff(old, new) ? EXIT_STOPPED : EXIT_ADMIT;
    pratique_manifest_free(old);
    pratique_manifest_free(new);
    return written(status);
}

const struct command command_manifest_diff = {
    "manifest diff", "OLD NEW",
    "What was added, removed or changed from one manifest to another; exit 1: something was.",
    run_diff
};
