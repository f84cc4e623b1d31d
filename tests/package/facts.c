/*
 * For the tests of packages: scans each file that is named, in this process, and prints a line of
 * JSON for each with the facts of packages, rules or none:
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

static void print_facts(const struct engine *e, const char *name, bool sources)
{
    bool first = true;

    printf("{\"file\": ");
    print_text(span_text(name));
    printf(", \"facts\": [");
    for (size_t i = 0; i < e->facts.n; i++) {
        if (!is_told(&e->facts.list[i], sources))
            continue;
        print_fact(&e->facts.list[i], first);
        first = false;
    }
    printf("]}\n");
}

static int scan(const char *path, bool sources)
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
    struct engine e;
    struct stat st;
    struct map m;

    if (fd == -1 || fstat(fd, &st) != 0 || map_open(&m, fd, (uint64_t)st.st_size) != PRATIQUE_OK) {
        perror(path);
        return 1;
    }
    engine_init(&e, &limits, name);
    e.packages = PACKAGES_KNOWN;
    engine_scan(&e, m.bytes, name);
    print_facts(&e, path, sources);
    engine_free(&e);
    map_close(&m);
    close(fd);
    return 0;
}

int main(int argc, char **argv)
{
    bool sources = argc > 1 && strcmp(argv[1], "-s") == 0;
    int bad = 0;

    warm_up(true);
    for (int i = sources ? 2 : 1; i < argc; i++)
        bad |= scan(argv[i], sources);
    return bad;
}
