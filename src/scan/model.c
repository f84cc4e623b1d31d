/* The report on a model as a whole. See model.h. */
#include "scan/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"

/* What the folder says of itself is what its files say; the first that says something counts. */
static struct span said(const struct model_set *m, const struct model_folder *folder,
                        const char *key)
{
    for (size_t i = folder->from; i < folder->to; i++) {
        const struct model_file *f = m->files[i];

        for (size_t k = 0; k < f->says_n; k++)
            if (span_is(f->says[k].key, key))
                return f->says[k].value;
    }
    return SPAN_EMPTY;
}

/* The library that the model card names is better than a guess by names of files. */
static const char *kind_of(const struct model_set *m, const struct model_folder *folder)
{
    static const char *const known[] = { "timm",      "open_clip", "sentence-transformers",
                                         "keras-hub", "setfit",    "span-marker",
                                         "mlx" };
    struct span library = said(m, folder, "library");

    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (strcmp(folder->kind, "transformers") == 0 && span_is(library, known[i]))
            return known[i];
    return folder->kind;
}

/* A file of the model, as a component with what it is for: report_components() reads the refs. */
static void add_component(struct task *t, const struct model_set *m, const struct model_file *f)
{
    struct span path = fact_printable(&t->arena, span_text(m->given), WIRE_NAME_MAX);
    char *full = arena_printf(&t->arena, "%.*s%.*s", (int)path.n, (const char *)path.p,
                              (int)f->path.n, (const char *)f->path.p);
    struct fact fact = { .kind = FACT_READ,
                         .offset = PRATIQUE_NO_OFFSET,
                         .number = f->size,
                         .subject = f->format,
                         .detail = f->detail,
                         .refs_n = COMPONENT_REFS };

    fact.where = full ? facts_where(&t->facts, NULL, span_text(full)) : NULL;
    fact.refs[COMPONENT_ROLE] = span_text(f->role);
    fact.refs[COMPONENT_SHA256] = span_text(f->sha256);
    fact.refs[COMPONENT_VERSION] = SPAN_EMPTY;
    for (size_t i = 0; i < f->says_n; i++)
        if (span_is(f->says[i].key, "version"))
            fact.refs[COMPONENT_VERSION] = f->says[i].value;
    if (fact.where)
        facts_add(&t->facts, &fact);
    else
        t->facts.full = true;
}

/* Of the same key and value once: each part of a model may say the same. */
static void add_says(struct task *t, const struct where *root, const struct model_set *m,
                     const struct model_folder *folder)
{
    struct span last = SPAN_EMPTY, last_key = SPAN_EMPTY;

    for (size_t i = folder->from; i < folder->to; i++) {
        const struct model_file *f = m->files[i];

        for (size_t k = 0; k < f->says_n; k++) {
            const struct model_say *say = &f->says[k];

            if (span_equal(say->key, last_key) && span_equal(say->value, last))
                continue;
            last_key = say->key;
            last = say->value;
            facts_add(&t->facts, &(struct fact){ .kind = FACT_MODEL_SAYS,
                                                 .where = root,
                                                 .offset = PRATIQUE_NO_OFFSET,
                                                 .subject = say->key,
                                                 .detail = say->value });
        }
    }
}

struct task *model_set_task(const struct model_set *m, const struct model_folder *folder)
{
    const struct where *root;
    struct task *t;
    char *path, *format;

    if (asprintf(&path, "%s%.*s", m->given, (int)folder->path.n, (const char *)folder->path.p) < 0)
        return NULL;
    t = task_new(path, -1, NULL);
    free(path);
    if (!t)
        return NULL;
    t->root = m->root;
    t->whole = true;
    t->state = TASK_DONE;
    root = facts_where(&t->facts, NULL, span_text(t->path));
    format = arena_printf(&t->arena, "model (%s)", kind_of(m, folder));
    if (!root || !format) {
        task_free(t);
        return NULL;
    }
    t->end.format = format;
    for (size_t i = folder->from; i < folder->to; i++) {
        t->size += m->files[i]->size;
        add_component(t, m, m->files[i]);
    }
    add_says(t, root, m, folder);
    model_checks(m, folder, t, root);
    return t;
}
