/*
 * Recursive descent over the grammar of jinja2.parser 3.1, with the extensions that chat templates
 * are rendered with: loopcontrols, do, and the generation tag of transformers; trans of i18n.
 * The height of the tree is bounded, and the depth of the descent with it.
 */
#include "format/jinja/parse.h"

#include "base/digit.h"
#include "base/utf8.h"

#define DEPTH_MAX   120 /* expressions and blocks within each other */
#define SYMBOLS_MAX 4096
#define BUCKETS     1024
#define NODES_MAX   400000

struct parser {
    struct arena *arena;
    struct lexer lexer;
    struct token now, ahead;
    struct jinja_tree *tree;
    struct symbol *buckets[BUCKETS];
    size_t symbols;
    uint64_t seed;
    unsigned depth;
};

/* A list of nodes that grows at its end. */
struct chain {
    struct node *first, **last;
    uint16_t height;
};

static struct node *parse_expression(struct parser *p);
static struct node *parse_primary(struct parser *p);
static struct node *parse_unary(struct parser *p, bool filters);

/* ---- faults and tokens ---- */

static struct node *fault(struct parser *p, const char *why)
{
    if (!p->tree->why) {
        p->tree->why = p->now.kind == T_BAD && p->lexer.why ? p->lexer.why : why;
        p->tree->why_off = p->now.off;
    }
    return NULL;
}

static struct node *too_large(struct parser *p, const char *why)
{
    p->tree->too_large |= !p->tree->why;
    return fault(p, why);
}

static bool failed(const struct parser *p)
{
    return p->tree->why != NULL;
}

static void advance(struct parser *p)
{
    p->now = p->ahead;
    p->ahead = jinja_lex_next(&p->lexer);
}

static bool is_op(const struct token *t, unsigned op)
{
    return t->kind == T_OPERATOR && t->op == op;
}

static bool is_name(const struct token *t, const char *name)
{
    return t->kind == T_NAME && span_is(t->text, name);
}

static bool accept_op(struct parser *p, unsigned op)
{
    if (!is_op(&p->now, op))
        return false;
    advance(p);
    return true;
}

static bool accept_name(struct parser *p, const char *name)
{
    if (!is_name(&p->now, name))
        return false;
    advance(p);
    return true;
}

static bool expect_op(struct parser *p, unsigned op)
{
    return accept_op(p, op) || fault(p, "punctuation is missing");
}

static bool expect(struct parser *p, enum token_kind kind, const char *why)
{
    if (p->now.kind != kind)
        return fault(p, why) != NULL;
    advance(p);
    return true;
}

/* ---- nodes ---- */

static uint16_t higher(uint16_t a, const struct node *b)
{
    return b && b->height > a ? b->height : a;
}

static struct node *make(struct parser *p, enum node_kind kind, size_t off, struct node *a,
                         struct node *b, struct node *c)
{
    struct node *n;
    uint16_t height = higher(higher(higher(0, a), b), c);

    if (failed(p))
        return NULL;
    if (height >= JINJA_HEIGHT_MAX)
        return too_large(p, "expressions nested too deeply");
    n = p->tree->nodes++ < NODES_MAX ? arena_alloc(p->arena, sizeof *n) : NULL;
    if (!n)
        return too_large(p, "more in it than any template has");
    *n = (struct node){ .kind = (uint8_t)kind,
                        .height = (uint16_t)(height + 1),
                        .off = off,
                        .text = SPAN_EMPTY,
                        .a = a,
                        .b = b,
                        .c = c };
    return n;
}

static void chain_init(struct chain *c)
{
    *c = (struct chain){ 0 };
    c->last = &c->first;
}

static bool chain_add(struct chain *c, struct node *n)
{
    if (!n)
        return false;
    *c->last = n;
    c->last = &n->next;
    c->height = higher(c->height, n);
    return true;
}

/* Makes what is in the chain children of n. */
static struct node *with_list(struct parser *p, struct node *n, struct node **place,
                              const struct chain *c)
{
    if (!n || failed(p))
        return NULL;
    if (c->height >= JINJA_HEIGHT_MAX)
        return too_large(p, "nested too deeply");
    *place = c->first;
    if (n->height <= c->height)
        n->height = (uint16_t)(c->height + 1);
    return n;
}

static struct symbol *intern(struct parser *p, struct span name)
{
    uint64_t h = p->seed;
    struct symbol *s;

    for (size_t i = 0; i < name.n; i++)
        h = (h ^ name.p[i]) * UINT64_C(0x9E3779B97F4A7C15), h ^= h >> 29;
    for (s = p->buckets[h % BUCKETS]; s; s = s->next)
        if (span_equal(s->name, name))
            return s;
    s = p->symbols++ < SYMBOLS_MAX ? arena_alloc(p->arena, sizeof *s) : NULL;
    if (!s) {
        (void)too_large(p, "more names than any template has");
        return NULL;
    }
    *s = (struct symbol){ .name = name, .next = p->buckets[h % BUCKETS] };
    p->buckets[h % BUCKETS] = s;
    return s;
}

static struct node *named(struct parser *p, enum node_kind kind, const struct token *t)
{
    struct node *n = make(p, kind, t->off, NULL, NULL, NULL);

    if (!n)
        return NULL;
    n->text = t->text;
    n->symbol = intern(p, t->text);
    return n->symbol ? n : NULL;
}

/* ---- literals ---- */

/* "\N{LOW LINE}": letters and the line are what names are made of; others become a sign. */
static size_t named_character(struct span in, size_t i, uint32_t *point)
{
    static const struct span small = { (const uint8_t *)"LATIN SMALL LETTER ", 19 };
    static const struct span capital = { (const uint8_t *)"LATIN CAPITAL LETTER ", 21 };
    struct span rest = span_from(in, i), name;
    const uint8_t *end = rest.n > 1 && rest.p[0] == '{' ? memchr(rest.p, '}', rest.n) : NULL;

    *point = 0xFFFD;
    if (!end)
        return 0;
    (void)span_sub(rest, 1, (uint64_t)(end - rest.p) - 1, &name);
    if (span_is(name, "LOW LINE"))
        *point = '_';
    else if (span_starts(name, small) && name.n == small.n + 1)
        *point = name.p[small.n] | 0x20u;
    else if (span_starts(name, capital) && name.n == capital.n + 1)
        *point = name.p[capital.n] & ~0x20u;
    return (size_t)(end - rest.p) + 1;
}

static size_t digits_of(struct span in, size_t i, size_t most, unsigned base, uint32_t *point)
{
    size_t n = 0;

    *point = 0;
    for (; n < most && i + n < in.n; n++) {
        int digit = digit_hex(in.p[i + n]);

        if (digit < 0 || (unsigned)digit >= base)
            break;
        *point = *point * base + (uint32_t)digit;
    }
    return n;
}

/* What the escape behind a backslash at i stands for; how long it is, or 0 when it is none. */
static size_t escape(struct span in, size_t i, uint32_t *point)
{
    static const char plain[] = "\\'\"abfnrtv", means[] = "\\'\"\a\b\f\n\r\t\v";
    uint8_t c = i < in.n ? in.p[i] : 0;
    const char *hit = c ? strchr(plain, c) : NULL;
    size_t wide = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0, n;

    if (hit) {
        *point = (uint8_t)means[hit - plain];
        return 1;
    }
    if (c >= '0' && c <= '7')
        return digits_of(in, i, 3, 8, point);
    if (wide) {
        n = digits_of(in, i + 1, wide, 16, point);
        return n == wide ? n + 1 : 0;
    }
    n = c == 'N' ? named_character(in, i + 1, point) : 0;
    return n ? n + 1 : 0;
}

static bool is_scalar(uint32_t point)
{
    return point < 0x110000 && !(point >= 0xD800 && point < 0xE000);
}

struct span jinja_unescape(struct arena *a, struct span raw)
{
    uint8_t *out;
    size_t n = 0;

    if (raw.n == 0 || !memchr(raw.p, '\\', raw.n))
        return raw;
    out = arena_alloc(a, raw.n * 2 + 4);
    for (size_t i = 0; out && i < raw.n;) {
        uint32_t point;
        size_t len;

        if (raw.p[i] != '\\') {
            out[n++] = raw.p[i++];
            continue;
        }
        if (i + 1 < raw.n && raw.p[i + 1] == '\n') { /* a line goes on */
            i += 2;
            continue;
        }
        len = escape(raw, i + 1, &point);
        if (len == 0) {
            out[n++] = raw.p[i++];
            continue;
        }
        n += utf8_put(is_scalar(point) ? point : 0xFFFD, out + n);
        i += len + 1;
    }
    return out ? span_of(out, n) : (struct span){ NULL, 0 };
}

/* Strings that stand next to each other are one. */
static struct node *parse_string(struct parser *p)
{
    struct node *n = make(p, N_STRING, p->now.off, NULL, NULL, NULL);
    struct span text = p->now.text;

    if (!n)
        return NULL;
    text = jinja_unescape(p->arena, text);
    advance(p);
    while (text.p && p->now.kind == T_STRING) {
        struct span more = jinja_unescape(p->arena, p->now.text);
        uint8_t *both = more.p ? arena_alloc(p->arena, text.n + more.n) : NULL;

        if (!both || text.n > 65536)
            return too_large(p, "a string that is too long");
        memcpy(both, text.p, text.n);
        memcpy(both + text.n, more.p, more.n);
        text = span_of(both, text.n + more.n);
        advance(p);
    }
    if (!text.p)
        return too_large(p, "a string that is too long");
    n->text = text;
    return n;
}

/* Past 62 bits: the largest number there is, which is as good. */
static struct node *parse_integer(struct parser *p)
{
    struct node *n = make(p, N_NUMBER, p->now.off, NULL, NULL, NULL);
    struct span text = p->now.text;
    unsigned base = 10;

    if (!n)
        return NULL;
    if (text.n > 2 && text.p[0] == '0') {
        base = (text.p[1] | 0x20) == 'x' ? 16 : (text.p[1] | 0x20) == 'o' ? 8 : 2;
        (void)skip(&text, 2);
    }
    for (size_t i = 0; i < text.n; i++) {
        int digit = digit_hex(text.p[i]);

        if (digit >= 0 && n->number < INT64_MAX / 64)
            n->number = n->number * base + digit;
    }
    advance(p);
    return n;
}

static struct node *constant(struct parser *p, enum node_kind kind, int64_t number)
{
    struct node *n = make(p, kind, p->now.off, NULL, NULL, NULL);

    if (n)
        n->number = number;
    advance(p);
    return n;
}

static struct node *parse_word(struct parser *p)
{
    struct token t = p->now;

    if (is_name(&t, "true") || is_name(&t, "True"))
        return constant(p, N_BOOL, 1);
    if (is_name(&t, "false") || is_name(&t, "False"))
        return constant(p, N_BOOL, 0);
    if (is_name(&t, "none") || is_name(&t, "None"))
        return constant(p, N_NONE, 0);
    advance(p);
    return named(p, N_NAME, &t);
}

/* Items up to close; a comma may stand behind the last. */
static struct node *parse_items(struct parser *p, enum node_kind kind, unsigned close)
{
    struct node *n = make(p, kind, p->now.off, NULL, NULL, NULL);
    struct chain items;

    chain_init(&items);
    advance(p);
    while (!failed(p) && !is_op(&p->now, close)) {
        if (items.first && !expect_op(p, ','))
            return NULL;
        if (is_op(&p->now, close))
            break;
        if (!chain_add(&items, parse_expression(p)))
            return NULL;
        if (kind == N_DICT && (!expect_op(p, ':') || !chain_add(&items, parse_expression(p))))
            return NULL;
    }
    advance(p);
    return n ? with_list(p, n, &n->list, &items) : NULL;
}

/* ---- tuples ---- */

enum tuple_how {
    TUPLE_CONDITIONS = 1, /* its items may be "a if b" */
    TUPLE_TARGET = 2,     /* items are names: up to "in" */
    TUPLE_RECURSIVE = 4,  /* "recursive" ends it */
    TUPLE_BRACKETS = 8,   /* within its own: it may be empty */
};

static bool tuple_ends(const struct parser *p, unsigned how)
{
    return p->now.kind == T_OUTPUT_END || p->now.kind == T_BLOCK_END || is_op(&p->now, ')') ||
           ((how & TUPLE_TARGET) && is_name(&p->now, "in")) ||
           ((how & TUPLE_RECURSIVE) && is_name(&p->now, "recursive"));
}

static struct node *parse_or(struct parser *p);

static struct node *tuple_item(struct parser *p, unsigned how)
{
    struct node *n;

    if (how & TUPLE_TARGET)
        return parse_primary(p);
    if (how & TUPLE_CONDITIONS)
        return parse_expression(p);
    if (++p->depth > DEPTH_MAX)
        return too_large(p, "expressions nested too deeply");
    n = parse_or(p);
    p->depth--;
    return n;
}

static struct node *parse_tuple(struct parser *p, unsigned how)
{
    size_t off = p->now.off;
    struct chain items;
    bool tuple = false;
    struct node *n;

    chain_init(&items);
    while (!failed(p)) {
        if (items.first && !expect_op(p, ','))
            return NULL;
        if (tuple_ends(p, how))
            break;
        if (!chain_add(&items, tuple_item(p, how)))
            return NULL;
        if (!is_op(&p->now, ','))
            break;
        tuple = true;
    }
    if (!tuple && items.first)
        return failed(p) ? NULL : items.first;
    if (!tuple && !(how & TUPLE_BRACKETS))
        return fault(p, "an expression is missing");
    n = make(p, N_LIST, off, NULL, NULL, NULL);
    return n ? with_list(p, n, &n->list, &items) : NULL;
}

static struct node *parse_brackets(struct parser *p)
{
    struct node *n;

    advance(p);
    n = parse_tuple(p, TUPLE_CONDITIONS | TUPLE_BRACKETS);
    return expect_op(p, ')') ? n : NULL;
}

static struct node *primary(struct parser *p)
{
    switch (p->now.kind) {
    case T_NAME:
        return parse_word(p);
    case T_STRING:
        return parse_string(p);
    case T_INTEGER:
        return parse_integer(p);
    case T_FLOAT:
        return constant(p, N_REAL, 0);
    default:
        break;
    }
    if (is_op(&p->now, '('))
        return parse_brackets(p);
    if (is_op(&p->now, '['))
        return parse_items(p, N_LIST, ']');
    if (is_op(&p->now, '{'))
        return parse_items(p, N_DICT, '}');
    return fault(p, "an expression is missing");
}

static struct node *parse_primary(struct parser *p)
{
    struct node *n;

    if (++p->depth > DEPTH_MAX)
        return too_large(p, "expressions nested too deeply");
    n = primary(p);
    p->depth--;
    return failed(p) ? NULL : n;
}

/* ---- calls, subscripts, filters, tests ---- */

static struct node *argument(struct parser *p, bool *named_before, bool *star_before)
{
    struct token t = p->now;
    struct node *n;

    if (accept_op(p, '*') || accept_op(p, OP2('*', '*'))) {
        *star_before = true;
        return make(p, t.op == OP1('*') ? N_STAR : N_DSTAR, t.off, parse_expression(p), NULL, NULL);
    }
    if (t.kind == T_NAME && is_op(&p->ahead, '=')) {
        advance(p);
        advance(p);
        *named_before = true;
        n = make(p, N_KEYWORD, t.off, parse_expression(p), NULL, NULL);
        if (n)
            n->text = t.text;
        return n;
    }
    if (*named_before || *star_before)
        return fault(p, "an argument behind named ones");
    return parse_expression(p);
}

/* "(a, b=c, *d, **e)" */
static bool parse_arguments(struct parser *p, struct chain *out)
{
    bool named_before = false, star_before = false;

    chain_init(out);
    if (!expect_op(p, '('))
        return false;
    while (!failed(p) && !is_op(&p->now, ')')) {
        if (out->first && !expect_op(p, ','))
            return false;
        if (is_op(&p->now, ')'))
            break;
        if (!chain_add(out, argument(p, &named_before, &star_before)))
            return false;
    }
    return expect_op(p, ')');
}

static struct node *parse_call(struct parser *p, struct node *callee)
{
    struct node *n = make(p, N_CALL, p->now.off, callee, NULL, NULL);
    struct chain args;

    if (!n || !parse_arguments(p, &args))
        return NULL;
    n->off = callee->off;
    return with_list(p, n, &n->list, &args);
}

/* One of the three parts of a slice; NULL without a fault: left out. */
static struct node *slice_part(struct parser *p)
{
    if (is_op(&p->now, ':') || is_op(&p->now, ']') || is_op(&p->now, ','))
        return NULL;
    return parse_expression(p);
}

static struct node *parse_subscribed(struct parser *p)
{
    size_t off = p->now.off;
    struct node *a = is_op(&p->now, ':') ? NULL : parse_expression(p), *b, *c = NULL;

    if (failed(p) || !accept_op(p, ':'))
        return a;
    b = slice_part(p);
    if (accept_op(p, ':'))
        c = slice_part(p);
    return make(p, N_SLICE, off, a, b, c);
}

static struct node *parse_item(struct parser *p, struct node *base)
{
    struct node *key, *n;
    struct chain keys;

    chain_init(&keys);
    advance(p);
    while (!failed(p) && !is_op(&p->now, ']')) {
        if (keys.first && !expect_op(p, ','))
            return NULL;
        if (!chain_add(&keys, parse_subscribed(p)))
            return NULL;
    }
    advance(p);
    key = keys.first;
    if (!key || key->next) {
        key = make(p, N_LIST, base->off, NULL, NULL, NULL);
        key = key ? with_list(p, key, &key->list, &keys) : NULL;
    }
    n = key ? make(p, N_GETITEM, key->off, base, key, NULL) : NULL;
    return n;
}

static struct node *parse_attribute(struct parser *p, struct node *base)
{
    struct token t;
    struct node *n;

    advance(p);
    t = p->now;
    if (t.kind == T_INTEGER) {
        n = parse_integer(p);
        return n ? make(p, N_GETITEM, t.off, base, n, NULL) : NULL;
    }
    if (t.kind != T_NAME)
        return fault(p, "a name is missing behind a dot");
    advance(p);
    n = make(p, N_GETATTR, t.off, base, NULL, NULL);
    if (n)
        n->text = t.text;
    return n;
}

static struct node *parse_postfix(struct parser *p, struct node *n)
{
    while (n && !failed(p)) {
        if (is_op(&p->now, '.'))
            n = parse_attribute(p, n);
        else if (is_op(&p->now, '['))
            n = parse_item(p, n);
        else if (is_op(&p->now, '('))
            n = parse_call(p, n);
        else
            break;
    }
    return failed(p) ? NULL : n;
}

/* "name" or "package.name" of a filter or a test. */
static bool dotted(struct parser *p, struct span *out)
{
    *out = p->now.text;
    if (!expect(p, T_NAME, "a name is missing"))
        return false;
    while (accept_op(p, '.')) {
        *out = p->now.text;
        if (!expect(p, T_NAME, "a name is missing"))
            return false;
    }
    return true;
}

/* A filter whose "|" was read. */
static struct node *parse_filter(struct parser *p, struct node *input)
{
    struct node *n = make(p, N_FILTER, p->now.off, input, NULL, NULL);
    struct chain args;

    chain_init(&args);
    if (!n || !dotted(p, &n->text))
        return NULL;
    if (is_op(&p->now, '(') && !parse_arguments(p, &args))
        return NULL;
    return with_list(p, n, &n->list, &args);
}

/* "a|b|c" of a filter or set block, its first "|" read. */
static struct node *parse_filters(struct parser *p)
{
    struct node *n = parse_filter(p, NULL);

    while (n && accept_op(p, '|'))
        n = parse_filter(p, n);
    return n;
}

static bool starts_argument(const struct parser *p)
{
    const struct token *t = &p->now;

    if (is_name(t, "else") || is_name(t, "or") || is_name(t, "and"))
        return false;
    return t->kind == T_NAME || t->kind == T_STRING || t->kind == T_INTEGER || t->kind == T_FLOAT ||
           is_op(t, '(') || is_op(t, '[') || is_op(t, '{');
}

/* A test whose "is" was read. */
static struct node *parse_test(struct parser *p, struct node *input)
{
    struct node *n;
    struct chain args;

    chain_init(&args);
    (void)accept_name(p, "not");
    n = make(p, N_TEST, p->now.off, input, NULL, NULL);
    if (!n || !dotted(p, &n->text))
        return NULL;
    if (is_op(&p->now, '(')) {
        if (!parse_arguments(p, &args))
            return NULL;
    } else if (starts_argument(p)) {
        if (is_name(&p->now, "is"))
            return fault(p, "a test behind a test");
        if (!chain_add(&args, parse_postfix(p, parse_primary(p))))
            return NULL;
    }
    return with_list(p, n, &n->list, &args);
}

static struct node *parse_filter_chain(struct parser *p, struct node *n)
{
    while (n && !failed(p)) {
        if (accept_op(p, '|'))
            n = parse_filter(p, n);
        else if (accept_name(p, "is"))
            n = parse_test(p, n);
        else if (is_op(&p->now, '('))
            n = parse_call(p, n);
        else
            break;
    }
    return failed(p) ? NULL : n;
}

/* ---- operators ---- */

static struct node *operation(struct parser *p, enum node_kind kind, unsigned op, size_t off,
                              struct node *a, struct node *b)
{
    struct node *n = a ? make(p, kind, off, a, b, NULL) : NULL;

    if (n)
        n->op = op;
    return n;
}

static struct node *parse_unary(struct parser *p, bool filters)
{
    struct token t = p->now;
    struct node *n;

    if (++p->depth > DEPTH_MAX)
        return too_large(p, "expressions nested too deeply");
    if (is_op(&t, '-') || is_op(&t, '+')) {
        advance(p);
        n = operation(p, N_UNARY, t.op, t.off, parse_unary(p, false), NULL);
    } else {
        n = parse_primary(p);
    }
    n = parse_postfix(p, n);
    if (filters)
        n = parse_filter_chain(p, n);
    p->depth--;
    return failed(p) ? NULL : n;
}

/* The binary operators, those that bind least first. */
static const unsigned levels[][5] = {
    { OP1('+'), OP1('-') },
    { OP1('~') },
    { OP1('*'), OP1('/'), OP2('/', '/'), OP1('%') },
    { OP2('*', '*') },
};

static bool is_of_level(const struct token *t, unsigned level)
{
    for (size_t i = 0; i < 5 && levels[level][i]; i++)
        if (is_op(t, levels[level][i]))
            return true;
    return false;
}

static struct node *parse_level(struct parser *p, unsigned level)
{
    struct node *n;

    if (level == ARRAY_LEN(levels))
        return parse_unary(p, true);
    n = parse_level(p, level + 1);
    while (n && is_of_level(&p->now, level)) {
        struct token t = p->now;
        struct node *right;

        advance(p);
        right = parse_level(p, level + 1);
        n = right ? operation(p, N_BINARY, t.op, t.off, n, right) : NULL;
    }
    return n;
}

static bool accept_comparison(struct parser *p)
{
    static const unsigned ops[] = { OP2('=', '='), OP2('!', '='), OP2('<', '='),
                                    OP2('>', '='), OP1('<'),      OP1('>') };

    for (size_t i = 0; i < ARRAY_LEN(ops); i++)
        if (accept_op(p, ops[i]))
            return true;
    if (is_name(&p->now, "not") && is_name(&p->ahead, "in"))
        advance(p);
    return accept_name(p, "in");
}

static struct node *parse_comparison(struct parser *p)
{
    struct node *first = parse_level(p, 0), *n;
    struct chain others;

    chain_init(&others);
    while (first && accept_comparison(p))
        if (!chain_add(&others, parse_level(p, 0)))
            return NULL;
    if (!first || !others.first)
        return first;
    n = make(p, N_COMPARE, first->off, first, NULL, NULL);
    return n ? with_list(p, n, &n->list, &others) : NULL;
}

static struct node *parse_not(struct parser *p)
{
    struct token t = p->now;
    struct node *n;

    if (!is_name(&t, "not") || is_name(&p->ahead, "in"))
        return parse_comparison(p);
    advance(p);
    if (++p->depth > DEPTH_MAX)
        return too_large(p, "expressions nested too deeply");
    n = operation(p, N_UNARY, '!', t.off, parse_not(p), NULL);
    p->depth--;
    return n;
}

static struct node *parse_and(struct parser *p)
{
    struct node *n = parse_not(p);

    while (n && is_name(&p->now, "and")) {
        struct node *right;
        size_t off = p->now.off;

        advance(p);
        right = parse_not(p);
        n = right ? operation(p, N_BINARY, '&', off, n, right) : NULL;
    }
    return n;
}

static struct node *parse_or(struct parser *p)
{
    struct node *n = parse_and(p);

    while (n && is_name(&p->now, "or")) {
        struct node *right;
        size_t off = p->now.off;

        advance(p);
        right = parse_and(p);
        n = right ? operation(p, N_BINARY, 'o', off, n, right) : NULL;
    }
    return n;
}

/* "a if b else c", the else left out perhaps. */
static struct node *parse_expression(struct parser *p)
{
    struct node *n;

    if (++p->depth > DEPTH_MAX)
        return too_large(p, "expressions nested too deeply");
    n = parse_or(p);
    while (n && is_name(&p->now, "if")) {
        size_t off = p->now.off;
        struct node *test, *other = NULL;

        advance(p);
        test = parse_or(p);
        if (test && accept_name(p, "else"))
            other = parse_expression(p);
        n = test && !failed(p) ? make(p, N_COND, off, n, test, other) : NULL;
    }
    p->depth--;
    return failed(p) ? NULL : n;
}

/* ---- statements ---- */

static bool is_one_of(const struct token *t, const char *const *names)
{
    for (; *names; names++)
        if (is_name(t, *names))
            return true;
    return false;
}

/* Names, tuples of names, and attributes of names (namespace). */
static bool is_target(const struct node *n, bool attributes)
{
    if (n->kind == N_NAME)
        return true;
    if (n->kind == N_GETATTR)
        return attributes && n->a->kind == N_NAME;
    if (n->kind != N_LIST)
        return false;
    for (const struct node *i = n->list; i; i = i->next)
        if (!is_target(i, attributes))
            return false;
    return true;
}

static struct node *parse_target(struct parser *p, bool attributes, unsigned how)
{
    struct node *n;

    if (attributes && p->now.kind == T_NAME && is_op(&p->ahead, '.')) {
        n = parse_primary(p);
        n = n ? parse_attribute(p, n) : NULL;
    } else {
        n = parse_tuple(p, TUPLE_TARGET | how);
    }
    if (n && !is_target(n, attributes))
        return fault(p, "what is set is no name");
    return n;
}

static struct node *parse_param(struct parser *p)
{
    struct token t = p->now;
    struct node *n;

    if (!expect(p, T_NAME, "a name is missing"))
        return NULL;
    n = named(p, N_PARAM, &t);
    return n;
}

/* "(a, b=c)" of a macro or a call block. */
static bool parse_signature(struct parser *p, struct chain *out)
{
    bool defaults = false;

    chain_init(out);
    if (!expect_op(p, '('))
        return false;
    while (!failed(p) && !is_op(&p->now, ')')) {
        struct node *n;

        if (out->first && !expect_op(p, ','))
            return false;
        if (is_op(&p->now, ')'))
            return fault(p, "a name is missing") != NULL;
        n = parse_param(p);
        if (!chain_add(out, n))
            return false;
        if (accept_op(p, '=')) {
            defaults = true;
            n->a = parse_expression(p);
            if (n->a && n->height <= n->a->height)
                n->height = (uint16_t)(n->a->height + 1), out->height = higher(out->height, n);
        } else if (defaults) {
            return fault(p, "a parameter without default behind one that has it") != NULL;
        }
    }
    return expect_op(p, ')');
}

/* Reads statements up to a tag named in ends (its name is then p->now) or, without, to the end. */
static bool parse_body(struct parser *p, const char *const *ends, struct chain *out);

/* The body of a tag whose inside was read, up to one of ends. */
static bool parse_block(struct parser *p, const char *const *ends, struct chain *out)
{
    chain_init(out);
    (void)accept_op(p, ':');
    if (!expect(p, T_BLOCK_END, "the end of the tag is missing"))
        return false;
    return parse_body(p, ends, out);
}

/* The same with one end, whose name is passed. */
static struct node *parse_to(struct parser *p, struct node *n, const char *end)
{
    const char *const ends[] = { end, NULL };
    struct chain body;

    if (!n || !parse_block(p, ends, &body))
        return NULL;
    advance(p);
    return with_list(p, n, &n->list, &body);
}

static struct node *parse_for(struct parser *p, size_t off)
{
    static const char *const ends[] = { "endfor", "else", NULL }, *const end[] = { "endfor", NULL };
    struct node *target = parse_target(p, false, 0), *iter, *test = NULL, *n;
    struct chain body, other;

    if (!target || (!accept_name(p, "in") && !fault(p, "in is missing")))
        return NULL;
    iter = parse_tuple(p, TUPLE_RECURSIVE);
    if (iter && accept_name(p, "if"))
        test = parse_expression(p);
    (void)accept_name(p, "recursive");
    n = make(p, N_FOR, off, iter, target, test);
    if (!n || !parse_block(p, ends, &body))
        return NULL;
    if (is_name(&p->now, "else")) {
        advance(p);
        if (!parse_block(p, end, &other) || !with_list(p, n, &n->other, &other))
            return NULL;
    }
    advance(p);
    return with_list(p, n, &n->list, &body);
}

static struct node *parse_case(struct parser *p, struct node *test, size_t off,
                               const char *const *ends)
{
    struct node *n = make(p, N_CASE, off, test, NULL, NULL);
    struct chain body;

    if (!n || !parse_block(p, ends, &body))
        return NULL;
    return with_list(p, n, &n->list, &body);
}

static struct node *parse_if(struct parser *p, size_t off)
{
    static const char *const ends[] = { "elif", "else", "endif", NULL };
    static const char *const end[] = { "endif", NULL };
    struct node *n = make(p, N_IF, off, NULL, NULL, NULL);
    struct chain cases;
    bool more = true;

    chain_init(&cases);
    while (more) {
        struct node *test = parse_tuple(p, 0);

        if (!test || !chain_add(&cases, parse_case(p, test, off, ends)))
            return NULL;
        more = accept_name(p, "elif");
    }
    if (accept_name(p, "else") && !chain_add(&cases, parse_case(p, NULL, off, end)))
        return NULL;
    advance(p);
    return n ? with_list(p, n, &n->list, &cases) : NULL;
}

static struct node *parse_set(struct parser *p, size_t off)
{
    struct node *target = parse_target(p, true, 0), *value = NULL, *n;

    if (target && accept_op(p, '=')) {
        value = parse_tuple(p, TUPLE_CONDITIONS);
        return value ? make(p, N_SET, off, value, target, NULL) : NULL;
    }
    if (target && accept_op(p, '|'))
        value = parse_filters(p);
    n = failed(p) ? NULL : make(p, N_SET_BLOCK, off, value, target, NULL);
    return parse_to(p, n, "endset");
}

static struct node *parse_macro(struct parser *p, size_t off)
{
    struct token t = p->now;
    struct node *n;
    struct chain params;

    if (!expect(p, T_NAME, "a name is missing"))
        return NULL;
    n = named(p, N_MACRO, &t);
    if (!n || !parse_signature(p, &params) || !with_list(p, n, &n->params, &params))
        return NULL;
    n->off = off;
    return parse_to(p, n, "endmacro");
}

static struct node *parse_call_block(struct parser *p, size_t off)
{
    struct chain params;
    struct node *call, *n;

    chain_init(&params);
    if (is_op(&p->now, '(') && !parse_signature(p, &params))
        return NULL;
    call = parse_expression(p);
    if (call && call->kind != N_CALL)
        return fault(p, "a call is missing");
    n = call ? make(p, N_CALL_BLOCK, off, call, NULL, NULL) : NULL;
    if (!n || !with_list(p, n, &n->params, &params))
        return NULL;
    return parse_to(p, n, "endcall");
}

static struct node *parse_with(struct parser *p, size_t off)
{
    struct node *n = make(p, N_WITH, off, NULL, NULL, NULL);
    struct chain sets;

    chain_init(&sets);
    while (!failed(p) && p->now.kind != T_BLOCK_END) {
        struct node *target, *value;

        if (sets.first && !expect_op(p, ','))
            return NULL;
        target = parse_primary(p);
        if (!target || !is_target(target, false) || !expect_op(p, '='))
            return fault(p, "what is set is no name");
        value = parse_expression(p);
        if (!value || !chain_add(&sets, make(p, N_SET, target->off, value, target, NULL)))
            return NULL;
    }
    if (!n || !with_list(p, n, &n->params, &sets))
        return NULL;
    return parse_to(p, n, "endwith");
}

/* "with context", "without context", "ignore missing". */
static void skip_context(struct parser *p)
{
    if (is_name(&p->now, "ignore") && is_name(&p->ahead, "missing")) {
        advance(p);
        advance(p);
    }
    if ((is_name(&p->now, "with") || is_name(&p->now, "without")) &&
        is_name(&p->ahead, "context")) {
        advance(p);
        advance(p);
    }
}

static struct node *import_name(struct parser *p)
{
    struct token t = p->now;

    if (!expect(p, T_NAME, "a name is missing"))
        return NULL;
    if (accept_name(p, "as")) {
        t = p->now;
        if (!expect(p, T_NAME, "a name is missing"))
            return NULL;
    }
    return named(p, N_PARAM, &t);
}

static struct node *parse_import_names(struct parser *p, struct node *n)
{
    struct chain names;

    chain_init(&names);
    if (!accept_name(p, "import"))
        return fault(p, "import is missing");
    while (!failed(p) && p->now.kind == T_NAME) {
        if (names.first && is_name(&p->ahead, "context"))
            break;
        if (!chain_add(&names, import_name(p)))
            return NULL;
        if (!accept_op(p, ','))
            break;
    }
    return with_list(p, n, &n->params, &names);
}

/* include, import, from, extends: other templates. */
static struct node *parse_other(struct parser *p, const struct token *word)
{
    struct node *which = parse_expression(p);
    struct node *n = which ? make(p, N_TEMPLATE, word->off, which, NULL, NULL) : NULL;
    struct chain name;

    if (!n)
        return NULL;
    n->text = word->text;
    chain_init(&name);
    if (is_name(word, "from")) {
        n = parse_import_names(p, n);
    } else if (is_name(word, "import")) {
        if (!accept_name(p, "as"))
            return fault(p, "as is missing");
        if (!chain_add(&name, parse_param(p)))
            return NULL;
        n = with_list(p, n, &n->params, &name);
    }
    skip_context(p);
    return n;
}

static struct node *parse_named_block(struct parser *p, size_t off)
{
    struct span name = p->now.text;
    struct node *n = make(p, N_BODY, off, NULL, NULL, NULL);

    if (!expect(p, T_NAME, "a name is missing"))
        return NULL;
    (void)accept_name(p, "scoped");
    (void)accept_name(p, "required");
    n = parse_to(p, n, "endblock");
    if (p->now.kind == T_NAME && span_equal(p->now.text, name))
        advance(p);
    return n;
}

/* trans: variables that it sets, and two bodies. */
static struct node *parse_trans(struct parser *p, size_t off)
{
    static const char *const ends[] = { "pluralize", "endtrans", NULL };
    struct node *n = make(p, N_WITH, off, NULL, NULL, NULL);
    struct chain sets, body;

    chain_init(&sets);
    while (!failed(p) && p->now.kind == T_NAME) {
        struct token t = p->now;
        struct node *target = parse_primary(p);
        struct node *value = accept_op(p, '=') ? parse_expression(p) : named(p, N_NAME, &t);

        if (!target || !value || !chain_add(&sets, make(p, N_SET, t.off, value, target, NULL)))
            return NULL;
        (void)accept_op(p, ',');
    }
    if (!n || !with_list(p, n, &n->params, &sets) || !parse_block(p, ends, &body))
        return NULL;
    if (accept_name(p, "pluralize")) {
        if (p->now.kind == T_NAME)
            advance(p);
        if (!parse_to(p, make(p, N_BODY, off, NULL, NULL, NULL), "endtrans"))
            return NULL;
        return with_list(p, n, &n->list, &body);
    }
    advance(p);
    return with_list(p, n, &n->list, &body);
}

static struct node *parse_print(struct parser *p, size_t off)
{
    struct node *value = parse_tuple(p, TUPLE_CONDITIONS);

    return value ? make(p, N_OUTPUT, off, value, NULL, NULL) : NULL;
}

static struct node *parse_do(struct parser *p, size_t off)
{
    struct node *value = parse_tuple(p, TUPLE_CONDITIONS);

    return value ? make(p, N_DO, off, value, NULL, NULL) : NULL;
}

static struct node *parse_filter_block(struct parser *p, size_t off)
{
    struct node *filters = parse_filters(p);

    return filters ? parse_to(p, make(p, N_FILTER_BLOCK, off, filters, NULL, NULL), "endfilter")
                   : NULL;
}

static struct node *parse_autoescape(struct parser *p, size_t off)
{
    struct node *on = parse_expression(p);

    return on ? parse_to(p, make(p, N_BODY, off, on, NULL, NULL), "endautoescape") : NULL;
}

static struct node *parse_generation(struct parser *p, size_t off)
{
    return parse_to(p, make(p, N_BODY, off, NULL, NULL, NULL), "endgeneration");
}

static struct node *parse_nothing(struct parser *p, size_t off)
{
    return make(p, N_NOTHING, off, NULL, NULL, NULL);
}

static const struct {
    const char *name;
    struct node *(*parse)(struct parser *p, size_t off);
} statements[] = {
    { "for", parse_for },
    { "if", parse_if },
    { "set", parse_set },
    { "macro", parse_macro },
    { "call", parse_call_block },
    { "filter", parse_filter_block },
    { "with", parse_with },
    { "block", parse_named_block },
    { "print", parse_print },
    { "do", parse_do },
    { "trans", parse_trans },
    { "autoescape", parse_autoescape },
    { "generation", parse_generation },
    { "break", parse_nothing },
    { "continue", parse_nothing },
};

static struct node *parse_statement(struct parser *p)
{
    static const char *const others[] = { "include", "import", "from", "extends", NULL };
    struct token word = p->now;

    if (word.kind != T_NAME)
        return fault(p, "the name of a tag is missing");
    for (size_t i = 0; i < ARRAY_LEN(statements); i++) {
        if (!is_name(&word, statements[i].name))
            continue;
        advance(p);
        return statements[i].parse(p, word.off);
    }
    if (!is_one_of(&word, others))
        return fault(p, "a tag that Jinja does not have");
    advance(p);
    return parse_other(p, &word);
}

static struct node *parse_output(struct parser *p)
{
    size_t off = p->now.off;
    struct node *value;

    advance(p);
    value = parse_tuple(p, TUPLE_CONDITIONS);
    if (!value || !expect(p, T_OUTPUT_END, "the end of an expression is missing"))
        return NULL;
    return make(p, N_OUTPUT, off, value, NULL, NULL);
}

static struct node *parse_text(struct parser *p)
{
    struct node *n = make(p, N_TEXT, p->now.off, NULL, NULL, NULL);

    if (n)
        n->text = p->now.text;
    advance(p);
    return n;
}

/* One step of a body; false when it ends here: at one of ends, at the end, or at a fault. */
static bool parse_step(struct parser *p, const char *const *ends, struct chain *out)
{
    switch (p->now.kind) {
    case T_TEXT:
        return chain_add(out, parse_text(p));
    case T_OUTPUT_BEGIN:
        return chain_add(out, parse_output(p));
    case T_BLOCK_BEGIN:
        advance(p);
        if (ends && is_one_of(&p->now, ends))
            return false;
        return chain_add(out, parse_statement(p)) &&
               expect(p, T_BLOCK_END, "the end of a tag is missing");
    case T_END:
        if (ends)
            (void)fault(p, "a block without its end");
        return false;
    default:
        (void)fault(p, "a broken tag");
        return false;
    }
}

static bool parse_body(struct parser *p, const char *const *ends, struct chain *out)
{
    if (++p->depth > DEPTH_MAX)
        return too_large(p, "blocks nested too deeply") != NULL;
    while (parse_step(p, ends, out))
        ;
    p->depth--;
    return !failed(p);
}

void jinja_parse(struct arena *a, struct span in, struct jinja_tree *out)
{
    struct parser *p = arena_alloc(a, sizeof *p);
    struct chain body;

    *out = (struct jinja_tree){ 0 };
    if (!p) {
        out->why = "no memory for it";
        out->too_large = true;
        return;
    }
    p->arena = a;
    p->tree = out;
    p->seed = (uint64_t)(uintptr_t)p * UINT64_C(0x9E3779B97F4A7C15);
    out->caller = intern(p, SPAN_LITERAL("caller"));
    out->varargs = intern(p, SPAN_LITERAL("varargs"));
    out->kwargs = intern(p, SPAN_LITERAL("kwargs"));
    out->loop = intern(p, SPAN_LITERAL("loop"));
    jinja_lex_init(&p->lexer, in);
    advance(p);
    advance(p);
    chain_init(&body);
    (void)parse_body(p, NULL, &body);
    out->list = body.first;
}
