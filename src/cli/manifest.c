/* pratique manifest: a table of commands; create is here. */
#include "cli/manifest.h"
#include "cli/sign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct command *const commands[] = {
    &command_manifest_create, &command_manifest_sign, &command_manifest_verify,
    &command_manifest_show,   &command_manifest_diff, NULL,
};

/* ---- create ---- */

struct settings {
    struct pratique_manifest_options options;
    struct list roles, excludes;
    const char *output;
    char *usual; /* MANIFEST.json in the root; owned */
    bool quiet;
};

struct creating {
    struct progress progress;
    uint64_t faults;
};

static void on_fault(void *user, const char *path, const char *why)
{
    struct creating *c = user;

    progress_erase(&c->progress);
    complain("manifest create: %s: %s", path, why);
    c->faults++;
}

static void on_progress(void *user, const struct pratique_progress *at)
{
    struct creating *c = user;

    progress_show(&c->progress, at);
}

/* Seconds since 1970 as SOURCE_DATE_EPOCH says; 0: it says nothing; false: nonsense. */
static bool source_date(int64_t *out)
{
    const char *text = getenv("SOURCE_DATE_EPOCH");

    *out = 0;
    if (!text || !*text)
        return true;
    for (const char *p = text; *p; p++) {
        if (*p < '0' || *p > '9' || *out > INT64_C(25340230079))
            return false;
        *out = *out * 10 + (*p - '0');
    }
    return *out > 0;
}

static int settle(struct settings *set)
{
    struct pratique_manifest_options *o = &set->options;

    o->roles = set->roles.items;
    o->roles_n = set->roles.n;
    o->excludes = set->excludes.items;
    o->excludes_n = set->excludes.n;
    o->on_fault = on_fault;
    if (!source_date(&o->generated_at)) {
        complain("manifest create: SOURCE_DATE_EPOCH should be seconds since 1970, from 1 on, not "
                 "'%.40s'",
                 getenv("SOURCE_DATE_EPOCH"));
        return EXIT_USAGE;
    }
    if (asprintf(&set->usual, "%s/MANIFEST.json", o->root ? o->root : ".") < 0) {
        set->usual = NULL;
        return EXIT_UNDECIDED;
    }
    if (!set->output)
        set->output = o->root ? set->usual : "MANIFEST.json";
    return OPT_GO_ON;
}

static int failed(const struct creating *c, enum pratique_status st,
                  const struct pratique_error *err)
{
    if (c->faults > 0)
        complain("manifest create: %llu file%s cannot be declared; nothing was written",
                 (unsigned long long)c->faults, c->faults == 1 ? "" : "s");
    else
        complain("manifest create: %s", err->msg[0] ? err->msg : pratique_status_name(st));
    return st == PRATIQUE_E_USAGE ? EXIT_USAGE : EXIT_UNDECIDED;
}

static int write_out(const struct settings *set, const struct pratique_manifest *m)
{
    struct pratique_error err = { 0 };
    size_t n;

    if (strcmp(set->output, "-") == 0) {
        const char *text = pratique_manifest_text(m, &n);

        return fwrite(text, 1, n, stdout) == n && fflush(stdout) == 0 ? EXIT_ADMIT : EXIT_UNDECIDED;
    }
    if (pratique_manifest_write(m, set->output, &err) != PRATIQUE_OK) {
        complain("manifest create: %s", err.msg);
        return err.status == PRATIQUE_E_USAGE ? EXIT_USAGE : EXIT_UNDECIDED;
    }
    n = pratique_manifest_count(m);
    if (!set->quiet)
        printf("%s: %zu file%s declared\n", set->output, n, n == 1 ? "" : "s");
    return fflush(stdout) == 0 ? EXIT_ADMIT : EXIT_UNDECIDED;
}

static int create(const struct settings *set)
{
    struct pratique_manifest *m = NULL;
    struct pratique_error err = { 0 };
    struct creating c = { 0 };
    enum pratique_status st;
    int status;

    progress_start(&c.progress);
    /* standard output is most likely on its way to the usual place */
    st = pratique_manifest_create(&m, strcmp(set->output, "-") == 0 ? set->usual : set->output,
                                  &set->options, on_progress, &c, &err);
    progress_erase(&c.progress);
    status = st == PRATIQUE_OK ? write_out(set, m) : failed(&c, st, &err);
    pratique_manifest_free(m);
    return status;
}

static int run_create(const struct command *self, char **argv)
{
    struct settings set = { 0 };
    const struct opt rows[] = {
        { "root", 'C', OPT_TEXT, &set.options.root, "DIR", "the folder (this one)" },
        { "output", 'o', OPT_TEXT, &set.output, "FILE",
          "the manifest (MANIFEST.json in the root); -: standard output" },
        { "role", 0, OPT_LIST, &set.roles, "GLOB=ROLE", "the role of what matches (repeat)" },
        { "exclude", 0, OPT_LIST, &set.excludes, "GLOB", "what is left out (repeat)" },
        { "threads", 'j', OPT_COUNT32, &set.options.threads, "N", "at a time (one a processor)" },
        { "quiet", 'q', OPT_FLAG, &set.quiet, NULL, "say nothing when all is well" },
        { 0 },
    };
    size_t n = 0;
    int status = opt_parse(self, rows, argv, &n);

    if (status == OPT_GO_ON && (n > 1 || (n == 1 && set.options.root))) {
        complain("manifest create: one folder at a time (pratique manifest create --help)");
        status = EXIT_USAGE;
    }
    if (n == 1)
        set.options.root = argv[0];
    if (status == OPT_GO_ON)
        status = settle(&set);
    if (status == OPT_GO_ON)
        status = create(&set);
    free(set.roles.items);
    free(set.excludes.items);
    free(set.usual);
    return status;
}

const struct command command_manifest_create = {
    "manifest create", "[options] [DIR]",
    "Writes MANIFEST.json: the hash, size and role of every file in a folder.", run_create
};

/* ---- the table ---- */

static int run_manifest(const struct command *self, char **argv)
{
    return command_group(self, commands,
                         "What files are there, and whether they are still what they were: "
                         "docs/MANIFEST.md.",
                         "create, sign, verify, show or diff", argv);
}

const struct command command_manifest = {
    "manifest", "create|sign|verify|show|diff ...",
    "Declares the files of a folder, and verifies that they are what was declared.", run_manifest
};
