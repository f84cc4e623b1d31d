/*
 * The command line. It uses the public header alone; nothing below it prints,
 * exits or handles signals, all of that is here.
 */
#ifndef PRATIQUE_CLI_CLI_H
#define PRATIQUE_CLI_CLI_H

#include <stdarg.h>

#include <pratique/pratique.h>

/* Exit statuses; docs: README.md, pratique(1). */
enum { EXIT_ADMIT = 0, EXIT_STOPPED = 1, EXIT_USAGE = 2, EXIT_UNDECIDED = 3 };

struct opt;

struct command {
    const char *name;
    const char *args;                                    /* "[options] PATH..." */
    const char *summary;                                 /* one line */
    int (*run)(const struct command *self, char **argv); /* argv[0] is the first word after name */
};

extern const struct command command_scan, command_watch, command_admit, command_convert,
    command_manifest, command_manifest_run, command_attest, command_keygen, command_signature,
    command_threats, command_lock, command_fetch, command_rules, command_explain;

/* The row of words[0] in a table that ends with NULL, for commands such as "manifest create". */
const struct command *command_find(const struct command *const *rows, const char *word);

/*
 * A command that is a group of others: runs the one that argv[0] names. about is the text above
 * the list that --help gives; which says what there is to do.
 */
int command_group(const struct command *self, const struct command *const *rows, const char *about,
                  const char *which, char **argv);

/* "3.4 GB", "12 bytes". */
void size_text(char *out, size_t n, uint64_t bytes);

/* The date in UTC as 20261124, or what SOURCE_DATE_EPOCH says it is; 0: the clock is wrong. */
uint32_t today(void);

/* ---- options: one row each, told in --help ---- */

enum opt_kind {
    OPT_FLAG,    /* bool */
    OPT_CLEAR,   /* bool, set to false */
    OPT_TEXT,    /* const char * */
    OPT_LIST,    /* struct list */
    OPT_SIZE,    /* uint64_t: bytes, with k, M, G, T for powers of 1024 */
    OPT_COUNT,   /* uint64_t, at least 1 */
    OPT_COUNT32, /* uint32_t, at least 1 */
    OPT_SECONDS, /* uint32_t in milliseconds */
    OPT_FORMAT,  /* enum pratique_format */
};

struct list {
    const char **items; /* owned */
    size_t n;
};

/* Adds a copy of s; false without memory. Such a list is freed with list_free_copies(). */
bool list_add_copy(struct list *l, const char *s);
void list_free_copies(struct list *l);

struct opt {
    const char *name; /* without the dashes; NULL ends a table */
    char letter;      /* 0: none */
    enum opt_kind kind;
    void *target;
    const char *arg, *help;
};

/* What opt_parse() says when the caller should go on; anything else is the exit status. */
#define OPT_GO_ON (-1)

/*
 * Reads the options out of argv into their targets and leaves the other words
 * in it, NULL-terminated, *n of them. Prints help, or what is wrong.
 */
int opt_parse(const struct command *c, const struct opt *rows, char **argv, size_t *n);

/*
 * Cuts the words behind "--" off argv, whose "--" stays; *first, which was the first of them, is
 * to be put back to where the result begins. NULL when there is no "--".
 */
char **opt_cut_command(char **argv, char **first);

/* ---- messages ---- */

/* "pratique: ..." on standard error, in plain ASCII: a name must not steer the terminal. */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* ---- the file or stream a report goes to ---- */

struct sink {
    int fd;           /* -1: the report is kept until sink_close() */
    const char *path; /* borrowed; NULL: standard output, or a device */
    char *bytes;      /* owned */
    size_t n, size;
    bool failed;
};

/* path NULL or "-": standard output. False when it cannot be written to; it has complained. */
bool sink_open(struct sink *s, const char *path);
bool sink_write(struct sink *s, const char *text, size_t len);
bool sink_flush(struct sink *s);

/*
 * Puts the file in place when ok: synced and renamed, so that it is there whole
 * or not at all. False when anything failed; it has complained.
 */
bool sink_close(struct sink *s, bool ok);

/* ---- progress, on a terminal ---- */

struct progress {
    bool enabled, shown;
    uint64_t started_ms, drawn_ms;
};

void progress_start(struct progress *p);
void progress_show(struct progress *p, const struct pratique_progress *at);
void progress_erase(struct progress *p);

/* Shows text at once, for work whose length is not known. */
void progress_note(struct progress *p, const char *text);

/* ---- a report: where it goes, what it looks like, what it makes of the exit status ---- */

struct reporting_options {
    enum pratique_format format;
    const char *output;
    struct pratique_style style;
    bool no_colour;
};

/* The rows of opt_parse() that fill them. */
/* clang-format off */
#define REPORTING_ROWS(how)                                                                        \
    { "format", 'f', OPT_FORMAT, &(how)->format, "FORMAT", "text (as usual), json, sarif, html, cyclonedx" }, \
    { "output", 'o', OPT_TEXT, &(how)->output, "FILE", "write there, whole or not at all" },       \
    { "quiet", 'q', OPT_FLAG, &(how)->style.quiet, NULL, "text: nothing for what is admitted" },   \
    { "verbose", 'v', OPT_FLAG, &(how)->style.verbose, NULL, "text: everything that was seen" },   \
    { "color", 0, OPT_FLAG, &(how)->style.colour, NULL, "colours, also where it is no terminal" }, \
    { "no-color", 0, OPT_FLAG, &(how)->no_colour, NULL, "no colours (also: NO_COLOR=1)" }
/* clang-format on */

struct reporting {
    struct pratique_writer *writer;
    struct sink sink;
    struct progress progress;
    enum pratique_verdict worst;
    uint64_t artifacts;
    bool terminal;  /* the report goes to one: at once, and in the place of the progress */
    bool abandoned; /* the report is not to be finished */
};

/* OPT_GO_ON, with the gate open, or an exit status; it has complained. */
int gate_begin(struct pratique_gate **out, const struct pratique_options *options);

/* OPT_GO_ON, or an exit status; it has complained. gate may be NULL. */
int reporting_begin(struct reporting *run, const struct reporting_options *how,
                    const struct pratique_gate *gate);

/* A pratique_report_fn; user is the struct reporting. */
void reporting_add(void *user, const struct pratique_report *r);

/*
 * Finishes the report, unless st is a failure: what is unfinished must not look finished.
 * The exit status.
 */
int reporting_end(struct reporting *run, enum pratique_status st);

#endif
