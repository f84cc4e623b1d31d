/* pratique scan: paths in, report out, the worst verdict as exit status. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"

#define WIDTH_MAX 110 /* columns; longer lines are hard to read */

struct settings {
    struct pratique_options options;
    struct list trust_classes, policies;
    uint32_t workers;
    enum pratique_format format;
    const char *output;
    struct pratique_style style;
    bool no_colour;
};

/* One run: what the callbacks need. */
struct run {
    struct pratique_writer *writer;
    struct sink sink;
    struct progress progress;
    enum pratique_verdict worst;
    uint64_t artifacts;
    bool terminal;  /* the report goes to one: at once, and in the place of the progress */
    bool abandoned; /* the report is not to be finished */
};

static bool write_out(void *user, const char *text, size_t len)
{
    struct run *run = user;

    if (run->abandoned)
        return false;
    if (!run->terminal)
        return sink_write(&run->sink, text, len);
    progress_erase(&run->progress);
    return sink_write(&run->sink, text, len) && sink_flush(&run->sink);
}

static void on_report(void *user, const struct pratique_report *r)
{
    struct run *run = user;
    enum pratique_verdict v = pratique_report_verdict(r);

    run->worst = run->artifacts++ ? pratique_verdict_worse(run->worst, v) : v;
    if (!run->abandoned && pratique_writer_add(run->writer, r) != PRATIQUE_OK)
        run->abandoned = true;
}

static void on_progress(void *user, const struct pratique_progress *at)
{
    struct run *run = user;

    progress_show(&run->progress, at);
}

static bool add_path(struct list *paths, const char *path)
{
    const char **items = realloc(paths->items, (paths->n + 1) * sizeof *items);
    char *copy = strdup(path);

    if (items)
        paths->items = items;
    if (!items || !copy) {
        free(copy);
        return false;
    }
    items[paths->n++] = copy;
    return true;
}

/* A pattern that the shell left alone, and that names no file, is expanded; else the word itself.
 */
static bool expand(struct list *paths, const char *word)
{
    struct stat st;
    glob_t g;
    bool ok = true;

    if (!strpbrk(word, "*?[") || lstat(word, &st) == 0 || glob(word, 0, NULL, &g) != 0)
        return add_path(paths, word);
    for (size_t i = 0; ok && i < g.gl_pathc; i++)
        ok = add_path(paths, g.gl_pathv[i]);
    globfree(&g);
    return ok;
}

static void free_paths(struct list *paths)
{
    for (size_t i = 0; i < paths->n; i++)
        free((char *)(uintptr_t)paths->items[i]);
    free(paths->items);
}

static int exit_status(const struct run *run)
{
    if (run->abandoned || run->artifacts == 0)
        return EXIT_UNDECIDED;
    switch (run->worst) {
    case PRATIQUE_ADMIT:
        return EXIT_ADMIT;
    case PRATIQUE_HOLD:
    case PRATIQUE_REFUSE:
        return EXIT_STOPPED;
    case PRATIQUE_UNDECIDED:
        break;
    }
    return EXIT_UNDECIDED;
}

/* The width to wrap at: a terminal's, or $COLUMNS; elsewhere lines are left whole, for grep. */
static unsigned width(int fd)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size = { 0 };
    unsigned long n = columns ? strtoul(columns, NULL, 10) : 0;

    if (n == 0 && ioctl(fd, TIOCGWINSZ, &size) == 0)
        n = size.ws_col ? size.ws_col : 80;
    return n > WIDTH_MAX ? WIDTH_MAX : (unsigned)n;
}

/* no-color.org, and terminals that say they cannot. */
static bool wants_colour(const struct settings *set, int fd)
{
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

    if (set->style.colour || set->no_colour)
        return set->style.colour && !set->no_colour;
    return isatty(fd) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

/* The gate is open: scans, writes the report, puts it in place. */
static int scan_paths(const struct settings *set, struct pratique_gate *gate,
                      const struct list *paths)
{
    struct run run = { .worst = PRATIQUE_UNDECIDED };
    struct pratique_style style = set->style;
    struct pratique_error err = { 0 };
    enum pratique_status st;
    int status;

    if (!sink_open(&run.sink, set->output))
        return EXIT_USAGE;
    run.terminal = isatty(run.sink.fd);
    style.colour = wants_colour(set, run.sink.fd);
    style.width = width(run.sink.fd);
    progress_start(&run.progress);
    st = pratique_writer_begin(&run.writer, set->format, &style, gate, write_out, &run);
    if (st != PRATIQUE_OK) {
        (void)sink_close(&run.sink, false);
        return EXIT_UNDECIDED;
    }
    st = pratique_gate_scan(gate, paths->items, paths->n, on_report, on_progress, &run, &err);
    progress_erase(&run.progress);
    if (st != PRATIQUE_OK) {
        complain(st == PRATIQUE_E_USAGE ? "%s" : "the scan could not go on: %s", err.msg);
        run.abandoned = true; /* an unfinished report must not look finished */
    }
    if (pratique_writer_end(run.writer) != PRATIQUE_OK)
        run.abandoned = true;
    status = st == PRATIQUE_E_USAGE ? EXIT_USAGE : exit_status(&run);
    if (sink_close(&run.sink, !run.abandoned) || status == EXIT_USAGE)
        return status;
    return EXIT_UNDECIDED;
}

static int scan(const struct settings *set, const struct list *paths)
{
    struct pratique_gate *gate;
    struct pratique_error err = { 0 };
    enum pratique_status st = pratique_gate_open(&gate, &set->options, &err);
    int status;

    if (st != PRATIQUE_OK) {
        complain("%s", err.msg[0] ? err.msg : pratique_status_name(st));
        return st == PRATIQUE_E_USAGE ? EXIT_USAGE : EXIT_UNDECIDED;
    }
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
    struct settings set = { .format = PRATIQUE_TEXT };
    struct pratique_limits *lim = &set.options.limits;
    struct list paths = { 0 };
    size_t n;
    const struct opt rows[] = {
        { "format", 'f', OPT_FORMAT, &set.format, "FORMAT", "text (as usual), json or sarif" },
        { "output", 'o', OPT_TEXT, &set.output, "FILE", "write there, whole or not at all" },
        { "quiet", 'q', OPT_FLAG, &set.style.quiet, NULL, "text: nothing for what is admitted" },
        { "verbose", 'v', OPT_FLAG, &set.style.verbose, NULL, "text: every finding, every part" },
        { "color", 0, OPT_FLAG, &set.style.colour, NULL, "colours, also where it is no terminal" },
        { "no-color", 0, OPT_FLAG, &set.no_colour, NULL, "no colours (also: NO_COLOR=1)" },
        { "policy", 0, OPT_LIST, &set.policies, "NAME",
          "model, upload, source, or several: A,B (by what it is)" },
        { "policy-file", 0, OPT_TEXT, &set.options.policy_file, "POLICY",
          "modes, severities, calls that are allowed" },
        { "mode", 0, OPT_TEXT, &set.options.mode, "MODE", "of the policy file (its default_mode)" },
        { "threats", 0, OPT_TEXT, &set.options.threats, "THREATS",
          "what excuses refer to (security/THREATS.md)" },
        { "sha256", 0, OPT_FLAG, &set.options.sha256, NULL, "hash every artifact" },
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
    if (status == OPT_GO_ON)
        status = scan(&set, &paths);
    free_paths(&paths);
    free(set.trust_classes.items);
    free(set.policies.items);
    return status;
}

const struct command command_scan = {
    "scan", "[options] PATH...",
    "Inspects files, folders (followed down) and archives; '-' is standard input.", run_scan
};
