/*
 * Text that is a document: parsed, and what it is told by readers of documents. What does not
 * parse is left to the search of config.c, and told to be broken where its name promises better.
 */
#include "format/text/config.h"

#include <strings.h>

#include "base/compiler.h"
#include "format/doc/doc.h"
#include "format/path.h"

/* Text of no known name is tried as YAML up to here; more is told by name to be YAML. */
#define GUESS_MAX ((size_t)1 << 20)
#define YAML_MAX  ((size_t)64 << 20)

static bool same(struct span a, const char *b)
{
    return a.n == strlen(b) && strncasecmp((const char *)a.p, b, a.n) == 0;
}

/* Files that their loader reads whole before it does anything: broken, they are no model's. */
static bool is_loaders_own(struct span base)
{
    static const char *const names[] = { "config.json",
                                         "tokenizer.json",
                                         "tokenizer_config.json",
                                         "generation_config.json",
                                         "model_index.json",
                                         "adapter_config.json",
                                         "modules.json",
                                         "preprocessor_config.json",
                                         "processor_config.json",
                                         "special_tokens_map.json",
                                         "MLmodel" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (same(base, names[i]))
            return true;
    return base.n > 11 && same(span_from(base, base.n - 11), ".index.json");
}

static bool is_yaml_name(struct span base)
{
    struct span ext = path_extension(base);

    return same(ext, "yaml") || same(ext, "yml") || same(base, "MLmodel");
}

/* How the file is to be read, or NULL: as no document. */
static enum pratique_status (*reader_of(const struct text *t, enum text_class class,
                                        struct span base))(struct doc *, struct scan *, struct span)
{
    bool yaml = is_yaml_name(base);

    if (doc_looks_like_json(t->in) && !yaml)
        return doc_json;
    if (yaml && t->in.n <= YAML_MAX)
        return doc_yaml;
    return class == CLASS_UNKNOWN && t->in.n <= GUESS_MAX ? doc_yaml : NULL;
}

/* Only a mapping or a list is a document: any prose is a scalar of YAML. */
static bool is_document(const struct doc *d)
{
    return doc_kind(d, 0) == DOC_OBJECT || doc_kind(d, 0) == DOC_ARRAY || d->tags_n > 0;
}

/* A file of YAML's name that holds JSON is both, so it is read as the first that it parses as. */
static enum pratique_status read_other(struct doc *d, const struct text *t, struct span file,
                                       struct span base)
{
    doc_free(d);
    if (is_yaml_name(base) && doc_looks_like_json(t->in))
        return doc_json(d, t->s, file);
    return t->in.n <= GUESS_MAX ? doc_yaml(d, t->s, file) : PRATIQUE_E_FORMAT;
}

/* What the file's name promises and its content does not keep. grave: it is not inspected. */
static enum pratique_status tell_broken(const struct text *t, bool grave, enum text_class class,
                                        const struct pratique_error *why)
{
    if (grave) {
        t->s->error = *why;
        return PRATIQUE_E_FORMAT;
    }
    if (class == CLASS_CONFIG)
        scan_fact(t->s, FACT_CONFIG_BROKEN, why->offset, SPAN_EMPTY, span_text(why->msg));
    return PRATIQUE_OK;
}

enum pratique_status text_document(const struct text *t, struct span file, enum text_class class,
                                   const char **format, bool *parsed)
{
    struct span base = path_base(t->s->name);
    enum pratique_status (*read)(struct doc *, struct scan *, struct span) =
        reader_of(t, class, base);
    struct pratique_error why;
    enum pratique_status st;
    struct doc d;
    bool broken, deep;

    *parsed = false;
    if (!read)
        return PRATIQUE_OK;
    st = read(&d, t->s, file);
    why = t->s->error;
    broken = st == PRATIQUE_E_FORMAT;
    deep = d.too_deep;
    if (broken && doc_looks_like_json(t->in))
        st = read_other(&d, t, file, base);
    *parsed = st == PRATIQUE_OK && is_document(&d);
    if (*parsed)
        st = doc_tell(&d, format);
    doc_free(&d);
    if (broken && (!*parsed || st == PRATIQUE_OK) && (st == PRATIQUE_OK || st == PRATIQUE_E_FORMAT))
        st = tell_broken(t, deep || is_loaders_own(base), class, &why);
    return st;
}
