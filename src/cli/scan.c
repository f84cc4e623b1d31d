/* pratique scan: paths in, report out, the worst verdict as exit status. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cli/cli.h"

struct settings {
    struct pratique_options options;
    struct list trust_classes, policies;
    uint32_t workers;
    struct reporting_options how;
};

static void on_progress(void *user, const struct pratique_progress *at)
{
    struct reporting *run = user;

    progress_show(&run->progress, at);
}

/* A pattern that the shell left alone, and that names no file, is expanded; else the word itself.
 */
static bool expand(struct list *paths, const char *word)
{
    struct stat st;
    glob_t g;
    bool ok = true;

    if (!strpbrk(word, "*?[") || lstat(word, &st) == 0 || glob(word, 0, NULL, &g) != 0)
        return list_add_copy(paths, word);
    for (size_t i = 0; ok && i < g.gl_pathc; i++)
        ok = list_add_copy(paths, g.gl_pathv[i]);
    globfree(&g);
    return ok;
}

/* The gate is open: scans, writes the report, puts it in place. */
static int scan_paths(const struct settings *set, struct pratique_gate *gate,
                      const struct list *paths)
{
    struct reporting run;
    struct pratique_error err = { 0 };
    enum pratique_status st;
    int status = reporting_begin(&run, &set->how, gate);

    if (status != OPT_GO_ON)
        return status;
    st = pratique_gate_scan(gate, paths->items, paths->n, reporting_add, on_progress, &run, &err);
    progress_erase(&run.progress);
    if (st != PRATIQUE_OK)
        complain(st == PRATIQUE_E_USAGE ? "%s" : "the scan could not go on: %s", err.msg);
    return reporting_end(&run, st);
}

static int scan(const struct settings *set, const struct list *paths)
{
    struct pratique_gate *gate;
    int status = gate_begin(&gate, &set->options);

    if (status != OPT_GO_ON)
        return status;
    status = scan_paths(set, gate, paths);
    pratique_gate_close(gate);
    return status;
}

/* The date in UTC as 20261124; $SOURCE_DATE_EPOCH stands for the clock (reproducible-builds.org).
 */
uint32_t today(void)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    char *end = NULL;
    time_t now = epoch && *epoch ? (time_t)strtoll(epoch, &end, 10) : time(NULL);
    struct tm tm;

    if (end && *end)
        now = time(NULL);
    if (!gmtime_r(&now, &tm) || tm.tm_year < 70 || tm.tm_year > 8099)
        return 0;
    return (uint32_t)(tm.tm_year + 1900) * 10000 + (uint32_t)(tm.tm_mon + 1) * 100 +
           (uint32_t)tm.tm_mday;
}

static int run_scan(const struct command *self, char **argv)
{
    struct settings set = { .how = { .format = PRATIQUE_TEXT } };
    struct pratique_limits *lim = &set.options.limits;
    struct list paths = { 0 };
    size_t n;
    const struct opt rows[] = {
        REPORTING_ROWS(&set.how),
        { "policy", 0, OPT_LIST, &set.policies, "NAME",
          "model, upload, source, archive; or A,B (by what it is)" },
        { "policy-file", 0, OPT_TEXT, &set.options.policy_file, "POLICY",
          "modes, severities, calls that are allowed" },
        { "mode", 0, OPT_TEXT, &set.options.mode, "MODE", "of the policy file (its default_mode)" },
        { "threats", 0, OPT_TEXT, &set.options.threats, "THREATS",
          "what excuses refer to (security/THREATS.md)" },
        { "sha256", 0, OPT_FLAG, &set.options.sha256, NULL, "hash every artifact" },
        { "values", 0, OPT_FLAG, &set.options.values, NULL,
          "read the numbers in safetensors (NaN, all zero)" },
        { "trust-classes", 0, OPT_LIST, &set.trust_classes, "PACKAGE",
          "classes of this package may be built (repeat)" },
        { "workers", 0, OPT_COUNT32, &set.workers, "N", "processes (one for each processor)" },
        { "max-memory", 0, OPT_SIZE, &lim->memory_bytes, "BYTES", "of one worker (2G)" },
        { "max-output", 0, OPT_SIZE, &lim->output_bytes, "BYTES", "decompressed in all (16G)" },
        { "max-ratio", 0, OPT_COUNT, &lim->ratio, "N", "decompressed over compressed (400)" },
        { "max-members", 0, OPT_COUNT, &lim->members, "N", "of archives in all (1000000)" },
        { "max-depth", 0, OPT_COUNT32, &lim->depth, "N", "archives within archives (16)" },
        { "timeout", 0, OPT_SECONDS, &lim->time_ms, "SECONDS", "for one artifact (120)" },
        { "weak-sandbox-ok", 0, OPT_FLAG, &set.options.weak_sandbox_ok, NULL,
          "go on where the kernel lacks a layer" },
        { 0 },
    };
    int status = opt_parse(self, rows, argv, &n);

    for (size_t i = 0; status == OPT_GO_ON && i < n; i++)
        if (!expand(&paths, argv[i])) {
            complain("out of memory");
            status = EXIT_UNDECIDED;
        }
    if (status == OPT_GO_ON && n == 0) {
        complain("scan: name at least one file or folder ('-' for standard input)");
        status = EXIT_USAGE;
    }
    set.options.workers = set.workers;
    set.options.trust_classes = set.trust_classes.items;
    set.options.trust_classes_n = set.trust_classes.n;
    set.options.policies = set.policies.items;
    set.options.policies_n = set.policies.n;
    set.options.today = today();
    if (set.how.format == PRATIQUE_CYCLONEDX) /* a bill names its files by their hashes */
        set.options.sha256 = true;
    if (status == OPT_GO_ON)
        status = scan(&set, &paths);
    list_free_copies(&paths);
    free(set.trust_classes.items);
    free(set.policies.items);
    return status;
}

const struct command command_scan = {
    "scan", "[options] PATH...",
    "Inspects files, folders (followed down) and archives; '-' is standard input.", run_scan
};
