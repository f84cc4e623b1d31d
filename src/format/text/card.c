/*
 * The front matter of a model card: "key: value" and lists, between two lines of "---".
 *
 * Spec: huggingface.co/docs/hub/model-cards, Model card metadata. Of YAML no more than those cards
 * are written in: plain and quoted scalars, "[a, b]", and items behind "-". What is told is what
 * the author says; nothing is decided by it.
 */
#include "format/text/card.h"

#include <strings.h>

#include "base/compiler.h"
#include "format/model/model.h"
#include "format/path.h"

#define FRONT_MAX  ((size_t)256 << 10)
#define VALUES_MAX 64 /* of one key */

static const struct key {
    const char *name, *says;
} keys[] = {
    { "license", "license" },  { "license_name", "license" }, { "base_model", "base model" },
    { "datasets", "dataset" }, { "library_name", "library" }, { "pipeline_tag", "task" },
    { "model_name", "name" },  { "author", "author" },        { "model_type", "type" },
};

/* Of those that are only looked for: each card has some. */
static const char *const more_keys[] = { "tags",   "language",  "model-index", "metrics",
                                         "widget", "inference", "thumbnail",   "pretty_name" };

bool text_is_card(struct span name)
{
    struct span base = path_base(name);
    static const char card[] = "readme.md";

    return base.n == sizeof card - 1 && strncasecmp((const char *)base.p, card, base.n) == 0;
}

/* Without quotes; a comment behind a plain one is cut off. */
static struct span scalar(struct span s)
{
    s = span_trim(s);
    if (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0])
        return span_of(s.p + 1, s.n - 2);
    for (size_t i = 1; i < s.n; i++)
        if (s.p[i] == '#' && s.p[i - 1] == ' ')
            return span_trim(span_of(s.p, i));
    return s;
}

static void tell(struct scan *s, const struct key *key, struct span value, unsigned *told)
{
    value = scalar(value);
    if (value.n > 0 && !span_is(value, "null") && (*told)++ < VALUES_MAX)
        model_says(s, key->says, value);
}

/* "[a, b]" or one value. */
static void tell_inline(struct scan *s, const struct key *key, struct span value, unsigned *told)
{
    value = span_trim(value);
    if (!span_starts(value, SPAN_LITERAL("[")) || !span_ends(value, SPAN_LITERAL("]"))) {
        tell(s, key, value, told);
        return;
    }
    value = span_of(value.p + 1, value.n - 2);
    while (value.n > 0) {
        const uint8_t *comma = memchr(value.p, ',', value.n);
        size_t n = comma ? (size_t)(comma - value.p) : value.n;

        tell(s, key, span_of(value.p, n), told);
        (void)skip(&value, comma ? n + 1 : n);
    }
}

/* The key that a line at the margin starts with; *value is what follows its colon. */
static const struct key *key_of(struct span line, struct span *value)
{
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        size_t n = strlen(keys[i].name);

        if (span_starts(line, span_text(keys[i].name)) && line.n > n && line.p[n] == ':') {
            *value = span_from(line, n + 1);
            return &keys[i];
        }
    }
    return NULL;
}

static bool is_fence(struct span line)
{
    return span_is(span_trim(line), "---") && line.p[0] == '-';
}

static bool is_more(struct span line)
{
    for (size_t i = 0; i < ARRAY_LEN(more_keys); i++) {
        size_t n = strlen(more_keys[i]);

        if (span_starts(line, span_text(more_keys[i])) && line.n > n && line.p[n] == ':')
            return true;
    }
    return false;
}

/* Whether it is a card's: it ends, and one of a card's keys is there. *in is what follows. */
static bool tell_front(struct scan *s, struct span *in)
{
    const struct key *key = NULL;
    unsigned told = 0;
    struct span line, value;
    bool is = false;

    while (take_line(in, &line)) {
        struct span text = span_trim(line);

        if (is_fence(line))
            return is;

        if (key && span_starts(text, SPAN_LITERAL("- "))) {
            tell(s, key, span_from(text, 2), &told);
            continue;
        }
        if (line.n > 0 && line.p[0] > ' ') {
            key = key_of(line, &value);
            told = 0;
            is |= key || is_more(line);
            if (key)
                tell_inline(s, key, value, &told);
        }
    }
    return false;
}

bool text_card(const struct text *t)
{
    struct text front = *t;
    struct span in = t->in, line;
    bool is;

    if (in.n > FRONT_MAX)
        in.n = FRONT_MAX;
    if (span_starts(in, SPAN_LITERAL("\xEF\xBB\xBF")))
        (void)skip(&in, 3);
    if (!take_line(&in, &line) || !is_fence(line))
        return false;
    is = tell_front(t->s, &in);
    front.in = span_of(t->in.p, (size_t)(in.p - t->in.p));
    text_yaml(&front);
    return is;
}
