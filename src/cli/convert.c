/* pratique convert: a torch checkpoint as safetensors, without running it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

#define LISTED_MAX 40u /* entries; the others are counted */

struct settings {
    struct pratique_convert_options options;
    bool verbose, quiet;
};

struct run {
    const struct settings *set;
    struct progress progress;
    uint64_t tensors, bytes, left_out, shared, listed, unlisted;
};

/* In plain ASCII: a name must not steer the terminal. */
static void print_text(const char *s)
{
    for (; *s; s++) {
        if (*s >= ' ' && *s <= '~' && *s != '\\')
            putchar(*s);
        else
            printf("\\x%02x", (unsigned)(unsigned char)*s);
    }
}

static void print_line(const char *how, const struct pratique_conversion *c)
{
    printf("%-9s ", how);
    print_text(*c->name ? c->name : "(the whole)");
    if (*c->dtype && !c->left_out)
        printf("  %s, %" PRIu64 " bytes", c->dtype, c->bytes);
    if (*c->what) {
        fputs(": ", stdout);
        print_text(c->what);
    }
    putchar('\n');
}

static void on_note(void *user, const struct pratique_conversion *c)
{
    struct run *run = user;
    bool shares = !c->left_out && !*c->dtype, plain = !c->left_out && !shares && !*c->what;

    run->left_out += c->left_out;
    run->shared += shares;
    if (!c->left_out && !shares) {
        run->tensors++;
        run->bytes += c->bytes;
    }
    if (run->set->quiet || (plain && !run->set->verbose))
        return;
    if (!run->set->verbose && run->listed == LISTED_MAX) {
        run->unlisted++;
        return;
    }
    run->listed++;
    print_line(c->left_out ? "left out" : shares ? "shared" : "tensor", c);
}

static void on_progress(void *user, const struct pratique_progress *at)
{
    struct run *run = user;

    progress_show(&run->progress, at);
}

/* What was done, or why nothing was. */
static void sum_up(const struct run *run, const char *in, const char *out, bool written)
{
    char size[32];

    if (run->unlisted > 0 && !run->set->quiet)
        printf("          and %" PRIu64 " more; --verbose lists them all\n", run->unlisted);
    if (run->set->quiet)
        return;
    if (written) {
        print_text(out);
        size_text(size, sizeof size, run->bytes);
        printf(": %" PRIu64 " tensors, %s; %" PRIu64 " names shared, %" PRIu64
               " entries left out\n",
               run->tensors, size, run->shared, run->left_out);
    }
    if (run->left_out > 0) {
        fputs("Nothing of it was run. What loading it would do: pratique scan ", stdout);
        print_text(in);
        putchar('\n');
    }
}

static int status_of(enum pratique_status st)
{
    switch (st) {
    case PRATIQUE_OK:
        return EXIT_ADMIT;
    case PRATIQUE_E_FORMAT:
        return EXIT_STOPPED;
    case PRATIQUE_E_USAGE:
        return EXIT_USAGE;
    default:
        return EXIT_UNDECIDED;
    }
}

static int convert(const struct settings *set, const char *in, const char *out)
{
    struct run run = { .set = set };
    struct pratique_error err = { 0 };
    enum pratique_status st;

    progress_start(&run.progress);
    st = pratique_convert(in, out, &set->options, on_note, on_progress, &run, &err);
    progress_erase(&run.progress);
    sum_up(&run, in, out, st == PRATIQUE_OK);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        complain("convert: standard output cannot be written");
        return EXIT_UNDECIDED;
    }
    if (st != PRATIQUE_OK)
        complain("convert: %s", err.msg[0] ? err.msg : pratique_status_name(st));
    return status_of(st);
}

static int run_convert(const struct command *self, char **argv)
{
    struct settings set = { 0 };
    const struct opt rows[] = {
        { "skip", 's', OPT_FLAG, &set.options.skip, NULL,
          "leave out what safetensors cannot hold" },
        { "overwrite", 0, OPT_FLAG, &set.options.overwrite, NULL,
          "replace the output where it is there" },
        { "quiet", 'q', OPT_FLAG, &set.quiet, NULL, "print nothing but what is wrong" },
        { "verbose", 'v', OPT_FLAG, &set.verbose, NULL, "list every tensor, and all left out" },
        { 0 },
    };
    size_t n;
    int status = opt_parse(self, rows, argv, &n);

    if (status != OPT_GO_ON)
        return status;
    if (n != 2) {
        complain("convert: name a checkpoint and the file it is to become "
                 "(pratique convert model.pt model.safetensors)");
        return EXIT_USAGE;
    }
    return convert(&set, argv[0], argv[1]);
}

const struct command command_convert = {
    .name = "convert",
    .args = "[options] CHECKPOINT OUT.safetensors",
    .summary = "Turns a torch checkpoint into safetensors, without running it.",
    .run = run_convert,
};
