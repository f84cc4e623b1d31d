/* pratique watch: wheels are imported, or a command is run, in a sandbox; what they did is told. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

struct settings {
    struct pratique_watch_options options;
    struct list with, readable, writable;
    const char *isolation; /* of --require-isolation; NULL: whatever can be had */
    struct reporting_options how;
};

/* ---- which wheels ---- */

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);

    return n >= m && strcasecmp(s + n - m, end) == 0;
}

static bool is_sdist(const char *path)
{
    static const char *const ends[] = { ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".zip" };

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (ends_with(path, ends[i]))
            return true;
    return false;
}

static int only_wheels(const struct dirent *e)
{
    return ends_with(e->d_name, ".whl");
}

/* Every wheel in a folder, by name. */
static int add_folder(struct list *wheels, const char *folder)
{
    struct dirent **names = NULL;
    int n = scandir(folder, &names, only_wheels, alphasort);
    bool ok = true;

    for (int i = 0; i < n; i++) {
        char *path = NULL;

        if (asprintf(&path, "%s/%s", folder, names[i]->d_name) < 0)
            path = NULL;
        ok = ok && path && list_add_copy(wheels, path);
        free(path);
        free(names[i]);
    }
    free(names);
    if (n <= 0)
        complain(n < 0 ? "watch: %s cannot be read" : "watch: there is no wheel in %s", folder);
    else if (!ok)
        complain("out of memory");
    return n > 0 && ok ? OPT_GO_ON : EXIT_UNDECIDED;
}

static int add_word(struct list *wheels, const char *word)
{
    struct stat st;

    if (stat(word, &st) == 0 && S_ISDIR(st.st_mode))
        return add_folder(wheels, word);
    if (is_sdist(word)) {
        complain("watch: %s is no wheel; build it first: python -m build --wheel; "
                 "or watch the build: pratique watch -- pip wheel ...",
                 word);
        return EXIT_USAGE;
    }
    if (strcmp(word, "-") == 0) {
        complain("watch: a wheel's name says what it holds; standard input has none");
        return EXIT_USAGE;
    }
    if (list_add_copy(wheels, word))
        return OPT_GO_ON;
    complain("out of memory");
    return EXIT_UNDECIDED;
}

/* ---- watching ---- */

/* What was printed, to whoever sits there while the report goes elsewhere. */
static void show_output(const struct pratique_report *r)
{
    for (size_t i = 0; i < pratique_report_events(r); i++) {
        const struct pratique_event *e = pratique_report_event(r, i);

        if (strcmp(e->kind, "output") == 0 && *e->detail)
            complain("%s: %s", e->subject, e->detail);
    }
}

static void on_report(void *user, const struct pratique_report *r)
{
    struct reporting *run = user;

    progress_erase(&run->progress);
    if (!run->terminal && isatty(STDERR_FILENO))
        show_output(r);
    reporting_add(run, r);
}

/* The library's message may begin with the name already. */
static void complain_of(const char *name, enum pratique_status st, const struct pratique_error *err)
{
    const char *why = err->msg[0] ? err->msg : pratique_status_name(st);
    size_t n = strlen(name);

    if (strncmp(why, name, n) == 0 && why[n] == ':')
        complain("watch: %s", why);
    else
        complain("watch: %s: %s", name, why);
}

/* One after the other, up to the first that cannot be watched at all. */
static enum pratique_status watch_wheels(const struct settings *set, struct reporting *run,
                                         const struct list *wheels)
{
    enum pratique_status st = PRATIQUE_OK;

    for (size_t i = 0; st == PRATIQUE_OK && i < wheels->n; i++) {
        struct pratique_error err = { 0 };
        char note[512];

        (void)snprintf(note, sizeof note, "watching %zu of %zu: %s", i + 1, wheels->n,
                       wheels->items[i]);
        progress_note(&run->progress, note);
        st = pratique_watch_wheel(wheels->items[i], &set->options, on_report, run, &err);
        progress_erase(&run->progress);
        if (st != PRATIQUE_OK)
            complain_of(wheels->items[i], st, &err);
    }
    return st;
}

static enum pratique_status watch_command(const struct settings *set, struct reporting *run,
                                          char **argv)
{
    struct pratique_error err = { 0 };
    char note[512];
    enum pratique_status st;

    (void)snprintf(note, sizeof note, "watching %s", argv[0]);
    progress_note(&run->progress, note);
    st = pratique_watch_command(argv, &set->options, on_report, run, NULL, &err);
    progress_erase(&run->progress);
    if (st != PRATIQUE_OK)
        complain_of(argv[0], st, &err);
    return st;
}

static int watch(const struct settings *set, const struct list *wheels, char **command)
{
    struct reporting run;
    int status = reporting_begin(&run, &set->how, NULL);

    if (status != OPT_GO_ON)
        return status;
    return reporting_end(&run, command ? watch_command(set, &run, command)
                                       : watch_wheels(set, &run, wheels));
}

/* ---- the command line ---- */

/* What makes no sense together. OPT_GO_ON, or an exit status. */
static int check(const struct settings *set, size_t words, char *const *command)
{
    const struct pratique_watch_options *o = &set->options;
    const char *wrong = NULL;

    if (set->isolation && strcmp(set->isolation, "full") != 0)
        wrong = "--require-isolation should be full";
    else if (!command && words == 0)
        wrong = "name a wheel, or a command behind --";
    else if (command && words > 0)
        wrong = "wheels or a command, not both; options stand before --";
    else if (command && !*command)
        wrong = "say which command behind --";
    else if (command && ends_with(*command, ".whl"))
        wrong = "what stands behind -- is run as a command; a wheel is named without it";
    else if (command && (o->python || set->with.n || o->all_modules || o->one_pass || o->time_ms))
        wrong = "--python, --with, --all-modules, --one-pass and --timeout are for wheels";
    else if (!command && (set->readable.n || set->writable.n))
        wrong = "--read and --write are for a command";
    if (!wrong)
        return OPT_GO_ON;
    complain("watch: %s (pratique watch --help)", wrong);
    return EXIT_USAGE;
}

static void settle(struct settings *set)
{
    struct pratique_watch_options *o = &set->options;

    o->with = set->with.items;
    o->with_n = set->with.n;
    o->readable = set->readable.items;
    o->readable_n = set->readable.n;
    o->writable = set->writable.items;
    o->writable_n = set->writable.n;
    o->full_isolation = set->isolation != NULL;
}

static int parse(const struct command *self, struct settings *set, char **argv, size_t *n)
{
    struct pratique_watch_options *o = &set->options;
    const struct opt rows[] = {
        REPORTING_ROWS(&set->how),
        { "python", 0, OPT_TEXT, &o->python, "NAME",
          "the interpreter: a path, or on PATH (python3)" },
        { "with", 0, OPT_LIST, &set->with, "PATH",
          "a wheel or site-packages it depends on (repeat)" },
        { "all-modules", 0, OPT_FLAG, &o->all_modules, NULL,
          "import every module, not the roots alone" },
        { "one-pass", 0, OPT_FLAG, &o->one_pass, NULL, "as an ordinary user alone" },
        { "no-answers", 0, OPT_FLAG, &o->no_answers, NULL, "a network that answers nothing" },
        { "read", 0, OPT_LIST, &set->readable, "PATH",
          "what a command may read of the host (repeat)" },
        { "write", 0, OPT_LIST, &set->writable, "DIR",
          "a folder it may write; kept when admitted (repeat)" },
        { "require-isolation", 0, OPT_TEXT, &set->isolation, "LEVEL",
          "full: rather no answer than weak isolation" },
        { "timeout", 0, OPT_SECONDS, &o->time_ms, "SECONDS", "for one import (30)" },
        { "total-timeout", 0, OPT_SECONDS, &o->total_ms, "SECONDS", "for everything (300)" },
        { "grace", 0, OPT_SECONDS, &o->grace_ms, "SECONDS",
          "for threads and children at the end (1.5)" },
        { "max-memory", 0, OPT_SIZE, &o->memory_bytes, "BYTES",
          "of all its processes together (8G)" },
        { "max-disk", 0, OPT_SIZE, &o->disk_bytes, "BYTES", "of each folder it can write (2G)" },
        { "processes", 0, OPT_COUNT32, &o->processes, "N", "at a time (128)" },
        { 0 },
    };

    return opt_parse(self, rows, argv, n);
}

static int run_watch(const struct command *self, char **argv)
{
    struct settings set = { .how = { .format = PRATIQUE_TEXT } };
    struct list wheels = { 0 };
    char *first = NULL, **command = opt_cut_command(argv, &first);
    size_t n = 0;
    int status = parse(self, &set, argv, &n);

    if (command)
        *command = first;
    settle(&set);
    if (status == OPT_GO_ON)
        status = check(&set, n, command);
    for (size_t i = 0; status == OPT_GO_ON && i < n; i++)
        status = add_word(&wheels, argv[i]);
    if (status == OPT_GO_ON)
        status = watch(&set, &wheels, command);
    list_free_copies(&wheels);
    free(set.with.items);
    free(set.readable.items);
    free(set.writable.items);
    return status;
}

const struct command command_watch = {
    "watch", "[options] WHEEL... | -- COMMAND [ARG...]",
    "Imports wheels, or runs a command, in a sandbox that nothing leaves, and tells what they did.",
    run_watch
};
