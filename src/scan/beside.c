/* See beside.h. */
#include "scan/beside.h"

#include <string.h>

#include "base/compiler.h"
#include "format/model/model.h"

#define KEPT_MAX   ((size_t)16 << 20) /* of claims; past it later ones are not kept */
#define CLAIMS_MAX 8192
/* Runtimes align what they write; more than that at the end belongs to no tensor. */
#define SLACK UINT64_C(65536)

struct beside_claim {
    const char *path; /* of the file that is named */
    uint64_t hash;    /* of it */
    uint64_t end;
    struct beside_claim *next;
};

void beside_init(struct beside *b)
{
    *b = (struct beside){ .first = NULL };
    arena_init(&b->arena, KEPT_MAX);
}

void beside_free(struct beside *b)
{
    arena_reset(&b->arena);
    b->first = NULL;
}

/* FNV-1a. */
static uint64_t hash_of(const char *text)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);

    for (; *text; text++)
        h = (h ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
    return h;
}

static size_t folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* Models that name such files, by what their reports say they are. */
static bool is_model(const struct task *t)
{
    return t->state == TASK_DONE && t->end.format &&
           (strncmp(t->end.format, "ONNX", 4) == 0 || strncmp(t->end.format, "OpenVINO", 8) == 0);
}

/* A file in the model's folder, or below it, of which some is read. */
static bool is_claim(const struct fact *f)
{
    return f->kind == FACT_ONNX_EXTERNAL && f->number > 0 && f->where && !f->where->parent &&
           model_path_flags(f->subject) == 0;
}

static struct span plain(struct span path)
{
    while (span_starts(path, SPAN_LITERAL("./")))
        (void)skip(&path, 2);
    return path;
}

static bool fits(uint64_t size, uint64_t end)
{
    return end <= size && size - end <= SLACK;
}

/* Whether that task's model names t, with all of its bytes. */
static bool names(const struct task *model, const struct task *t)
{
    size_t n = folder_of(model->path);
    struct span rest;

    if (model == t || !is_model(model) || strncmp(model->path, t->path, n) != 0)
        return false;
    rest = span_text(t->path + n);
    for (size_t i = 0; i < model->facts.n; i++) {
        const struct fact *f = &model->facts.list[i];

        if (is_claim(f) && span_equal(plain(f->subject), rest) && fits(t->size, f->number))
            return true;
    }
    return false;
}

static bool is_named(const struct beside *b, const struct task *list, const struct task *t)
{
    uint64_t hash = hash_of(t->path);

    for (const struct beside_claim *c = b->first; c; c = c->next)
        if (c->hash == hash && strcmp(c->path, t->path) == 0 && fits(t->size, c->end))
            return true;
    for (; list; list = list->next)
        if (names(list, t))
            return true;
    return false;
}

/* Below this a search costs less than waiting. */
#define LARGE (UINT64_C(8) << 20)

static bool ends_as(const char *path, const char *end)
{
    return span_ends(span_text(path), span_text(end));
}

/* By their names: what comes of a wrong guess is a wait. */
static bool may_name_others(const char *path)
{
    return ends_as(path, ".onnx") || ends_as(path, ".xml") || ends_as(path, ".ort");
}

bool beside_holds(const struct task *list, const struct task *t)
{
    if (t->size < LARGE || may_name_others(t->path))
        return false;
    for (; list && list != t; list = list->next)
        if (list->state != TASK_DONE && may_name_others(list->path) &&
            strncmp(list->path, t->path, folder_of(list->path)) == 0)
            return true;
    return false;
}

void beside_note(const struct beside *b, const struct task *list, struct task *t)
{
    t->numbers = t->size >= LARGE && is_named(b, list, t);
}

/* The fact that the whole of t is of no known format, or NULL. */
static struct fact *unknown_fact(const struct task *t)
{
    for (size_t i = 0; t->state == TASK_DONE && i < t->facts.n; i++) {
        struct fact *f = &t->facts.list[i];

        if (f->kind == FACT_UNKNOWN_CONTENT && f->where && !f->where->parent)
            return f;
    }
    return NULL;
}

bool beside_waits(const struct beside *b, const struct task *list, const struct task *t, bool more)
{
    return more && unknown_fact(t) && !is_named(b, list, t);
}

/* Keeps what a model names until the end of the run. */
static void keep(struct beside *b, const struct task *t)
{
    size_t n = folder_of(t->path);

    for (size_t i = 0; i < t->facts.n && b->n < CLAIMS_MAX; i++) {
        const struct fact *f = &t->facts.list[i];
        struct span path = plain(f->subject);
        struct beside_claim *c = is_claim(f) ? arena_alloc(&b->arena, sizeof *c) : NULL;

        if (!c)
            continue;
        c->path =
            arena_printf(&b->arena, "%.*s%.*s", (int)n, t->path, (int)path.n, (const char *)path.p);
        if (!c->path)
            return;
        c->hash = hash_of(c->path);
        c->end = f->number;
        c->next = b->first;
        b->first = c;
        b->n++;
    }
}

/*
 * Of a long file the head and the tail were searched: what lies between are numbers, which are not
 * read in any other format either.
 */
static void forget_search_limit(struct task *t)
{
    size_t n = 0;

    for (size_t i = 0; i < t->facts.n; i++) {
        const struct fact *f = &t->facts.list[i];

        if (f->kind != FACT_LIMIT || !f->where || f->where->parent ||
            !span_is(f->subject, "search"))
            t->facts.list[n++] = *f;
    }
    t->facts.n = n;
}

void beside_settle(struct beside *b, const struct task *list, struct task *t)
{
    struct fact *unknown = unknown_fact(t);

    if (is_model(t))
        keep(b, t);
    if (!unknown || !is_named(b, list, t))
        return;
    unknown->kind = FACT_READ;
    unknown->offset = PRATIQUE_NO_OFFSET;
    unknown->number = t->size;
    unknown->subject = SPAN_LITERAL("tensors");
    unknown->detail = SPAN_LITERAL("numbers of a model beside it, not read");
    t->end.format = "tensors";
    forget_search_limit(t);
}
