/*
 * For oracles: reads "NAME<tab>PATH" lines from stdin; maps each path, and tells it as a
 * package's member of that name. Prints each fact of the kinds NATIVE_* and PY_HIDDEN
 * ("KIND<tab>subject<tab>detail<tab>offset<tab>line<tab>flags"), then "." and the status.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "../fuzz/harness.h"
#include "format/known/known.h"
#include "format/python/python.h"
#include "format/text/text.h"

static bool is_told(enum fact_kind kind)
{
    return strncmp(fact_kind_name(kind), "NATIVE_", 7) == 0 || kind == FACT_PY_HIDDEN;
}

static void print_facts(const struct facts *facts)
{
    for (size_t i = 0; i < facts->n; i++) {
        const struct fact *f = &facts->list[i];

        if (is_told(f->kind))
            printf("%s\t%.*s\t%.*s\t%lld\t%u\t%u\n", fact_kind_name(f->kind), (int)f->subject.n,
                   (const char *)f->subject.p, (int)f->detail.n, (const char *)f->detail.p,
                   (long long)f->offset, f->line, f->flags);
    }
}

static void one(struct span in, struct span name)
{
    struct harness h;
    enum pratique_status st;

    harness_init(&h);
    h.budget.memory_left = UINT64_C(1) << 31;
    h.scan.packages = PACKAGES_ALL;
    h.scan.name = name;
    if (text_is_python_name(name))
        st = python_scan(&h.scan, in, 1);
    else
        st = format_known.looks_like(in) ? format_known.scan(&h.scan, in) : PRATIQUE_OK;
    print_facts(&h.facts);
    printf(". %s %s\n", pratique_status_name(st), st == PRATIQUE_OK ? "" : h.scan.error.msg);
    fflush(stdout);
    harness_free(&h);
}

/* Maps the file; false for none, or an empty one. */
static bool load(const char *path, struct span *in)
{
    FILE *f = fopen(path, "rb");
    long n;
    void *p;

    *in = SPAN_EMPTY;
    if (!f || fseek(f, 0, SEEK_END) != 0 || (n = ftell(f)) <= 0)
        return f && fclose(f) == 0 && false;
    p = mmap(NULL, (size_t)n, PROT_READ, MAP_PRIVATE, fileno(f), 0);
    (void)fclose(f);
    if (p == MAP_FAILED)
        return false;
    *in = span_of(p, (size_t)n);
    return true;
}

int main(void)
{
    char line[8192];

    while (fgets(line, sizeof line, stdin)) {
        char *tab = strchr(line, '\t');
        struct span in;

        line[strcspn(line, "\n")] = 0;
        if (!tab)
            return 1;
        *tab = 0;
        if (!load(tab + 1, &in)) {
            printf(". nothing\n");
            continue;
        }
        one(in, span_text(line));
        (void)munmap((void *)(uintptr_t)in.p, in.n);
    }
    return 0;
}
