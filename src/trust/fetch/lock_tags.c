/*
 * Which entries of a lock count for a platform and a Python, and which is the best: docs/LOCK.md,
 * "Which entries count"; PEP 425 (tags), 600 (manylinux), 656 (musllinux).
 */
#include <gnu/libc-version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "trust/fetch/lock.h"

/* "manylinux_2_28_x86_64": family, version, architecture. Of another tag the family is all. */
struct platform {
    struct span family, arch;
    uint32_t major, minor;
    bool versioned;
};

static bool take_number(struct span *in, uint32_t *out)
{
    size_t n = 0;

    *out = 0;
    for (; n < in->n && n < 6 && in->p[n] >= '0' && in->p[n] <= '9'; n++)
        *out = *out * 10 + (uint32_t)(in->p[n] - '0');
    return n > 0 && skip(in, n);
}

static bool take_underscore(struct span *in)
{
    return in->n > 0 && in->p[0] == '_' && skip(in, 1);
}

/* The manylinux tags that were given names before PEP 600 gave them numbers. */
static bool take_old_name(struct span tag, struct platform *out)
{
    static const struct {
        const char *name;
        uint32_t minor;
    } old[] = { { "manylinux1_", 5 }, { "manylinux2010_", 12 }, { "manylinux2014_", 17 } };

    for (size_t i = 0; i < ARRAY_LEN(old); i++)
        if (span_starts(tag, span_text(old[i].name))) {
            *out = (struct platform){ .family = SPAN_LITERAL("manylinux"),
                                      .arch = span_from(tag, strlen(old[i].name)),
                                      .major = 2,
                                      .minor = old[i].minor,
                                      .versioned = true };
            return true;
        }
    return false;
}

static struct platform platform_of(struct span tag)
{
    static const char *const families[] = { "manylinux", "musllinux", "macosx" };
    struct platform p;

    if (take_old_name(tag, &p))
        return p;
    for (size_t i = 0; i < ARRAY_LEN(families); i++) {
        struct span rest = span_from(tag, strlen(families[i]));

        p = (struct platform){ .family = span_text(families[i]), .versioned = true };
        if (span_starts(tag, p.family) && take_underscore(&rest) && take_number(&rest, &p.major) &&
            take_underscore(&rest) && take_number(&rest, &p.minor) && take_underscore(&rest)) {
            p.arch = rest;
            return p;
        }
    }
    p = (struct platform){ .family = tag, .arch = SPAN_EMPTY };
    if (span_starts(tag, SPAN_LITERAL("linux_")))
        p.family = SPAN_LITERAL("linux"), p.arch = span_from(tag, strlen("linux_"));
    return p;
}

static bool is_linux(const struct platform *p)
{
    return span_is(p->family, "manylinux") || span_is(p->family, "musllinux") ||
           span_is(p->family, "linux");
}

static bool arch_suits(const struct platform *tag, const struct platform *target)
{
    if (span_equal(tag->arch, target->arch))
        return true;
    return span_is(tag->family, "macosx") && span_is(tag->arch, "universal2") &&
           (span_is(target->arch, "x86_64") || span_is(target->arch, "arm64"));
}

/* 0: not at all; 1: "any"; 2: "linux_ARCH"; from 3 on, by version. */
static uint32_t rank_platform_tag(struct span tag, const struct platform *target)
{
    struct platform p = platform_of(tag);

    if (span_is(tag, "any"))
        return 1;
    if (!arch_suits(&p, target))
        return 0;
    if (span_is(p.family, "linux"))
        return is_linux(target) ? 2 : 0;
    if (!span_equal(p.family, target->family) || p.versioned != target->versioned)
        return 0;
    if (!p.versioned)
        return 3;
    if (p.major > target->major || (p.major == target->major && p.minor > target->minor))
        return 0;
    return 3 + (p.major < 1000 ? p.major : 1000) * 1000 + (p.minor < 1000 ? p.minor : 999);
}

/* Cuts the next tag off a set of them. */
static bool take_tag(struct span *tags, struct span *tag)
{
    size_t n = 0;

    while (n < tags->n && tags->p[n] != '.')
        n++;
    if (!take(tags, n, tag) || n == 0)
        return false;
    (void)skip(tags, 1);
    return true;
}

static uint32_t rank_platform(const char *tags, const struct lock_target *t)
{
    struct platform target = platform_of(span_text(t->platform));
    struct span rest = span_text(tags), tag;
    uint32_t best = 0;

    while (take_tag(&rest, &tag)) {
        uint32_t rank = rank_platform_tag(tag, &target);

        best = rank > best ? rank : best;
    }
    return best;
}

/* ---- Python ---- */

/* "cp311", "cp313t", "py3": implementation, version, free-threaded. */
struct python {
    struct span kind;
    uint32_t major, minor;
    bool has_minor, free_threaded;
};

static bool python_of(struct span tag, struct python *out)
{
    size_t n = 0;
    struct span rest;

    *out = (struct python){ .kind = SPAN_EMPTY };
    while (n < tag.n && tag.p[n] >= 'a' && tag.p[n] <= 'z')
        n++;
    out->kind = span_of(tag.p, n);
    rest = span_from(tag, n);
    if (n == 0 || rest.n == 0 || rest.p[0] < '0' || rest.p[0] > '9')
        return false;
    out->major = (uint32_t)(rest.p[0] - '0');
    (void)skip(&rest, 1);
    out->has_minor = take_number(&rest, &out->minor);
    out->free_threaded = span_is(rest, "t");
    return rest.n == 0 || out->free_threaded;
}

/* How well one Python tag suits, for an ABI that older ones share or not: 0: not; else 1 and on. */
static uint32_t rank_python_tag(struct span tag, const struct python *target, bool oldest)
{
    struct python p;

    if (!python_of(tag, &p) || p.major != target->major)
        return 0;
    if (span_is(p.kind, "py"))
        return !p.has_minor || p.minor <= target->minor ? 1 + p.minor : 0;
    if (!span_equal(p.kind, target->kind) || (p.has_minor && p.minor > target->minor))
        return 0;
    return oldest || !p.has_minor || p.minor == target->minor ? 1 + p.minor : 0;
}

static uint32_t rank_python(const char *tags, const struct python *target, bool oldest)
{
    struct span rest = span_text(tags ? tags : ""), tag;
    uint32_t best = tags ? 0 : 1;

    while (take_tag(&rest, &tag)) {
        uint32_t rank = rank_python_tag(tag, target, oldest);

        best = rank > best ? rank : best;
    }
    return best;
}

/* Of "none" and "abi3", which count also where no Python is named. */
static uint32_t rank_shared_abi(const struct pratique_locked *f, const struct lock_target *t,
                                bool abi3)
{
    struct python target;
    uint32_t python;

    if (!t->python)
        return abi3 ? 2u << 16 : 1u << 16;
    if (!python_of(span_text(t->python), &target) ||
        (abi3 && (!span_is(target.kind, "cp") || target.free_threaded)))
        return 0;
    python = rank_python(f->python, &target, abi3);
    return python ? (abi3 ? 2u << 16 : 1u << 16) + (python < 60000 ? python : 60000) : 0;
}

static uint32_t rank_abi_tag(const struct pratique_locked *f, const struct lock_target *t,
                             struct span tag)
{
    struct python target;

    if (span_is(tag, "none") || span_is(tag, "abi3"))
        return rank_shared_abi(f, t, span_is(tag, "abi3"));
    if (!t->python || !span_is(tag, t->python) || !python_of(tag, &target))
        return 0;
    return rank_python(f->python, &target, false) ? 3u << 16 : 0;
}

uint64_t lock_rank(const struct pratique_locked *f, const struct lock_target *t)
{
    uint32_t platform = rank_platform(f->platform, t), best = 0;
    struct span rest = span_text(f->abi), tag;

    while (take_tag(&rest, &tag)) {
        uint32_t rank = rank_abi_tag(f, t, tag);

        best = rank > best ? rank : best;
    }
    return platform && best ? (uint64_t)best << 32 | platform : 0;
}

/* ---- the choice ---- */

/* A file by its name: the place in the list of those chosen, while they are sorted by name. */
struct pick {
    size_t i;
    const char *name;
    uint64_t rank;
};

static int by_name_then_best(const void *a, const void *b)
{
    const struct pick *x = a, *y = b;
    int n = strcmp(x->name, y->name);

    if (n == 0 && x->rank != y->rank)
        return x->rank > y->rank ? -1 : 1;
    return n ? n : (x->i > y->i) - (x->i < y->i);
}

static int by_place(const void *a, const void *b)
{
    const size_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

size_t lock_choose(const struct pratique_lock *lock, const struct lock_target *t, size_t *chosen,
                   bool *unnamed)
{
    struct pick *picks = calloc(lock->n + 1, sizeof *picks);
    size_t n = 0, kept = 0;

    *unnamed = false;
    for (size_t i = 0; picks && i < lock->n; i++) {
        uint64_t rank = lock_rank(&lock->files[i], t);

        if (rank)
            picks[n++] = (struct pick){ i, lock->files[i].name, rank };
        else if (!t->python && rank_platform(lock->files[i].platform, t))
            *unnamed = true;
    }
    if (n)
        qsort(picks, n, sizeof *picks, by_name_then_best);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || strcmp(picks[i].name, picks[i - 1].name) != 0)
            chosen[kept++] = picks[i].i;
    qsort(chosen, kept, sizeof *chosen, by_place);
    free(picks);
    return kept;
}

/* ---- the target ---- */

void lock_platform(char *out, size_t n)
{
    struct span version = span_text(gnu_get_libc_version());
    uint32_t major = 2, minor = 0;
    struct utsname system;
    const char *machine = uname(&system) == 0 ? system.machine : "unknown";

#if defined(__x86_64__)
    machine = "x86_64"; /* also where the kernel says something else */
#elif defined(__aarch64__)
    machine = "aarch64";
#endif
    if (!take_number(&version, &major) || !skip(&version, 1) || !take_number(&version, &minor))
        major = 2, minor = 17;
    (void)snprintf(out, n, "manylinux_%u_%u_%.60s", major, minor, machine);
}

const char *lock_target_fault(const struct lock_target *t)
{
    struct python python;

    if (lock_tags_fault(span_text(t->platform)) || strchr(t->platform, '.') ||
        strcmp(t->platform, "any") == 0)
        return "the platform should be one tag, such as manylinux_2_28_x86_64 or win_amd64";
    if (t->python && (!python_of(span_text(t->python), &python) || !python.has_minor))
        return "the Python should be one tag with its version, such as cp311";
    return NULL;
}
