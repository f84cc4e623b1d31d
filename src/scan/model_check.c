/* What the files of a model say of one another, and whether it holds. See model.h. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/utf8.h"
#include "format/python/unicode.h"
#include "format/safetensors/names.h"
#include "scan/model.h"

/* Of the modules that one file names no more are looked for. */
#define SAME_MAX 50
/* Of any kind no more than that are told: a folder of pickles would leave no room for the rest. */
#define TOLD_MAX 1000
/* Sets of shards with one stem that are held against their twins. */
#define SETS_MAX 16

struct checks {
    const struct model_set *m;
    const struct model_folder *folder;
    struct task *t;
    const struct where *root;
    struct arena arena; /* while they run */
    size_t seen;        /* files looked at for the sake of twins */
    bool full;          /* not all of them were */
    uint16_t told[FACT_KINDS];
};

static void tell(struct checks *c, enum fact_kind kind, struct span subject, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
static void tell(struct checks *c, enum fact_kind kind, struct span subject, const char *fmt, ...)
{
    char text[FACT_DETAIL_MAX];
    va_list ap;

    if (c->told[kind] == TOLD_MAX) /* the verdict is made: more say nothing new */
        return;
    c->told[kind]++;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    facts_add(&c->t->facts, &(struct fact){ .kind = kind,
                                            .where = c->root,
                                            .offset = PRATIQUE_NO_OFFSET,
                                            .subject = subject,
                                            .detail = span_text(text) });
}

/* A file's path as from the model's folder. */
static struct span inside(const struct checks *c, const struct model_file *f)
{
    return span_from(f->path, c->folder->path.n);
}

/* ---- verdicts ---- */

static void check_verdict(struct checks *c, const struct model_file *f)
{
    static const enum fact_kind kinds[][2] = {
        [PRATIQUE_UNDECIDED] = { FACT_FOLDER_UNDECIDED, FACT_FOLDER_UNUSED_UNDECIDED },
        [PRATIQUE_HOLD] = { FACT_FOLDER_HELD, FACT_FOLDER_UNUSED_HELD },
        [PRATIQUE_REFUSE] = { FACT_FOLDER_REFUSED, FACT_FOLDER_UNUSED_REFUSED },
    };
    const struct pratique_finding *why = f->gravest;

    if (f->verdict == PRATIQUE_ADMIT)
        return;
    if (why)
        tell(c, kinds[f->verdict][model_is_unused(f)], inside(c, f), "%s: %s%s%s", why->rule->id,
             why->rule->message, why->subject[0] ? ": " : "", why->subject);
    else
        tell(c, kinds[f->verdict][model_is_unused(f)], inside(c, f), "%s", "");
}

/* ---- pickles ---- */

static bool is_weights(const struct model_file *f)
{
    return strncmp(f->role, "weights", 7) == 0 || strcmp(f->role, "shard") == 0;
}

static void check_twin(struct checks *c, const struct model_file *f)
{
    struct model_twins twins;
    bool differ;

    if (!f->twin)
        return;
    if (c->seen > c->m->n * SETS_MAX) { /* a set costs a look at all files of its stem */
        c->full = true;
        return;
    }
    differ = model_twins_differ(c->m, f, &twins);
    c->seen += twins.seen;
    if (differ)
        tell(c, FACT_FOLDER_TWIN_DIFFERS, inside(c, f),
             "%.*s, which a loader opens, holds %s: %" PRIu64 " bytes, here %" PRIu64,
             (int)inside(c, f->twin).n, (const char *)inside(c, f->twin).p, twins.how,
             twins.twin_bytes, twins.bytes);
}

static void check_pickle(struct checks *c, const struct model_file *f)
{
    if (!f->pickle || !is_weights(f) || f->verdict == PRATIQUE_REFUSE)
        return;
    check_twin(c, f);
    if (f->twin)
        tell(c, FACT_FOLDER_TWIN, inside(c, f), "%.*s is what a loader opens; this one can go",
             (int)inside(c, f->twin).n, (const char *)inside(c, f->twin).p);
    else if (!model_is_unused(f))
        tell(c, FACT_FOLDER_PICKLE, inside(c, f), "%.*s", (int)f->format.n,
             (const char *)f->format.p);
}

/* ---- what files need ---- */

/* A path that a file names: from its own folder, else from the model's. */
static const struct model_file *find_named(struct checks *c, const struct model_file *by,
                                           struct span path, bool *is_folder)
{
    const struct span from[] = { model_folder_of(by->path), c->folder->path };
    const struct model_file *f = NULL;

    *is_folder = false;
    for (size_t i = 0; !f && !*is_folder && i < ARRAY_LEN(from); i++) {
        struct span full = model_resolve(&c->arena, from[i], path);
        char *below = arena_printf(&c->arena, "%.*s/", (int)full.n, (const char *)full.p);

        f = model_set_file(c->m, full);
        *is_folder = !f && (full.n == 0 || span_ends(full, SPAN_LITERAL("/")) ||
                            (below && models_has_folder(c->m, span_text(below))));
    }
    return f;
}

/* A subject of a fact may have been cut. */
static bool is_cut(struct span path)
{
    return path.n > FACT_SUBJECT_MAX - 16;
}

static void check_need(struct checks *c, const struct model_file *f, const struct model_need *need)
{
    bool is_folder;
    const struct model_file *to = find_named(c, f, need->path, &is_folder);

    if (is_cut(need->path))
        return;
    if (!to && !is_folder)
        tell(c, FACT_FOLDER_MISSING, need->path, "%.*s names it: %.*s", (int)inside(c, f).n,
             (const char *)inside(c, f).p, (int)need->what.n, (const char *)need->what.p);
    else if (to && need->end > to->size)
        tell(c, FACT_FOLDER_SHORT, need->path,
             "%.*s reads it up to byte %" PRIu64 ", %" PRIu64 " are there", (int)inside(c, f).n,
             (const char *)inside(c, f).p, need->end, to->size);
}

static void check_needs(struct checks *c, const struct model_file *f)
{
    for (size_t i = 0; i < f->needs_n; i++)
        check_need(c, f, &f->needs[i]);
}

/* ---- indexes ---- */

static void check_shard(struct checks *c, const struct model_file *index,
                        const struct model_shard *s, uint64_t *bytes, bool *all)
{
    bool is_folder;
    const struct model_file *f = find_named(c, index, s->path, &is_folder);

    if (!f && !is_cut(s->path))
        tell(c, FACT_FOLDER_MISSING, s->path, "%.*s gives it %" PRIu64 " tensors",
             (int)inside(c, index).n, (const char *)inside(c, index).p, s->tensors);
    *all &= f && f->names.n > 0;
    if (!f || f->names.n == 0)
        return;
    *bytes += f->tensor_bytes;
    if (f->tensors != s->tensors || !span_equal(f->names, s->names))
        tell(c, FACT_FOLDER_NAMES, inside(c, f),
             f->tensors == s->tensors ? "%.*s gives it %" PRIu64 " tensors, it holds %" PRIu64
                                        " of other names"
                                      : "%.*s gives it %" PRIu64 " tensors, it holds %" PRIu64,
             (int)inside(c, index).n, (const char *)inside(c, index).p, s->tensors, f->tensors);
}

static int by_shard(const void *a, const void *b)
{
    return span_order(((const struct model_shard *)a)->path, ((const struct model_shard *)b)->path);
}

/* Shards with the stem of those that the index names: "model-00003-of-00002.safetensors". */
static void check_strays(struct checks *c, const struct model_file *index,
                         const struct model_shard *list, size_t n)
{
    struct span folder = model_folder_of(index->path),
                first = model_resolve(&c->arena, folder, list[0].path);
    struct model_part named, part;

    if (!model_part(first, &named))
        return;
    for (size_t i = model_set_at(c->m, named.stem);
         i < c->m->n && span_starts(c->m->files[i]->path, named.stem); i++) {
        const struct model_file *f = c->m->files[i];
        struct model_shard key = { .path = span_from(f->path, folder.n) };

        if (model_part(f->path, &part) && span_equal(part.stem, named.stem) &&
            span_equal(part.ending, named.ending) && !bsearch(&key, list, n, sizeof key, by_shard))
            tell(c, FACT_FOLDER_STRAY, inside(c, f), "%.*s", (int)inside(c, index).n,
                 (const char *)inside(c, index).p);
    }
}

/* A sum of hashes, as a fact tells it. */
static uint64_t sum_of(struct span names)
{
    char digits[NAMES_TEXT_N] = "";

    memcpy(digits, names.p, names.n < sizeof digits ? names.n : sizeof digits - 1);
    return strtoull(digits, NULL, 16);
}

/* "model.safetensors" goes before "model.safetensors.index.json": are they the same weights? */
static void check_whole(struct checks *c, const struct model_file *index)
{
    size_t at = span_find(index->path, 0, SPAN_LITERAL(".index."));
    const struct model_file *whole =
        at == SIZE_MAX ? NULL : model_set_file(c->m, span_of(index->path.p, at));
    uint64_t sum = 0;

    for (size_t i = 0; i < index->shards_n; i++)
        sum += sum_of(index->shards[i].names);
    if (whole && whole->names.n > 0 && index->shards_n > 0 && sum != sum_of(whole->names))
        tell(c, FACT_FOLDER_WHOLE, inside(c, whole), "%.*s", (int)inside(c, index).n,
             (const char *)inside(c, index).p);
}

static void check_index(struct checks *c, const struct model_file *f)
{
    struct model_shard *list = arena_array(&c->arena, f->shards_n + 1, sizeof *list);
    uint64_t bytes = 0;
    bool all = true;

    if (f->shards_n == 0 || !list)
        return;
    memcpy(list, f->shards, f->shards_n * sizeof *list);
    qsort(list, f->shards_n, sizeof *list, by_shard);
    for (size_t i = 0; i < f->shards_n; i++)
        check_shard(c, f, &list[i], &bytes, &all);
    check_strays(c, f, list, f->shards_n);
    check_whole(c, f);
    if (all && f->index_bytes && f->index_bytes != bytes)
        tell(c, FACT_FOLDER_SIZE, inside(c, f),
             "it says %" PRIu64 " bytes, the tensors take %" PRIu64, f->index_bytes, bytes);
}

/* ---- parts that are numbered ---- */

static int by_part(const void *a, const void *b)
{
    const struct model_part *x = a, *y = b;
    int order = span_order(x->stem, y->stem);

    order = order ? order : span_order(x->ending, y->ending);
    order = order ? order : (x->of > y->of) - (x->of < y->of);
    return order ? order : (x->number > y->number) - (x->number < y->number);
}

static bool is_same_set(const struct model_part *a, const struct model_part *b)
{
    return a->of == b->of && span_equal(a->stem, b->stem) && span_equal(a->ending, b->ending);
}

/* The first number that a sorted set lacks, of those from first to last; past last: none. *lacks:
 * how many. */
static uint32_t first_missing(const struct model_part *list, size_t n, uint32_t first,
                              uint32_t last, uint32_t *lacks)
{
    uint32_t next = first, missing = last + 1;

    *lacks = 0;
    for (size_t i = 0; i <= n; i++) {
        uint32_t at = i < n ? list[i].number : last + 1;

        if (at > next) {
            missing = *lacks ? missing : next;
            *lacks += at - next;
        }
        next = at + 1 > next ? at + 1 : next;
    }
    return missing;
}

/* One set of parts, n of them, sorted. They are counted from 1; those of TensorFlow from 0. */
static void check_set(struct checks *c, const struct model_part *list, size_t n)
{
    uint32_t first = list->number == 0 ? 0 : 1, last = list->of - 1 + first, lacks, missing;
    char *name;

    if (list->of == 0)
        return;
    missing = first_missing(list, n, first, last, &lacks);
    if (missing > last)
        return;
    name = arena_printf(&c->arena, "%.*s-%05u-of-%05u%.*s", (int)(list->stem.n - c->folder->path.n),
                        (const char *)list->stem.p + c->folder->path.n, missing, list->of,
                        (int)list->ending.n, (const char *)list->ending.p);
    if (name)
        tell(c, FACT_FOLDER_MISSING, span_text(name), "%u of %u parts are not there", lacks,
             list->of);
}

static void check_numbers(struct checks *c)
{
    size_t max = c->folder->to - c->folder->from, n = 0, from = 0;
    struct model_part *list = arena_array(&c->arena, max, sizeof *list);

    for (size_t i = c->folder->from; list && i < c->folder->to; i++) {
        const struct model_file *f = c->m->files[i];

        n += is_weights(f) && model_part(f->path, &list[n]);
    }
    if (list && n > 1)
        qsort(list, n, sizeof *list, by_part);
    for (size_t i = 1; i <= n; i++)
        if (i == n || !is_same_set(&list[from], &list[i])) {
            check_set(c, &list[from], i - from);
            from = i;
        }
}

/* ---- code ---- */

/* "modeling_x.Class", or a path "handler.py", names modeling_x.py. */
static const struct model_file *find_module(struct checks *c, const struct model_file *by,
                                            struct span name)
{
    struct span module = span_ends(name, SPAN_LITERAL(".py")) ? span_of(name.p, name.n - 3) : name;
    bool is_folder;

    for (;;) {
        char *path = arena_printf(&c->arena, "%.*s.py", (int)module.n, (const char *)module.p);
        const struct model_file *f;
        const uint8_t *dot;

        for (char *p = path; p && p < path + module.n; p++)
            *p = *p == '.' || *p == ':' ? '/' : *p;
        f = path ? find_named(c, by, span_text(path), &is_folder) : NULL;
        dot = memrchr(module.p, '.', module.n);
        if (f || !dot)
            return f;
        module.n = (size_t)(dot - module.p);
    }
}

static void check_code(struct checks *c, const struct model_file *f)
{
    for (size_t i = 0; i < f->codes_n && i < SAME_MAX; i++) {
        const struct model_file *code = find_module(c, f, f->codes[i]);

        if (code)
            tell(c, FACT_FOLDER_CODE, inside(c, code), "%s", pratique_verdict_name(code->verdict));
        else
            tell(c, FACT_FOLDER_CODE_MISSING, f->codes[i], "%.*s names it", (int)inside(c, f).n,
                 (const char *)inside(c, f).p);
    }
}

/* Code that no configuration names: what runs it goes by its name. */
static void check_entry(struct checks *c, const struct model_file *f)
{
    const char *by = model_entry(c->folder, inside(c, f));

    if (by)
        tell(c, FACT_FOLDER_ENTRY, inside(c, f), "%s", by);
}

/* ---- names that some systems take for one ---- */

/* Small letters where case is a matter of adding: ASCII, Latin-1, Greek, Cyrillic. */
static uint32_t small(uint32_t c)
{
    if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) ||
        (c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F))
        return c + 0x20;
    return c >= 0x400 && c <= 0x40F ? c + 0x50 : c;
}

struct key {
    struct span folded;
    const struct model_file *file;
};

static bool fold(struct checks *c, struct key *key, const struct model_file *f)
{
    struct span rest;
    struct buf nfkc;
    uint8_t *text;
    size_t n = 0;

    *key = (struct key){ f->path, f };
    buf_init(&nfkc, f->path.n * 20 + 64);
    if (!py_nfkc(&nfkc, f->path)) {
        buf_free(&nfkc);
        return false;
    }
    rest = span_of(nfkc.p, nfkc.n);
    text = arena_alloc(&c->arena, nfkc.n * 2 + 4);
    while (text && rest.n > 0) {
        uint32_t point;
        size_t len = utf8_decode(rest, &point);

        n += len ? utf8_put(small(point), text + n) : 0;
        (void)skip(&rest, len ? len : 1);
    }
    buf_free(&nfkc);
    key->folded = text ? span_of(text, n) : f->path;
    return text != NULL;
}

static int by_folded(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    int order = span_order(x->folded, y->folded);

    return order ? order : span_order(x->file->path, y->file->path);
}

static void check_names(struct checks *c)
{
    size_t n = c->folder->to - c->folder->from;
    struct key *keys = arena_array(&c->arena, n, sizeof *keys);

    if (!keys)
        return;
    for (size_t i = 0; i < n; i++)
        (void)fold(c, &keys[i], c->m->files[c->folder->from + i]);
    qsort(keys, n, sizeof *keys, by_folded);
    for (size_t i = 1; i < n; i++)
        if (span_equal(keys[i].folded, keys[i - 1].folded))
            tell(c, FACT_FOLDER_NAME_TWIN, inside(c, keys[i].file), "and %.*s",
                 (int)inside(c, keys[i - 1].file).n, (const char *)inside(c, keys[i - 1].file).p);
}

/* ---- papers ---- */

static bool says_license(const struct model_file *f)
{
    if (strcmp(f->role, "license") == 0)
        return true;
    for (size_t i = 0; i < f->says_n; i++)
        if (span_is(f->says[i].key, "license"))
            return true;
    return false;
}

static void check_papers(struct checks *c)
{
    bool licensed = false;

    for (size_t i = c->folder->from; i < c->folder->to; i++) {
        const struct model_file *f = c->m->files[i];

        licensed |= says_license(f);
        if (strcmp(f->role, "provenance") == 0)
            tell(c, FACT_FOLDER_PROVENANCE, inside(c, f), "%.*s", (int)f->format.n,
                 (const char *)f->format.p);
    }
    if (!licensed)
        tell(c, FACT_FOLDER_NO_LICENSE, SPAN_EMPTY, "%s", "");
}

void model_checks(const struct model_set *m, const struct model_folder *folder, struct task *t,
                  const struct where *root)
{
    struct checks c = { .m = m, .folder = folder, .t = t, .root = root };

    arena_init(&c.arena, TASK_ARENA_MAX);
    for (size_t i = folder->from; i < folder->to; i++) {
        check_verdict(&c, m->files[i]);
        check_pickle(&c, m->files[i]);
        check_needs(&c, m->files[i]);
        check_index(&c, m->files[i]);
        check_code(&c, m->files[i]);
        check_entry(&c, m->files[i]);
    }
    check_numbers(&c);
    check_names(&c);
    check_papers(&c);
    if (m->full || c.full)
        tell(&c, FACT_FOLDER_FULL, SPAN_EMPTY, "%s", "");
    t->facts.full |= c.arena.exhausted;
    arena_reset(&c.arena);
}
