/* pratique threats: the risks that were taken, the gravest first, and whether they are still there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

#define THREATS_FILE "security/THREATS.md"

/* An entry, and whether its code is still there and excused by it. */
struct row {
    const struct pratique_threat *threat;
    const char *gone; /* NULL, or why nothing is excused by it */
};

struct matrix {
    struct pratique_threats *threats;
    struct row *rows; /* owned; in the order of the file, then by risk */
    size_t n;
    const char *root;
};

/* ---- is the code still there? ---- */

/* The file on disk that an entry is about: "a.zip" of "a.zip!/b.py". Owned. */
static char *outer_path(const struct matrix *m, const struct pratique_threat *t)
{
    const char *inner = strstr(t->file, "!/");
    size_t n = inner ? (size_t)(inner - t->file) : strlen(t->file);
    char *path = NULL;

    return asprintf(&path, "%s/%.*s", m->root, (int)n, t->file) < 0 ? NULL : path;
}

/* The part of a finding's path that the entries know: below the root. */
static const char *below(const struct matrix *m, const char *path)
{
    size_t n = strlen(m->root);

    if (strncmp(path, m->root, n) != 0 || path[n] != '/')
        return path;
    return path + n + 1;
}

static void see_finding(struct matrix *m, const struct pratique_finding *f)
{
    for (size_t i = 0; f->excuse[0] && i < m->n; i++) {
        const struct pratique_threat *t = m->rows[i].threat;

        if (t->rule == f->rule && strcmp(t->file, below(m, f->path)) == 0)
            m->rows[i].gone = NULL;
    }
}

static void on_report(void *user, const struct pratique_report *r)
{
    for (size_t i = 0; i < pratique_report_findings(r); i++)
        see_finding(user, pratique_report_finding(r, i));
}

/* The files of all entries, once each. */
static bool list_paths(struct list *paths, struct matrix *m)
{
    for (size_t i = 0; i < m->n; i++) {
        char *path = outer_path(m, m->rows[i].threat);
        const char **items = path ? realloc(paths->items, (paths->n + 1) * sizeof *items) : NULL;
        bool twice = false;

        if (!items) {
            free(path);
            return false;
        }
        paths->items = items;
        for (size_t k = 0; k < paths->n && !twice; k++)
            twice = strcmp(paths->items[k], path) == 0;
        m->rows[i].gone = access(path, F_OK) == 0 ? "the file has no such finding that is excused"
                                                  : "the file is not there";
        if (twice || access(path, F_OK) != 0)
            free(path);
        else
            paths->items[paths->n++] = path;
    }
    return true;
}

static int scan_files(struct matrix *m, const char *file, bool weak, const struct list *paths)
{
    static const char *const source[] = { "source" };
    struct pratique_options options = {
        .policies = source, .policies_n = 1, .threats = file, .weak_sandbox_ok = weak
    };
    struct pratique_error err = { 0 };
    struct pratique_gate *gate;
    enum pratique_status st = pratique_gate_open(&gate, &options, &err);

    if (st == PRATIQUE_OK)
        st = pratique_gate_scan(gate, paths->items, paths->n, on_report, NULL, m, &err);
    pratique_gate_close(gate);
    if (st == PRATIQUE_OK)
        return OPT_GO_ON;
    complain("threats: %s", err.msg[0] ? err.msg : pratique_status_name(st));
    return st == PRATIQUE_E_USAGE ? EXIT_USAGE : EXIT_UNDECIDED;
}

static int look_for_code(struct matrix *m, const char *file, bool weak)
{
    struct list paths = { 0 };
    int status = EXIT_UNDECIDED;

    if (!list_paths(&paths, m))
        complain("out of memory");
    else
        status = paths.n ? scan_files(m, file, weak, &paths) : OPT_GO_ON;
    for (size_t i = 0; i < paths.n; i++)
        free((char *)(uintptr_t)paths.items[i]);
    free(paths.items);
    return status;
}

/* ---- the matrix ---- */

static int by_risk(const void *left, const void *right)
{
    const struct pratique_threat *a = ((const struct row *)left)->threat;
    const struct pratique_threat *b = ((const struct row *)right)->threat;

    if (a->risk != b->risk)
        return a->risk < b->risk ? 1 : -1;
    return (a->line > b->line) - (a->line < b->line);
}

/* What must not reach a terminal is a '?'; the length in columns. */
static void print_text(const char *s)
{
    for (; *s; s++)
        putchar((unsigned char)*s < ' ' || *s == 0x7F ? '?' : *s);
}

static int widest(const struct matrix *m, size_t offset, int at_least)
{
    int width = at_least;

    for (size_t i = 0; i < m->n; i++) {
        const char *text;

        memcpy(&text, (const char *)m->rows[i].threat + offset, sizeof text);
        if ((int)strlen(text) > width)
            width = (int)strlen(text);
    }
    return width > 48 ? 48 : width;
}

static void print_row(const struct row *r, int id, int file)
{
    const struct pratique_threat *t = r->threat;

    printf("%2u.%02u  %u x %u x %u.%02u  %-*s  %-6s  %-*s  ", t->risk / 1000, t->risk % 1000 / 10,
           t->probability, t->severity, (1000 - t->detection) / 1000,
           (1000 - t->detection) % 1000 / 10, id, t->id, t->rule->id, file, t->file);
    print_text(t->title);
    fputs(" (", stdout);
    print_text(t->owner);
    printf(", %s)\n", t->date);
    if (r->gone)
        printf("       code gone: %s\n", r->gone);
}

static void print_matrix(const struct matrix *m)
{
    int id = widest(m, offsetof(struct pratique_threat, id), 2);
    int file = widest(m, offsetof(struct pratique_threat, file), 4);
    size_t gone = 0;

    if (m->n)
        printf("%5s  %-12s  %-*s  %-6s  %-*s  %s\n", "risk", "p x s x 1-d", id, "id", "rule", file,
               "file", "threat (owner, date)");
    for (size_t i = 0; i < m->n; i++) {
        print_row(&m->rows[i], id, file);
        gone += m->rows[i].gone != NULL;
    }
    printf("%zu %s, %zu whose code is gone\n", m->n, m->n == 1 ? "threat" : "threats", gone);
}

static void json_string(const char *key, const char *s, const char *after)
{
    printf("    \"%s\": \"", key);
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            printf("\\%c", *s);
        else if ((unsigned char)*s < ' ' || *s == 0x7F)
            printf("\\u%04x", (unsigned)(unsigned char)*s);
        else
            putchar(*s);
    }
    printf("\"%s\n", after);
}

static void json_thousandths(const char *key, unsigned n)
{
    printf("    \"%s\": %u.%03u,\n", key, n / 1000, n % 1000);
}

static void json_row(const struct row *r)
{
    const struct pratique_threat *t = r->threat;

    json_string("id", t->id, ",");
    json_string("title", t->title, ",");
    json_string("file", t->file, ",");
    json_string("rule", t->rule->id, ",");
    printf("    \"probability\": %u,\n    \"severity\": %u,\n", t->probability, t->severity);
    json_thousandths("detection", t->detection);
    json_thousandths("risk", t->risk);
    json_string("reason", t->reason, ",");
    json_string("owner", t->owner, ",");
    json_string("date", t->date, ",");
    printf("    \"line\": %u,\n", t->line);
    if (r->gone)
        json_string("gone", r->gone, "");
    else
        puts("    \"gone\": null");
}

static void print_json(const struct matrix *m)
{
    puts("[");
    for (size_t i = 0; i < m->n; i++) {
        puts("  {");
        json_row(&m->rows[i]);
        puts(i + 1 < m->n ? "  }," : "  }");
    }
    puts("]");
}

static int print(const struct matrix *m, enum pratique_format format)
{
    int status = EXIT_ADMIT;

    for (size_t i = 0; i < m->n; i++)
        status = m->rows[i].gone ? EXIT_STOPPED : status;
    if (format == PRATIQUE_JSON)
        print_json(m);
    else
        print_matrix(m);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    complain("standard output cannot be written");
    return EXIT_UNDECIDED;
}

static int tell(const char *file, enum pratique_format format, bool weak)
{
    struct matrix m = { 0 };
    struct pratique_error err = { 0 };
    enum pratique_status st = pratique_threats_read(&m.threats, file, &err);
    int status = EXIT_UNDECIDED;

    if (st != PRATIQUE_OK) {
        complain("threats: %s", err.msg);
        return st == PRATIQUE_E_USAGE ? EXIT_USAGE : EXIT_UNDECIDED;
    }
    m.n = pratique_threats_count(m.threats);
    m.root = pratique_threats_root(m.threats);
    m.rows = calloc(m.n + 1, sizeof *m.rows);
    for (size_t i = 0; m.rows && i < m.n; i++)
        m.rows[i].threat = pratique_threats_at(m.threats, i);
    if (m.rows)
        status = look_for_code(&m, file, weak);
    if (status == OPT_GO_ON) {
        qsort(m.rows, m.n, sizeof *m.rows, by_risk);
        status = print(&m, format);
    }
    free(m.rows);
    pratique_threats_free(m.threats);
    return status;
}

static int run_threats(const struct command *self, char **argv)
{
    enum pratique_format format = PRATIQUE_TEXT;
    bool weak = false;
    const struct opt rows[] = {
        { "format", 'f', OPT_FORMAT, &format, "FORMAT", "text (as usual) or json" },
        { "weak-sandbox-ok", 0, OPT_FLAG, &weak, NULL, "go on where the kernel lacks a layer" },
        { 0 },
    };
    size_t n;
    int status = opt_parse(self, rows, argv, &n);

    if (status != OPT_GO_ON)
        return status;
    if (n > 1 || format > PRATIQUE_JSON) {
        complain(n > 1 ? "threats: name one file, or none for " THREATS_FILE
                       : "threats: --format is text or json");
        return EXIT_USAGE;
    }
    return tell(n ? argv[0] : THREATS_FILE, format, weak);
}

const struct command command_threats = {
    "threats", "[--format FORMAT] [FILE]",
    "Lists the risks of security/THREATS.md, the gravest first; fails where the code is gone.",
    run_threats
};
