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

extern const struct command command_scan, command_threats, command_rules, command_explain;

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

#endif
