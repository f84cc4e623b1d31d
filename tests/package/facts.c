/*
 * For the tests of packages: scans each file that is named, in this process, and prints a line of
 * JSON for each with the facts of packages, rules or none; a wheel behind its sdist is compared:
 * {"file": "...", "facts": [{"kind", "where", "line", "subject", "detail", "flags", "count"}]}
 * Usage: package_facts [-s] FILE...    -s: PKG_SOURCES as well
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/map.h"
#include "scan/engine.h"
#include "scan/pairs.h"
#include "scan/warm.h"

static void print_text(struct span s)
{
    putchar('"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            putchar('\\');
        putchar(s.p[i]);
    }
    putchar('"');
}

static bool is_told(const struct fact *f, bool sources)
{
    const char *name = fact_kind_name(f->kind);

    return (strncmp(name, "WHL_", 4) == 0 || strncmp(name, "SDIST_", 6) == 0 ||
            strcmp(name, "LIMIT") == 0 || strcmp(name, "BROKEN") == 0 ||
            (sources && f->kind == FACT_PKG_SOURCES));
}

static void print_fact(const struct fact *f, bool first)
{
    printf("%s{\"kind\": \"%s\", \"line\": %u, \"flags\": %u, \"count\": %llu, \"where\": ",
           first ? "" : ", ", fact_kind_name(f->kind), f->line, f->flags,
           (unsigned long long)f->count);
    print_text(span_text(f->where->parent ? f->where->name : ""));
    printf(", \"subject\": ");
    print_text(f->subject);
    printf(", \"detail\": ");
    print_text(f->detail);
    printf("}");
}

static void print_facts(const struct facts *facts, const char *name, bool sources)
{
    bool first = true;

    printf("{\"file\": ");
    print_text(span_text(name));
    printf(", \"facts\": [");
    for (size_t i = 0; i < facts->n; i++) {
        if (!is_told(&facts->list[i], sources))
            continue;
        print_fact(&facts->list[i], first);
        first = false;
    }
    printf("]}\n");
}

/* As a worker answers and the gate reads it; NULL when that fails. */
static struct task *task_of(const struct engine *e, const char *path)
{
    struct task *t = task_new(path, -1, NULL);
    const char *why = "";
    struct buf answer;

    buf_init(&answer, 256u << 20);
    if (!t || !wire_put_answer(&answer, &e->facts, &(struct wire_end){ .format = e->format }) ||
        !task_answer(t, span_of(answer.p, answer.n), &why)) {
        fprintf(stderr, "%s: no answer: %s\n", path, why);
        task_free(t);
        t = NULL;
    } else {
        task_finish(t);
    }
    buf_free(&answer);
    return t;
}

static struct task *scan(const char *path)
{
    struct pratique_limits limits = { .memory_bytes = (uint64_t)4 << 30,
                                      .output_bytes = (uint64_t)16 << 30,
                                      .ratio = 400,
                                      .members = 1000000,
                                      .depth = 16,
                                      .time_ms = 600000 };
    const char *slash = strrchr(path, '/');
    struct span name = span_text(slash ? slash + 1 : path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct task *t = NULL;
    struct engine e;
    struct stat st;
    struct map m;

    if (fd == -1 || fstat(fd, &st) != 0 || map_open(&m, fd, (uint64_t)st.st_size) != PRATIQUE_OK) {
        perror(path);
        return NULL;
    }
    engine_init(&e, &limits, name);
    e.packages = PACKAGES_KNOWN;
    engine_scan(&e, m.bytes, name);
    t = task_of(&e, path);
    engine_free(&e);
    map_close(&m);
    close(fd);
    return t;
}

int main(int argc, char **argv)
{
    bool sources = argc > 1 && strcmp(argv[1], "-s") == 0;
    struct pairs pairs;
    int bad = 0;

    warm_up(true);
    pairs_init(&pairs);
    for (int i = sources ? 2 : 1; i < argc; i++) {
        struct task *t = scan(argv[i]);

        bad |= !t;
        if (!t)
            continue;
        pairs_settle(&pairs, NULL, t);
        print_facts(&t->facts, argv[i], sources);
        task_free(t);
    }
    pairs_free(&pairs);
    return bad;
}
