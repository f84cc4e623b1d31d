/*
 * What the policy file makes of a finding: another severity, or none, or an allowance for
 * one call at one place. Calls are compared token by token. See docs/policy.md.
 */
#include <string.h>

#include "base/compiler.h"
#include "fact/python.h"
#include "verdict/match.h"
#include "verdict/policy_file.h"

/* ---- globs ---- */

bool allow_glob(const char *pattern, const char *text)
{
    const char *star = NULL, *from = NULL; /* the last "*", and where in text it stands */
    bool deep = false;                     /* it is "**" */
    const char *deep_star = NULL, *deep_from = NULL;

    while (*text) {
        if (*pattern == '*') {
            deep = pattern[1] == '*';
            pattern += strspn(pattern, "*");
            if (deep)
                deep_star = pattern, deep_from = text, star = NULL;
            else
                star = pattern, from = text;
        } else if (*pattern && (*pattern == *text || (*pattern == '?' && *text != '/'))) {
            pattern++, text++;
        } else if (star && *from != '/') {
            pattern = star, text = ++from;
        } else if (deep_star) {
            pattern = deep_star, text = ++deep_from, star = NULL;
        } else {
            return false;
        }
    }
    return !pattern[strspn(pattern, "*")];
}

/* ---- calls, token by token ---- */

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,    /* letters, digits, "_", what is not ASCII */
    TOKEN_STRING,  /* without its quotes */
    TOKEN_CODE,    /* an f-string or t-string: there is code in it */
    TOKEN_OPEN,    /* ( [ { */
    TOKEN_CLOSE,   /* ) ] } */
    TOKEN_DOTS,    /* ... */
    TOKEN_OTHER,   /* any other character */
    TOKEN_COMMENT, /* where it ends is not known once lines are folded */
};

struct token {
    enum token_kind kind;
    struct span text; /* of a string: what is between the quotes */
    struct span prefix;
};

static bool is_word(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' ||
           c >= 0x80;
}

/*
 * "x", 'x', """x""": the quotes are at the front of *in, which moves behind them. False,
 * and nothing moves, when it does not end.
 */
static bool take_quoted(struct span *in, struct span *inner)
{
    uint8_t quote = in->p[0];
    bool triple = in->n >= 3 && in->p[1] == quote && in->p[2] == quote;
    size_t width = triple ? 3 : 1;
    struct span s = span_from(*in, width);

    for (size_t n = 0; n < s.n; n++) {
        if (s.p[n] == '\\')
            n++;
        else if (s.p[n] == quote &&
                 (!triple || (s.n - n >= 3 && s.p[n + 1] == quote && s.p[n + 2] == quote)))
            return take(&s, n, inner) && skip(in, n + 2 * width);
    }
    *inner = SPAN_EMPTY;
    return false;
}

static bool has_code(struct span prefix)
{
    for (size_t i = 0; i < prefix.n; i++)
        if (strchr("fFtT", prefix.p[i]))
            return true;
    return false;
}

static bool is_prefix(struct span word)
{
    for (size_t i = 0; i < word.n; i++)
        if (!strchr("rRbBuUfFtT", word.p[i]))
            return false;
    return word.n <= 2;
}

static struct token take_token(struct span *in)
{
    struct token t = { .kind = TOKEN_END, .text = SPAN_EMPTY, .prefix = SPAN_EMPTY };
    size_t n = 0;

    while (in->n && strchr(" \t\n\r\f", in->p[0]) && in->p[0])
        (void)skip(in, 1);
    while (n < in->n && is_word(in->p[n]))
        n++;
    (void)take(in, n, &t.text);
    if (in->n && (in->p[0] == '"' || in->p[0] == '\'') && is_prefix(t.text)) {
        t.prefix = t.text;
        t.kind = take_quoted(in, &t.text) && !has_code(t.prefix) ? TOKEN_STRING : TOKEN_CODE;
        return t;
    }
    if (n)
        t.kind = TOKEN_WORD;
    if (n || !in->n)
        return t;
    if (span_starts(*in, SPAN_LITERAL("..."))) {
        (void)take(in, 3, &t.text);
        t.kind = TOKEN_DOTS;
        return t;
    }
    (void)take(in, 1, &t.text);
    t.kind = memchr("([{", t.text.p[0], 3)   ? TOKEN_OPEN
             : memchr(")]}", t.text.p[0], 3) ? TOKEN_CLOSE
             : t.text.p[0] == '#'            ? TOKEN_COMMENT
                                             : TOKEN_OTHER;
    return t;
}

/* The next character of a string's text, with a quote's backslash gone; 0 at its end. */
static unsigned next_char(struct span *s, bool raw)
{
    uint8_t c;

    if (!raw && s->n > 1 && s->p[0] == '\\' && (s->p[1] == '"' || s->p[1] == '\''))
        (void)skip(s, 1);
    else if (!raw && s->n > 1 && s->p[0] == '\\') { /* the two belong together */
        unsigned both = 0x100u | s->p[1];

        return skip(s, 2) ? both : 0;
    }
    return take_u8(s, &c) ? c + 0x1000u : 0;
}

/* The letters of a prefix that change the value: "u" does not. */
static unsigned prefix_bits(struct span prefix)
{
    unsigned bits = 0;

    for (size_t i = 0; i < prefix.n; i++)
        bits |= strchr("rR", prefix.p[i]) ? 1 : strchr("bB", prefix.p[i]) ? 2 : 0;
    return bits;
}

static bool same_string(const struct token *a, const struct token *b)
{
    unsigned bits = prefix_bits(a->prefix), x, y;
    struct span s = a->text, t = b->text;

    if (bits != prefix_bits(b->prefix))
        return false;
    do {
        x = next_char(&s, bits & 1);
        y = next_char(&t, bits & 1);
    } while (x && x == y);
    return x == y;
}

static bool same_token(const struct token *a, const struct token *b)
{
    if (a->kind != b->kind || a->kind == TOKEN_CODE || a->kind == TOKEN_COMMENT)
        return a->kind == b->kind && a->kind == TOKEN_CODE && span_equal(a->prefix, b->prefix) &&
               a->text.n && span_equal(a->text, b->text);
    return a->kind == TOKEN_STRING ? same_string(a, b) : span_equal(a->text, b->text);
}

/*
 * "..." stands for whatever arguments are left before the bracket around it closes; they
 * hold no f-string and no comment, which could hide where that is. Moves *call to it.
 */
static bool skip_arguments(struct span *call)
{
    size_t depth = 0;

    for (;;) {
        struct span before = *call;
        struct token t = take_token(call);

        if (t.kind == TOKEN_END || t.kind == TOKEN_CODE || t.kind == TOKEN_COMMENT)
            return false;
        if (t.kind == TOKEN_CLOSE && depth == 0) {
            *call = before;
            return true;
        }
        depth += t.kind == TOKEN_OPEN;
        depth -= t.kind == TOKEN_CLOSE;
    }
}

/* What may stand behind the last argument: ", ...)" is met by ")" as well. */
static bool is_comma_dots(struct span pattern)
{
    struct token comma = take_token(&pattern), dots = take_token(&pattern);

    return span_is(comma.text, ",") && dots.kind == TOKEN_DOTS;
}

bool allow_call_matches(struct span pattern, struct span call)
{
    for (;;) {
        struct span rest = call;
        struct token want, have = take_token(&rest);

        if (have.kind == TOKEN_CLOSE && is_comma_dots(pattern))
            (void)take_token(&pattern);
        want = take_token(&pattern);
        if (want.kind == TOKEN_DOTS) {
            if (!skip_arguments(&call))
                return false;
            continue;
        }
        if (!same_token(&want, &have))
            return false;
        if (want.kind == TOKEN_END)
            return true;
        call = rest;
    }
}

/* ---- the policy file's word on a match ---- */

static const char *last_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash && slash[1] ? slash + 1 : path;
}

static bool is_package(const struct allowance *a, const char *path)
{
    return allow_glob(a->package, path) || allow_glob(a->package, last_name(path));
}

/* The outermost file's name. */
static const char *artifact_of(const struct fact *fact)
{
    const struct where *w = fact->where;

    while (w && w->parent)
        w = w->parent;
    return w ? w->name : "";
}

static bool concerns(const struct allowance *a, const char *artifact, const struct policy *policy)
{
    return !a->package || is_package(a, artifact) ||
           (policy->given && is_package(a, policy->given));
}

void allow_note(const struct facts *facts, const struct policy *policy)
{
    const char *artifact = facts->n ? artifact_of(&facts->list[0]) : "";

    for (size_t i = 0; policy->allow_seen && i < policy->file->allows_n; i++)
        if (concerns(&policy->file->allows[i], artifact, policy))
            policy->allow_seen[i] |= ALLOW_CONCERNED;
}

/* By its path inside the artifact, or by the artifact's below the folder and its own within. */
static bool is_file(const struct allowance *a, struct arena *arena, const struct fact *fact,
                    const struct policy *policy)
{
    const char *whole = match_file(arena, fact, policy->below ? policy->below : "");
    const char *inner = match_file(arena, fact, "");

    return whole && inner &&
           (allow_glob(a->file, whole) ||
            (strncmp(inner, "!/", 2) == 0 && allow_glob(a->file, inner + 2)));
}

static bool is_ref(const struct fact *fact, enum py_fact_ref ref, const char *text)
{
    return fact->refs_n > ref && span_is(fact->refs[ref], text);
}

static bool allows(const struct allowance *a, struct arena *arena, const struct match *m,
                   const struct policy *policy)
{
    const struct fact *fact = m->fact;

    return a->rule == m->rule && fact->kind != FACT_TEXT_NAME && fact->refs_n > PY_REF_CALL &&
           (!a->function || is_ref(fact, PY_REF_FUNCTION, a->function)) &&
           allow_call_matches(span_text(a->call), fact->refs[PY_REF_CALL]) &&
           is_file(a, arena, fact, policy);
}

static const char *told(struct arena *arena, const struct policy *policy, const struct allowance *a,
                        const char *what)
{
    return arena_printf(arena, "%s%s:%u, until %04u-%02u-%02u (%s): %s", what, policy->file->path,
                        a->line, a->expires / 10000, a->expires / 100 % 100, a->expires % 100,
                        a->owner, a->reason);
}

/*
 * The mode's severity; what the circumstances have lowered stays as low as that, and what
 * is critical is refused as it is.
 */
static void set_level(struct match *m, enum policy_level level)
{
    static const enum pratique_severity severities[] = { [LEVEL_INFO] = PRATIQUE_INFO,
                                                         [LEVEL_LOW] = PRATIQUE_LOW,
                                                         [LEVEL_HOLD] = PRATIQUE_MEDIUM,
                                                         [LEVEL_REFUSE] = PRATIQUE_HIGH };
    bool lowered = m->severity < m->rule->severity;

    m->off = level == LEVEL_OFF;
    if (level == LEVEL_REFUSE && m->severity >= PRATIQUE_HIGH)
        return;
    if (level > LEVEL_OFF && (!lowered || severities[level] < m->severity))
        m->severity = severities[level];
}

static void allow(struct matches *found, size_t at, struct arena *arena,
                  const struct policy *policy, const struct allowance *a)
{
    struct match *m = &found->list[at], *more;
    const struct fact *fact = m->fact;

    if (policy->today <= a->expires) {
        m->excuse = told(arena, policy, a, "allowed by ");
        found->no_memory |= !m->excuse;
        m->severity = PRATIQUE_INFO;
        return;
    }
    more = matches_add(found, fact, rule_row(RULE_POL001), rule_row(RULE_POL001)->severity);
    if (!more)
        return;
    if (policy->mode)
        set_level(more, (enum policy_level)policy->mode->level[rule_index(more->rule)]);
    more->detail = told(arena, policy, a, "");
    found->no_memory |= !more->detail;
}

void allow_apply(struct matches *found, size_t at, struct arena *arena, const struct policy *policy)
{
    const struct policy_file *file = policy->file;

    if (policy->mode)
        set_level(&found->list[at],
                  (enum policy_level)policy->mode->level[rule_index(found->list[at].rule)]);
    for (size_t i = 0; i < file->allows_n && !found->list[at].excuse; i++) {
        const struct allowance *a = &file->allows[i];

        if (a->rule != found->list[at].rule ||
            !concerns(a, artifact_of(found->list[at].fact), policy) ||
            !allows(a, arena, &found->list[at], policy))
            continue;
        if (policy->allow_seen)
            policy->allow_seen[i] |= ALLOW_USED;
        allow(found, at, arena, policy, a);
    }
}

/* ---- entries that were of no use ---- */

static bool is_unused(const struct policy *policy, size_t i)
{
    return policy->allow_seen && policy->allow_seen[i] == ALLOW_CONCERNED;
}

static bool tell_unused(struct pratique_finding *f, struct arena *arena,
                        const struct policy *policy, const struct match *m,
                        const struct allowance *a)
{
    *f = (struct pratique_finding){
        .rule = m->rule,
        .severity = m->severity,
        .path = policy->file->path,
        .offset = PRATIQUE_NO_OFFSET,
        .line = a->line,
        .count = 1,
        .subject = a->rule->id,
        .detail = arena_printf(arena, "%s in %s, until %04u-%02u-%02u (%s)%s: %s", a->call, a->file,
                               a->expires / 10000, a->expires / 100 % 100, a->expires % 100,
                               a->owner, policy->today > a->expires ? ", expired" : "", a->reason),
        .function = a->function ? a->function : "",
        .excuse = "",
        .chain = "",
        .source = "",
        .because = "",
    };
    return f->detail;
}

enum pratique_status verdict_unused(struct judged *out, struct arena *arena,
                                    const struct policy *policy)
{
    const struct pratique_rule *rule = rule_row(RULE_POL002);
    struct match m = { .rule = rule, .severity = rule->severity };

    *out = (struct judged){ .verdict = PRATIQUE_UNDECIDED };
    out->findings = arena_array(arena, policy->file->allows_n, sizeof *out->findings);
    if (!out->findings)
        return PRATIQUE_E_NOMEM;
    if (policy->mode)
        set_level(&m, (enum policy_level)policy->mode->level[rule_index(rule)]);
    for (size_t i = 0; !m.off && i < policy->file->allows_n; i++)
        if (is_unused(policy, i) &&
            !tell_unused(&out->findings[out->n++], arena, policy, &m, &policy->file->allows[i]))
            return PRATIQUE_E_NOMEM;
    out->verdict = out->n ? verdict_of_severity(m.severity) : PRATIQUE_ADMIT;
    return PRATIQUE_OK;
}
