/*
 * YAML's tags: those that make a loader build objects. The parser has resolved them, so each way
 * to write one ("!!python/name:x", a handle of %TAG, "!<...>", "%2F") is the same here.
 *
 * Spec: pyyaml.org/wiki/PyYAMLDocumentation (YAML tags and Python types); hyperpyyaml.readthedocs.
 * io; SnakeYAML's and js-yaml's documentation.
 */
#include "format/config/config.h"

#include <ctype.h>

#include "base/compiler.h"

#define STANDARD "tag:yaml.org,2002:"

bool config_tag_builds(struct span name)
{
    static const char *const plain[] = { "none", "bool",  "bytes",   "str",  "unicode", "int",
                                         "long", "float", "complex", "list", "tuple",   "dict" };
    static const struct span python = { (const uint8_t *)"python/", 7 };
    size_t end = 0;

    if (span_starts(name, python)) {
        (void)skip(&name, python.n);
        for (size_t i = 0; i < ARRAY_LEN(plain); i++)
            if (span_is(name, plain[i]))
                return false;
        return true;
    }
    if (span_starts(name, SPAN_LITERAL("ruby/")) || span_starts(name, SPAN_LITERAL("js/function")))
        return true;
    while (end < name.n && (isalnum(name.p[end]) || name.p[end] == '_'))
        end++;
    return end < name.n && name.p[end] == '.'; /* a class of Java */
}

/* What HyperPyYAML calls, by the start of its tags. */
static const struct {
    const char *head;
    unsigned flags;
} hyper[] = {
    { "!new:", MC_CALLS },      { "!name:", MC_NAMES },     { "!apply:", MC_CALLS },
    { "!applyref:", MC_CALLS }, { "!module:", MC_IMPORTS },
};

/* Tags by which other loaders evaluate their value. */
static const char *const evaluated[] = { "!eval",   "!exec", "!lambda", "!python", "!py",
                                         "!import", "!call", "!shell",  "!cmd" };

/* Functions that only set where random numbers start. */
static bool is_seed(struct span name)
{
    static const char *const names[] = { "torch.manual_seed", "random.seed", "numpy.random.seed",
                                         "speechbrain.utils.seed_everything" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(name, names[i]))
            return true;
    return false;
}

static void tell_local(const struct doc *d, doc_id id, struct span tag)
{
    for (size_t i = 0; i < ARRAY_LEN(hyper); i++)
        if (span_starts(tag, span_text(hyper[i].head)) &&
            !is_seed(span_from(tag, strlen(hyper[i].head))))
            config_code(d, id, span_from(tag, strlen(hyper[i].head)), hyper[i].head,
                        hyper[i].flags);
    for (size_t i = 0; i < ARRAY_LEN(evaluated); i++)
        if (span_is(tag, evaluated[i]))
            doc_fact(d, FACT_CONFIG_EVALUATED, id, tag, doc_text(d, id));
    if (span_starts(tag, SPAN_LITERAL("!include:")))
        model_path(d->s, doc_where(d, id), span_from(tag, 9), "!include");
    else if (span_is(tag, "!include") && doc_kind(d, id) == DOC_STRING)
        model_path(d->s, doc_where(d, id), doc_text(d, id), "!include");
}

/* The value's own text, or that of its first value: what the function is given. */
static struct span argument(const struct doc *d, doc_id id)
{
    doc_id first = doc_first(d, id);

    return first == DOC_NONE ? doc_text(d, id) : doc_text(d, first);
}

static void tell_tag(const struct doc *d, doc_id id, struct span tag)
{
    struct span name = tag;

    if (span_starts(tag, SPAN_LITERAL(STANDARD)) && skip(&name, sizeof STANDARD - 1)) {
        if (config_tag_builds(name))
            doc_fact(d, FACT_TEXT_YAML_OBJECT, id, tag, argument(d, id));
    } else if (span_starts(tag, SPAN_LITERAL("!ruby/"))) {
        doc_fact(d, FACT_TEXT_YAML_OBJECT, id, tag, argument(d, id));
    } else {
        tell_local(d, id, tag);
    }
}

static bool matches(const struct doc *d)
{
    return d->tags_n > 0 && strcmp(d->notation, "YAML") == 0;
}

static enum pratique_status tell(const struct doc *d)
{
    unsigned told = 0;

    for (doc_id id = 0; id != DOC_NONE && told < 1000; id = doc_walk(d, id)) {
        struct span tag = doc_tag(d, id);

        if (tag.n > 0 && !span_is(tag, "!")) {
            tell_tag(d, id, tag);
            told++;
        }
    }
    return PRATIQUE_OK;
}

const struct doc_reader config_tags = { .name = NULL, .matches = matches, .tell = tell };
