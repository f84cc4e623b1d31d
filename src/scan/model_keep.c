/* What is kept of each file for the report on its folder. See model.h. */
#include "scan/model.h"

#include <stdlib.h>
#include <string.h>

#include "fact/model.h"

#define KEPT_MAX   ((size_t)128 << 20)
#define PATH_MAX_N 4096

void model_set_init(struct model_set *m)
{
    *m = (struct model_set){ .root = SIZE_MAX };
    arena_init(&m->arena, KEPT_MAX);
}

void model_set_free(struct model_set *m)
{
    free(m->files);
    free(m->given);
    arena_reset(&m->arena);
    model_set_init(m);
}

/* What the user named, without slashes at its end; its length. */
static size_t root_n(const char *given)
{
    size_t n = strlen(given);

    while (n > 0 && given[n - 1] == '/')
        n--;
    return n;
}

static struct span keep(struct model_set *m, struct span s)
{
    char *copy = arena_copy(&m->arena, s.p, s.n);

    return copy ? span_of(copy, s.n) : SPAN_EMPTY;
}

/* Facts of the file itself, not of what it holds. */
static bool is_own(const struct fact *f)
{
    return f->where && !f->where->parent;
}

static size_t count_kind(const struct task *t, enum fact_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < t->facts.n && n < MODEL_LIST_MAX; i++)
        n += t->facts.list[i].kind == kind;
    return n;
}

/* A list with room for every fact of that kind; NULL for none. */
static void *list_for(struct model_set *m, const struct task *t, enum fact_kind kind, size_t size)
{
    size_t n = count_kind(t, kind);

    return n ? arena_array(&m->arena, n, size) : NULL;
}

static void make_lists(struct model_set *m, const struct task *t, struct model_file *f)
{
    f->needs = list_for(m, t, FACT_MODEL_NEEDS, sizeof *f->needs);
    f->shards = list_for(m, t, FACT_INDEX_SHARD, sizeof *f->shards);
    f->says = list_for(m, t, FACT_MODEL_SAYS, sizeof *f->says);
    f->codes = list_for(m, t, FACT_MODEL_CODE, sizeof *f->codes);
}

/* The same file again and again (each tensor of an ONNX model) is one need, up to its far end. */
static void add_need(struct model_set *m, struct model_file *f, const struct fact *fact)
{
    struct model_need *last = f->needs && f->needs_n ? &f->needs[f->needs_n - 1] : NULL;

    if (last && span_equal(last->path, fact->subject)) {
        last->end = fact->number > last->end ? fact->number : last->end;
        return;
    }
    if (f->needs && f->needs_n < MODEL_LIST_MAX)
        f->needs[f->needs_n++] =
            (struct model_need){ keep(m, fact->subject), keep(m, fact->detail), fact->number };
}

static uint64_t number_of(struct span text)
{
    char digits[32] = "";

    memcpy(digits, text.p, text.n < sizeof digits ? text.n : sizeof digits - 1);
    return strtoull(digits, NULL, 10);
}

static void add_fact(struct model_set *m, struct model_file *f, const struct fact *fact)
{
    switch (fact->kind) {
    case FACT_READ:
        if (f->format.n == 0) {
            f->format = keep(m, fact->subject);
            f->detail = keep(m, fact->detail);
        }
        break;
    case FACT_MODEL_NEEDS:
        add_need(m, f, fact);
        break;
    case FACT_ONNX_EXTERNAL: /* of the need before it */
        if (f->needs && f->needs_n && span_equal(f->needs[f->needs_n - 1].path, fact->subject))
            add_need(m, f, fact);
        break;
    case FACT_MODEL_SAYS:
        if (f->says && f->says_n < MODEL_LIST_MAX)
            f->says[f->says_n++] =
                (struct model_say){ keep(m, fact->subject), keep(m, fact->detail) };
        break;
    case FACT_MODEL_CODE:
        if (f->codes && f->codes_n < MODEL_LIST_MAX && fact->flags & MC_BESIDE)
            f->codes[f->codes_n++] = keep(m, fact->subject);
        break;
    case FACT_SAFETENSORS_NAMES:
        f->names = keep(m, fact->subject);
        f->tensors = fact->number;
        f->tensor_bytes = number_of(fact->detail);
        break;
    case FACT_INDEX_SHARD:
        if (f->shards && f->shards_n < MODEL_LIST_MAX)
            f->shards[f->shards_n++] =
                (struct model_shard){ keep(m, fact->subject), keep(m, fact->detail), fact->number };
        break;
    case FACT_INDEX_SIZE:
        f->index_bytes = fact->number;
        break;
    case FACT_LINK_INSIDE:
        f->link =
            keep(m, span_starts(fact->detail, SPAN_LITERAL("to ")) ? span_from(fact->detail, 3)
                                                                   : fact->detail);
        break;
    default:
        break;
    }
}

/* The first finding is the gravest; its texts are the report's and are copied. */
static const struct pratique_finding *copy_finding(struct model_set *m,
                                                   const struct pratique_report *rep)
{
    const struct pratique_finding *f = pratique_report_finding(rep, 0);
    struct pratique_finding *copy;

    if (!f || pratique_report_verdict(rep) == PRATIQUE_ADMIT)
        return NULL;
    copy = arena_alloc(&m->arena, sizeof *copy);
    if (!copy)
        return NULL;
    *copy = (struct pratique_finding){ .rule = f->rule, .severity = f->severity };
    copy->subject = arena_copy(&m->arena, f->subject, strnlen(f->subject, 200));
    return copy->subject ? copy : NULL;
}

static const char *sha256_of_task(struct model_set *m, const struct task *t)
{
    char hex[SHA256_HEX];
    const char *copy;

    if (!(t->end.flags & WIRE_END_SHA256))
        return "";
    sha256_hex(t->end.sha256, hex);
    copy = arena_copy(&m->arena, hex, strlen(hex));
    return copy ? copy : "";
}

/* Those of the file, or of the pickle in it. */
static void add_sketches(struct model_set *m, struct model_file *f, const struct fact *fact)
{
    bool near = fact->where && (!fact->where->parent || !fact->where->parent->parent);

    if (fact->kind != FACT_TENSORS || !near || f->by_name.n > 0)
        return;
    f->by_name = keep(m, fact->subject);
    f->by_size = keep(m, fact->detail);
}

static bool is_pickle(const struct fact *fact)
{
    return fact->kind == FACT_READ && (span_starts(fact->subject, SPAN_LITERAL("pickle")) ||
                                       span_is(fact->subject, "torch legacy"));
}

static void fill(struct model_set *m, struct model_file *f, const struct task *t,
                 const struct pratique_report *rep)
{
    f->size = t->size;
    f->verdict = pratique_report_verdict(rep);
    f->sha256 = sha256_of_task(m, t);
    f->gravest = copy_finding(m, rep);
    make_lists(m, t, f);
    for (size_t i = 0; i < t->facts.n; i++) {
        const struct fact *fact = &t->facts.list[i];

        if (is_own(fact))
            add_fact(m, f, fact);
        add_sketches(m, f, fact);
        f->pickle |= is_pickle(fact);
    }
    if (*t->end.format)
        f->format = keep(m, span_text(t->end.format));
}

static struct model_file *new_file(struct model_set *m)
{
    size_t size = m->size ? m->size * 2 : 64;
    struct model_file **files = m->files;

    if (m->n == MODEL_FILES_MAX)
        return NULL;
    if (m->n == m->size) {
        files = reallocarray(m->files, size, sizeof *files);
        if (!files)
            return NULL;
        m->files = files;
        m->size = size;
    }
    return arena_alloc(&m->arena, sizeof **files);
}

static bool begin_root(struct model_set *m, const struct task *t, const char *given)
{
    size_t n = root_n(given);

    m->root = t->root;
    m->given = calloc(n + 2, 1);
    if (!m->given)
        return false;
    memcpy(m->given, given, n);
    m->given[n] = '/';
    return true;
}

void model_set_note(struct model_set *m, const struct task *t, const struct pratique_report *rep,
                    const char *given)
{
    size_t n = root_n(given);
    struct model_file *f;

    if (strlen(t->path) <= n + 1 || strncmp(t->path, given, n) != 0)
        return; /* the path itself: a file, and no folder around it */
    if (!m->given && !begin_root(m, t, given)) {
        m->full = true;
        return;
    }
    f = new_file(m);
    if (f) {
        f->path = fact_printable(&m->arena, span_text(t->path + n + strspn(t->path + n, "/")),
                                 PATH_MAX_N);
        fill(m, f, t, rep);
    }
    if (f && !m->arena.exhausted)
        m->files[m->n++] = f;
    else
        m->full = true;
}
