/* See watched.h. */
#include "report/watched.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/*
 * Events in words, by kind. In a form, S and D are subject and detail, T is the detail as far
 * as it is text; B, M, O, W and N are
 * the number as bytes, milliseconds, mode, wait status and as it is; what stands in braces
 * is left out when what it names is empty or 0.
 */
static const struct words {
    const char *kind;
    enum watched_group group;
    const char *form;
} table[] = {
    { "exec", WATCHED_PROCESS, "S{: D}" },
    { "connect", WATCHED_NETWORK, "S{ (D)}" },
    { "send", WATCHED_NETWORK, "S{ (D)}, B" },
    { "bind", WATCHED_NETWORK, "S{ (D)}" },
    { "listen", WATCHED_NETWORK, "S{ (D)}" },
    { "socket", WATCHED_NETWORK, "S{ (D)}" },
    { "open", WATCHED_FILE, "S{ (D)}" },
    { "unlink", WATCHED_FILE, "S" },
    { "rename", WATCHED_FILE, "{D -> }S" },
    { "link", WATCHED_FILE, "S{ -> D}" },
    { "chmod", WATCHED_FILE, "S to O" },
    { "truncate", WATCHED_FILE, "S" },
    { "memfd", WATCHED_FILE, "S" },
    { "ptrace", WATCHED_PROCESS, "S{ of process N}" },
    { "mount", WATCHED_PROCESS, "S{ D}" },
    { "setsid", WATCHED_PROCESS, "S" },
    { "kill", WATCHED_PROCESS, "signal N{ to process D}" },
    { "privileged", WATCHED_PROCESS, "S{ D}" },
    { "round", WATCHED_PROCESS, "S{ D}" },
    { "sleep", WATCHED_PROCESS, "M" },
    { "start", WATCHED_PROCESS, "S{, started by process N}" },
    { "end", WATCHED_PROCESS, "{S, }W" },
    { "outlives", WATCHED_PROCESS, "S{: D}" },
    { "limit", WATCHED_PROCESS, "S{: D}" },
    { "hidden", WATCHED_PROCESS, "S{ D}" },
    { "output", WATCHED_PROCESS, "S, B{: D}" },
    { "import", WATCHED_PYTHON, "S" },
    { "imported", WATCHED_PYTHON, "S{: D}" },
    { "startup", WATCHED_PYTHON, "S{: D}" },
    { "hung", WATCHED_PYTHON, "S{: D}" },
    { "crashed", WATCHED_PYTHON, "S, W" },
    { "load", WATCHED_PYTHON, "S{: D}" },
    { "unhooked", WATCHED_PYTHON, "S{: D}" },
    { "lookup", WATCHED_NETWORK, "S{ (D)}" },
    { "accepted", WATCHED_NETWORK, "S{ (D)}" },
    { "request", WATCHED_NETWORK, "S{ (D)}{, B}" },
    { "answer", WATCHED_NETWORK, "{D to }S{, B}" },
    { "sent", WATCHED_NETWORK, "S, B{: D}" },
    { "honey-sent", WATCHED_NETWORK, "S{, D}" },
    { "honey-read", WATCHED_FILE, "S{: D}" },
    { "canary", WATCHED_PROCESS, "S{: D}" },
    { "left", WATCHED_FILE, "S, B{: T}" },
    { "install", WATCHED_FILE, "S{: D}" },
    { "setup", WATCHED_WATCH, "S{: D}" },
    { "layer", WATCHED_WATCH, "S{: D}" },
    { "pass", WATCHED_WATCH, "S" },
    { "done", WATCHED_WATCH, "S" },
};

static const struct words *words_of(const char *kind)
{
    static const struct words unknown = { "", WATCHED_WATCH, "S{: D}{, N}" };

    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        if (strcmp(table[i].kind, kind) == 0)
            return &table[i];
    return &unknown;
}

bool watched_kind_known(const char *kind)
{
    return words_of(kind)->kind[0] != '\0';
}

const char *watched_group_name(enum watched_group g)
{
    static const char *const names[WATCHED_GROUPS] = { "python", "processes", "network", "files",
                                                       "watch" };

    return names[g];
}

enum watched_group watched_group(const struct pratique_event *e)
{
    return words_of(e->kind)->group;
}

bool watched(const struct pratique_report *r)
{
    return pratique_report_isolation(r) != NULL;
}

void watched_status(struct out *o, int status)
{
    if (status < 0)
        out_puts(o, "nobody asked how");
    else if (WIFSIGNALED(status))
        out_printf(o, "signal %d", WTERMSIG(status));
    else
        out_printf(o, "exit status %d", WEXITSTATUS(status));
}

void watched_time(struct out *o, uint64_t us)
{
    out_printf(o, "+%" PRIu64 ".%03u s", us / 1000000, (unsigned)(us % 1000000 / 1000));
}

static void put_number(struct out *o, char as, uint64_t n)
{
    if (as == 'B')
        out_size(o, n);
    else if (as == 'M')
        out_printf(o, "%" PRIu64 ".%03u s", n / 1000, (unsigned)(n % 1000));
    else if (as == 'O')
        out_printf(o, "%04" PRIo64, n);
    else if (as == 'W' && n > INT_MAX)
        out_puts(o, "it is not known how");
    else if (as == 'W')
        watched_status(o, (int)n);
    else
        out_printf(o, "%" PRIu64, n);
}

/* Bytes of a printable text before the first that was none: "PK" of "PK\\x03\\x04". */
static size_t text_part(const char *s)
{
    const char *end = strstr(s, "\\x");

    return end ? (size_t)(end - s) : strlen(s);
}

/* Whether what the braces at form name is there. */
static bool has_part(const char *form, const struct pratique_event *e)
{
    const char *name = form + strcspn(form, "SDTBMOWN");

    switch (*name) {
    case 'S':
        return e->subject[0] != '\0';
    case 'D':
        return e->detail[0] != '\0';
    case 'T':
        return text_part(e->detail) > 0;
    default:
        return e->number;
    }
}

void watched_event(struct out *o, const struct pratique_event *e)
{
    for (const char *p = words_of(e->kind)->form; *p; p++) {
        if (*p == '{' && !has_part(p, e))
            p += strcspn(p, "}");
        else if (*p == 'S' || *p == 'D')
            out_puts(o, *p == 'S' ? e->subject : e->detail);
        else if (*p == 'T')
            buf_add(&o->buf, e->detail, text_part(e->detail));
        else if (strchr("BMOWN", *p))
            put_number(o, *p, e->number);
        else if (*p != '{' && *p != '}')
            buf_putc(&o->buf, *p);
    }
    if (e->denied)
        out_puts(o, " (denied)");
}

static bool ends_import(const struct pratique_event *e)
{
    return strcmp(e->kind, "imported") == 0 || strcmp(e->kind, "hung") == 0 ||
           strcmp(e->kind, "crashed") == 0;
}

const struct pratique_event *watched_import(struct watched_imports *w,
                                            const struct pratique_report *r)
{
    while (w->at < pratique_report_events(r)) {
        const struct pratique_event *e = pratique_report_event(r, w->at++);

        if (!ends_import(e))
            continue;
        if (w->first && (e->pass != w->first->pass || strcmp(e->subject, w->first->subject) == 0))
            break;
        w->first = w->first ? w->first : e;
        return e;
    }
    w->at = pratique_report_events(r);
    return NULL;
}

void watched_detail(struct out *o, const struct pratique_event *e)
{
    bool text = strchr(words_of(e->kind)->form, 'T');

    buf_add(&o->buf, e->detail, text ? text_part(e->detail) : strlen(e->detail));
}

uint64_t watched_bytes(const struct pratique_event *e)
{
    return strchr(words_of(e->kind)->form, 'B') ? e->number : 0;
}

/* ---- frames ---- */

/* "FILE:LINE FUNCTION" up to end; what does not look like it is a file without a line. */
static void split_frame(const char *s, const char *end, struct watched_frame *f)
{
    *f = (struct watched_frame){ .file = s, .file_n = (size_t)(end - s), .function = end };
    for (const char *p = s; p < end; p++) {
        char *after;
        unsigned long line;

        if (*p != ':' || p + 1 >= end || p[1] < '0' || p[1] > '9')
            continue;
        line = strtoul(p + 1, &after, 10);
        if (after != end && *after != ' ')
            continue;
        f->file_n = (size_t)(p - s);
        f->line = line > UINT32_MAX ? 0 : (uint32_t)line;
        f->function = after + (after < end);
        f->function_n = (size_t)(end - f->function);
        return;
    }
}

/* Behind the last "/site-packages/" or "/dist-packages/" of the file's name. */
static void cut_file(struct watched_frame *f)
{
    static const char *const folders[] = { "/site-packages/", "/dist-packages/" };

    for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
        size_t n = strlen(folders[i]);
        const char *at = memmem(f->file, f->file_n, folders[i], n);

        if (!at)
            continue;
        f->installed = true;
        f->file_n -= (size_t)(at + n - f->file);
        f->file = at + n;
    }
    if (f->file_n > 0 && f->file[0] != '/' && f->file[0] != '<')
        f->installed = true; /* already told from site-packages on */
}

bool watched_frame(const char **frames, struct watched_frame *f)
{
    const char *end;

    *frames += strspn(*frames, "\n");
    if (!**frames)
        return false;
    end = *frames + strcspn(*frames, "\n");
    split_frame(*frames, end, f);
    cut_file(f);
    *frames = end;
    return true;
}

#define CHAIN_MAX 64 /* innermost frames that are looked at */

static bool is_module_level(const struct watched_frame *f)
{
    return f->function_n == 8 && memcmp(f->function, "<module>", 8) == 0;
}

static void put_installed(struct out *o, const struct watched_frame *f)
{
    buf_add(&o->buf, f->file, f->file_n);
    if (f->line > 0)
        out_printf(o, ":%u", f->line);
    if (f->function_n > 0 && !is_module_level(f)) {
        buf_putc(&o->buf, ' ');
        buf_add(&o->buf, f->function, f->function_n);
    }
}

/* "urllib.request.urlopen" of "/usr/lib/python3.11/urllib/request.py:216 urlopen". */
static void put_library(struct out *o, const struct watched_frame *f)
{
    const char *at = memmem(f->file, f->file_n, "/lib/python", 11), *end = f->file + f->file_n;
    const char *slash = at ? memchr(at + 11, '/', (size_t)(end - at) - 11) : NULL;
    size_t n = slash ? (size_t)(end - slash) - 1 : 0;

    if (n < 4 || memcmp(end - 3, ".py", 3) != 0) {
        put_installed(o, f);
        return;
    }
    n -= 3;
    if (n > 9 && memcmp(slash + 1 + n - 9, "/__init__", 9) == 0)
        n -= 9;
    for (size_t i = 0; i < n; i++)
        buf_putc(&o->buf, slash[1 + i] == '/' ? '.' : slash[1 + i]);
    buf_putc(&o->buf, '.');
    buf_add(&o->buf, f->function, f->function_n);
}

static bool same_file(const struct watched_frame *a, const struct watched_frame *b)
{
    return a->file_n == b->file_n && memcmp(a->file, b->file, a->file_n) == 0;
}

/* The frames of a chain of n, innermost first: the installed ones at its two ends. */
static void put_chain(struct out *o, const struct watched_frame *f, size_t inner, size_t outer)
{
    if (outer > inner && !same_file(&f[outer], &f[inner])) {
        put_installed(o, &f[outer]);
        out_puts(o, outer > inner + 1 ? " -> ... -> " : " -> ");
    }
    put_installed(o, &f[inner]);
    if (inner > 0) { /* the library's function that it called */
        out_puts(o, " -> ");
        put_library(o, &f[inner - 1]);
    }
}

void watched_chain(struct out *o, const char *frames)
{
    struct watched_frame f[CHAIN_MAX];
    size_t n = 0, inner, outer;

    while (n < CHAIN_MAX && watched_frame(&frames, &f[n]))
        n++;
    for (inner = 0; inner < n && !f[inner].installed;)
        inner++;
    for (outer = n; outer > 0 && !f[outer - 1].installed;)
        outer--;
    if (inner < n)
        put_chain(o, f, inner, outer - 1);
    else if (n > 0)
        put_library(o, &f[0]);
}

/* ---- processes ---- */

bool watched_command_status(const struct pratique_report *r, int *status)
{
    for (size_t i = pratique_report_events(r); i-- > 0;) {
        const struct pratique_event *e = pratique_report_event(r, i);

        if (strcmp(e->kind, "done") != 0)
            continue;
        *status = (int)(e->number & 0xFFFF);
        return strcmp(e->subject, "command") == 0;
    }
    return false;
}

bool watched_same(const struct pratique_event *a, const struct pratique_event *b)
{
    return a->rule == b->rule && strcmp(a->kind, b->kind) == 0 &&
           strcmp(a->subject, b->subject) == 0;
}

/*
 * The parent of process i: the last one before it with that number, for numbers come again.
 * i itself when there is none. A parent stands before its child, so that the tree has no loop.
 */
static size_t parent_of(const struct pratique_report *r, size_t i)
{
    const struct pratique_process *p = pratique_report_process(r, i);

    for (size_t k = i; k-- > 0;) {
        const struct pratique_process *q = pratique_report_process(r, k);

        if (q->pass == p->pass && q->pid == p->parent && p->parent != 0)
            return k;
    }
    return i;
}

/* Puts i and all below it into rows; only as deep as there are processes. */
static void grow(struct watched_tree *t, const size_t *parents, size_t n, size_t i, unsigned depth)
{
    t->row[t->n].process = i;
    t->row[t->n++].depth = depth;
    for (size_t k = i + 1; k < n; k++)
        if (parents[k] == i)
            grow(t, parents, n, k, depth + 1);
}

void watched_tree(struct watched_tree *t, const struct pratique_report *r)
{
    size_t parents[WATCHED_TREE_MAX], all = pratique_report_processes(r);
    size_t n = all < WATCHED_TREE_MAX ? all : WATCHED_TREE_MAX;

    t->n = 0;
    t->omitted = all - n;
    for (size_t i = 0; i < n; i++)
        parents[i] = parent_of(r, i);
    for (size_t i = 0; i < n; i++)
        if (parents[i] == i)
            grow(t, parents, n, i, 0);
}
