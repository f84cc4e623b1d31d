/* A scan that notes what a container hands on: name, size, CRC and role of each member. */
#ifndef PRATIQUE_TESTS_PASSED_H
#define PRATIQUE_TESTS_PASSED_H

#include <glob.h>
#include <stdlib.h>

#include "format/codec/codec.h"
#include "format/format.h"
#include "rules/rules.h"
#include "test.h"

#define PASSED_MAX    64
#define PASSED_MEMORY (512ull << 20)

struct passed {
    struct scan scan; /* first: the scan's nested() finds the rest by it */
    struct arena arena;
    struct budget budget;
    struct facts facts;
    struct {
        char name[64];
        size_t n;
        uint32_t crc;
        enum role role;
    } list[PASSED_MAX];
    size_t n;
    enum pratique_status status;
};

static inline enum pratique_status passed_note(struct scan *s, struct span body, struct span name,
                                               enum role role)
{
    struct passed *p = (struct passed *)(void *)s;
    size_t i = p->n++;

    if (i >= PASSED_MAX)
        return PRATIQUE_OK;
    snprintf(p->list[i].name, sizeof p->list[i].name, "%.*s", (int)name.n, (const char *)name.p);
    p->list[i].n = body.n;
    p->list[i].crc = codec_crc32(0, body);
    p->list[i].role = role;
    return PRATIQUE_OK;
}

/* One run over a heap block of the exact size; checks that memory is given back. */
static inline void passed_run(struct passed *p, const struct format *f, struct span in,
                              const char *own_name)
{
    uint8_t *copy = malloc(in.n ? in.n : 1);

    if (!copy)
        abort();
    memcpy(copy, in.p, in.n);
    memset(p, 0, sizeof *p);
    p->budget = (struct budget){ .memory_left = PASSED_MEMORY,
                                 .output_left = 1u << 30,
                                 .members_left = 1000000,
                                 .ratio = 400,
                                 .depth_max = 16 };
    arena_init(&p->arena, 64u << 20);
    facts_init(&p->facts, &p->arena);
    p->scan = (struct scan){ .arena = &p->arena,
                             .budget = &p->budget,
                             .facts = &p->facts,
                             .where = facts_where(&p->facts, NULL, SPAN_LITERAL("in")),
                             .name = span_text(own_name),
                             .nested = passed_note };
    p->status = f->scan(&p->scan, span_of(copy, in.n));
    CHECK(p->budget.memory_left == PASSED_MEMORY, "%s: %s keeps memory", f->name, own_name);
    CHECK(p->status == PRATIQUE_OK || p->scan.error.status == p->status, "%s: no reason", f->name);
    free(copy);
}

static inline void passed_free(struct passed *p)
{
    facts_free(&p->facts);
    arena_reset(&p->arena);
}

static inline uint64_t passed_facts(const struct passed *p, enum fact_kind kind)
{
    uint64_t n = 0;

    for (size_t i = 0; i < p->facts.n; i++)
        if (p->facts.list[i].kind == kind)
            n += p->facts.list[i].count;
    return n;
}

/* Index of the first member of that name, or of the one behind it that is called so too. */
static inline size_t passed_find(const struct passed *p, const char *name, size_t from)
{
    for (size_t i = from; i < p->n && i < PASSED_MAX; i++)
        if (strcmp(p->list[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

static inline bool passed_has(const struct passed *p, const char *name, struct span content)
{
    for (size_t i = passed_find(p, name, 0); i != SIZE_MAX; i = passed_find(p, name, i + 1))
        if (p->list[i].n == content.n && p->list[i].crc == codec_crc32(0, content))
            return true;
    return false;
}

/* A whole file in memory; the caller frees p. */
static inline struct span passed_load(const char *path)
{
    static uint8_t *bytes;
    FILE *f = fopen(path, "rb");
    size_t n = 0;

    bytes = calloc(1, 1 << 20);
    if (f && bytes)
        n = fread(bytes, 1, 1 << 20, f);
    CHECK(f && n, "cannot read %s", path);
    if (f)
        fclose(f);
    return (struct span){ bytes, n };
}

static inline void passed_unload(struct span s)
{
    free((void *)(uintptr_t)s.p);
}

/* The fact that a golden case's folder is about ("tests/golden/TAR001/fire.tar"). */
static inline enum fact_kind passed_fact_of(const char *path)
{
    const char *id = strstr(path, "golden/") + strlen("golden/");

    for (enum fact_kind kind = 0; kind < FACT_KINDS; kind++) {
        const struct pratique_rule *rule = rule_for_fact(kind);

        if (rule && strncmp(rule->id, id, strlen(rule->id)) == 0)
            return kind;
    }
    return FACT_KINDS;
}

/* Every golden case of a pattern: what fires has its fact, and the near miss has not. */
static inline void passed_golden(const char *pattern,
                                 const struct format *(*format_of)(struct span in))
{
    struct passed *p = calloc(1, sizeof *p);
    glob_t found = { 0 };

    CHECK(p && glob(pattern, 0, NULL, &found) == 0 && found.gl_pathc > 1, "no %s", pattern);
    for (size_t i = 0; p && i < found.gl_pathc; i++) {
        struct span in = passed_load(found.gl_pathv[i]);
        const struct format *f = format_of(in);
        bool fire = strstr(found.gl_pathv[i], "/fire") != NULL;

        CHECK(f, "%s is not recognised", found.gl_pathv[i]);
        if (f) {
            passed_run(p, f, in, found.gl_pathv[i]);
            CHECK((passed_facts(p, passed_fact_of(found.gl_pathv[i])) > 0) == fire, "%s",
                  found.gl_pathv[i]);
            passed_free(p);
        }
        passed_unload(in);
    }
    globfree(&found);
    free(p);
}

/* A file cut at every step-th byte, and with every step-th byte flipped: no crash, memory given
 * back. */
static inline void passed_sweep(const char *path, const struct format *f, size_t step)
{
    struct passed *p = calloc(1, sizeof *p);
    struct span in = passed_load(path);
    uint8_t *bytes = (uint8_t *)(uintptr_t)in.p;

    for (size_t at = 0; p && at < in.n; at += step) {
        passed_run(p, f, span_of(bytes, at), path);
        passed_free(p);
        for (unsigned bit = 1; bit < 256; bit = bit * 7 + 1) { /* 1, 8, 57 */
            bytes[at] ^= (uint8_t)bit;
            passed_run(p, f, in, path);
            passed_free(p);
            bytes[at] ^= (uint8_t)bit;
        }
    }
    passed_unload(in);
    free(p);
}

#endif
