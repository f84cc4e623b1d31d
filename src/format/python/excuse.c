/*
 * Comments that excuse a finding: "# nosec", "# nosec B301, B403: why" as bandit has
 * them, and "# pratique: allow[SRC001] why". Whether they do is for the policy to say.
 */
#include "format/python/excuse.h"

#include <ctype.h>
#include <strings.h>

#include "fact/python.h"

#define IDS_MAX 256

static bool starts(struct span s, const char *word)
{
    size_t n = strlen(word);

    return s.n >= n && strncasecmp((const char *)s.p, word, n) == 0;
}

static void skip_any(struct span *s, const char *set)
{
    while (s->n > 0 && s->p[0] && strchr(set, s->p[0]))
        (void)skip(s, 1);
}

/* A word of letters, digits, '_' and '-' off the front; empty when there is none. */
static struct span take_word(struct span *s)
{
    size_t n = 0;
    struct span word;

    while (n < s->n && (isalnum(s->p[n]) || s->p[n] == '_' || s->p[n] == '-'))
        n++;
    (void)take(s, n, &word);
    return word;
}

/* An id: a letter first and a digit somewhere (B301, SRC001), or a name with '_' or '-' in it. */
static bool is_id(struct span word)
{
    bool digit = false, letter = word.n > 0 && isalpha(word.p[0]);

    for (size_t i = 0; i < word.n; i++)
        digit |= isdigit(word.p[i]) || word.p[i] == '_';
    return letter && digit;
}

struct ids {
    char text[IDS_MAX];
    size_t n;
};

static void add_id(struct ids *ids, struct span word)
{
    if (ids->n + word.n + 1 >= sizeof ids->text)
        return;
    if (ids->n)
        ids->text[ids->n++] = ',';
    memcpy(ids->text + ids->n, word.p, word.n);
    ids->n += word.n;
}

/* The ids behind "nosec"; what is left of *s is the justification. */
static void take_nosec_ids(struct span *s, struct ids *ids)
{
    for (;;) {
        struct span rest = *s, word;

        skip_any(&rest, " \t,:");
        word = take_word(&rest);
        if (!is_id(word))
            return;
        add_id(ids, word);
        *s = rest;
    }
}

/* "allow[A, B]"; false when it is not that. */
static bool take_allow(struct span *s, struct ids *ids)
{
    skip_any(s, " \t");
    if (!starts(*s, "allow"))
        return false;
    (void)skip(s, 5);
    skip_any(s, " \t");
    if (s->n == 0 || s->p[0] != '[')
        return false;
    (void)skip(s, 1);
    for (;;) {
        struct span word;

        skip_any(s, " \t,");
        word = take_word(s);
        if (word.n == 0)
            break;
        add_id(ids, word);
    }
    if (s->n == 0 || s->p[0] != ']')
        return false;
    (void)skip(s, 1);
    return ids->n > 0;
}

static size_t find_word(struct span s, const char *word)
{
    for (size_t i = 0; i < s.n; i++)
        if (starts(span_from(s, i), word) && (i == 0 || !isalnum(s.p[i - 1])))
            return i;
    return SIZE_MAX;
}

static void report(struct scan *s, struct py_tree *t, const struct py_comment *c, uint32_t line,
                   struct span rest, const struct ids *ids, unsigned flags)
{
    struct py_position at = py_position(t, c->off);
    struct fact f = { .kind = FACT_PY_EXCUSE,
                      .where = s->where,
                      .flags = flags,
                      .offset = PRATIQUE_NO_OFFSET,
                      .line = at.line + line - 1,
                      .column = at.column,
                      .number = py_line(t, c->statement) + line - 1,
                      .subject = span_of(ids->text, ids->n),
                      .refs_n = 1 };

    skip_any(&rest, " \t:-,;#");
    f.detail = rest;
    f.refs[0] = SPAN_EMPTY;
    (void)span_sub(t->text, c->off, c->end - c->off, &f.refs[0]);
    facts_add(s->facts, &f);
}

static void report_comment(struct scan *s, struct py_tree *t, const struct py_comment *c,
                           uint32_t line)
{
    struct span text;
    struct ids ids = { .n = 0 };
    size_t nosec, own;

    if (!span_sub(t->text, c->off, c->end - c->off, &text))
        return;
    nosec = find_word(text, "nosec");
    own = find_word(text, "pratique:");
    if (own != SIZE_MAX) {
        struct span rest = span_from(text, own + strlen("pratique:"));
        bool good = take_allow(&rest, &ids);

        report(s, t, c, line, rest, &ids, good ? 0 : PY_EXCUSE_MALFORMED);
    } else if (nosec != SIZE_MAX) {
        struct span rest = span_from(text, nosec + strlen("nosec"));

        if (rest.n > 0 && (isalnum(rest.p[0]) || rest.p[0] == '_'))
            return; /* "nosecond" */
        take_nosec_ids(&rest, &ids);
        report(s, t, c, line, rest, &ids, PY_EXCUSE_NOSEC);
    }
}

void report_excuses(struct scan *s, struct py_tree *t, uint32_t line)
{
    for (uint32_t i = 0; i < t->comments_n; i++)
        report_comment(s, t, &t->comments[i], line);
}
