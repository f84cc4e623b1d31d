/*
 * From text to tree. The grammar is the union of those of CPython 3.8 to 3.14 (The Python
 * Language Reference, "Full Grammar specification"); what their compilers refuse after
 * parsing is refused too. docs/python.md lists the differences. See parser.h for how.
 */
#include "format/python/parser.h"

#include <stdio.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/*
 * The arrays of the last tree, for the next one: most files are small, and fresh pages would
 * take a fifth of the time. They are charged to the budget of the file that uses them.
 */
static _Thread_local struct {
    struct py_node *nodes;
    uint32_t *lines;
    uint32_t size, lines_size;
} kept;
#define KEEP_BYTES ((size_t)1024 * 1024)

/* Gives an array that is kept to a tree, if the budget allows. */
static void *take_kept(struct scan *s, void *array, uint32_t has, size_t each, uint32_t *size)
{
    if (!array || s->budget->memory_left < has * each || !budget_memory(s->budget, has * each))
        return NULL;
    *size = has;
    return array;
}

/* Of the text's size: what half of the files need; they grow to twice that and more. */
static uint32_t first_size(uint32_t n)
{
    return n / 6 + 64;
}

bool parse_grow(struct parser *p)
{
    struct py_tree *t = p->t;
    struct scan *s = t->s;
    uint32_t to = t->size ? t->size + t->size / 2 : first_size(p->l.n);
    void *q;

    if (p->l.status != PRATIQUE_OK)
        return false;
    q = t->nodes ? scan_remap(s, t->nodes, t->size * sizeof *t->nodes, to * sizeof *t->nodes)
                 : scan_map(s, to * sizeof *t->nodes);
    if (!q) {
        lex_stop(&p->l, s->budget->spent ? PRATIQUE_E_LIMIT : PRATIQUE_E_NOMEM);
        return false;
    }
    t->nodes = q;
    t->size = to;
    return true;
}

bool parse_enter(struct parser *p)
{
    if (LIKELY(p->depth++ < DEPTH_MAX))
        return true;
    parse_fail(p, p->l.tok.off, "too many nested expressions: parser stack overflow");
    return false;
}

static bool starts_print(struct parser *p, struct span *word)
{
    uint32_t end = p->l.prev_end, off = p->l.line_start;
    struct span name;

    if (end <= off || !span_sub(p->t->text, off, end - off, &name))
        return false;
    *word = name;
    return span_is(name, "print") || span_is(name, "exec");
}

void parse_unexpected(struct parser *p)
{
    const struct token *tok = &p->l.tok;
    struct span word;

    if (tok->kind == T_ERROR)
        return;
    if (tok->kind == T_INDENT)
        parse_fail(p, tok->off, "unexpected indent");
    else if (tok->kind == T_DEDENT)
        parse_fail(p, tok->off, "unexpected unindent");
    else if (tok->kind >= T_NAME && tok->kind <= T_FSTRING && starts_print(p, &word))
        parse_fail(p, p->l.line_start,
                   "Missing parentheses in call to '%.*s'. Did you mean %.*s(...)?", (int)word.n,
                   word.p, (int)word.n, word.p);
    else
        parse_fail(p, tok->off, "invalid syntax");
}

static void parse_module(struct parser *p)
{
    struct list list = { 0, 0 };

    next(p);
    while (kind(p) != T_EOF && kind(p) != T_ERROR)
        parse_statement(p, &list);
    at(p, p->t->root)->a = list.first;
}

/* eval(): white space before it, one line of expressions, newlines behind it. */
static void parse_eval(struct parser *p)
{
    struct lexer *l = &p->l;
    uint32_t off, e;

    while (lex_byte(l, l->at) == ' ' || lex_byte(l, l->at) == '\t')
        l->at++;
    next(p);
    off = l->tok.off;
    if (!parse_starts_expression(p)) {
        parse_unexpected(p);
        return;
    }
    e = parse_expressions(p);
    parse_await_check(p);
    e = add_node(p, N_EXPR, off, e, 0, 0);
    at(p, p->t->root)->a = e;
    while (accept(p, T_NEWLINE))
        ;
    if (kind(p) != T_EOF)
        parse_unexpected(p);
}

static void fill_fault(struct py_tree *t, struct py_fault *fault)
{
    struct py_position pos;

    if (fault->offset > t->text.n)
        fault->offset = t->text.n;
    pos = py_position(t, (uint32_t)fault->offset);
    fault->line = pos.line;
    fault->column = pos.column;
}

/* What a fault left half done: such nodes are made to end where they start. */
static void mend(struct py_tree *t)
{
    for (uint32_t i = 0; i < t->n; i++)
        if (t->nodes[i].end < t->nodes[i].off)
            t->nodes[i].end = t->nodes[i].off;
}

static enum pratique_status finish(struct parser *p)
{
    struct py_tree *t = p->t;

    if (t->n)
        t->nodes[0] = (struct py_node){ 0 };
    if (t->root)
        t->nodes[t->root].end = (uint32_t)t->text.n;
    if (p->l.status != PRATIQUE_OK)
        mend(t);
    if (p->l.status == PRATIQUE_E_FORMAT)
        fill_fault(t, p->l.fault);
    return p->l.status;
}

/* The arrays that are kept, as far as there are such. */
static void open_kept(struct py_tree *t)
{
    t->nodes = take_kept(t->s, kept.nodes, kept.size, sizeof *t->nodes, &t->size);
    if (t->nodes)
        kept.nodes = NULL;
    t->lines = take_kept(t->s, kept.lines, kept.lines_size, sizeof *t->lines, &t->lines_size);
    if (t->lines)
        kept.lines = NULL;
}

enum pratique_status py_parse(struct scan *s, struct span text, enum py_mode mode,
                              struct py_tree *out, struct py_fault *fault)
{
    struct parser p = { .t = out, .with_paren = NOWHERE };
    enum pratique_status st;

    *out = (struct py_tree){ .s = s, .text = text };
    *fault = (struct py_fault){ .offset = PRATIQUE_NO_OFFSET };
    if (text.n > (size_t)1 << 30)
        return scan_fail(s, PRATIQUE_E_LIMIT, 0, "a Python source of more than 1 GiB");
    st = py_atoms_open(&out->atoms, s);
    if (st != PRATIQUE_OK)
        return st;
    open_kept(out);
    lex_start(&p.l, out, fault);
    p.ctx.yield_at = p.ctx.await_at = NOWHERE;
    (void)add(&p, (struct py_node){ 0 });
    out->root = add_node(&p, N_MODULE, 0, 0, 0, 0);
    if (!out->root)
        return p.l.status;
    if (mode == PY_EVAL)
        parse_eval(&p);
    else
        parse_module(&p);
    if (p.l.status == PRATIQUE_OK && p.names_matter)
        parse_check(&p);
    return finish(&p);
}

static void close_kept(struct py_tree *t)
{
    size_t nodes = t->size * sizeof *t->nodes, lines = t->lines_size * sizeof *t->lines;

    if (t->nodes && !kept.nodes && nodes <= KEEP_BYTES) {
        kept.nodes = t->nodes;
        kept.size = t->size;
        t->nodes = NULL;
        budget_memory_return(t->s->budget, nodes);
    }
    if (t->lines && !kept.lines && lines <= KEEP_BYTES) {
        kept.lines = t->lines;
        kept.lines_size = t->lines_size;
        t->lines = NULL;
        budget_memory_return(t->s->budget, lines);
    }
}

void py_tree_close(struct py_tree *t)
{
    if (!t->s)
        return;
    py_atoms_close(&t->atoms);
    close_kept(t);
    scan_unmap(t->s, t->nodes, t->size * sizeof *t->nodes);
    scan_unmap(t->s, t->lines, t->lines_size * sizeof *t->lines);
    scan_unmap(t->s, t->comments, t->comments_size * sizeof *t->comments);
    *t = (struct py_tree){ 0 };
}

/* The last line that starts at or before off; from 0. */
static uint32_t find_line(const struct py_tree *t, uint32_t off)
{
    uint32_t low = 0, high = t->lines_n;

    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;

        if (t->lines[mid] <= off)
            low = mid;
        else
            high = mid;
    }
    return low;
}

/* Characters of n bytes: those that continue none. A line may be a whole file. */
static uint32_t count_characters(const uint8_t *p, uint32_t n)
{
    uint32_t chars = n, i = 0;

#ifdef __SSE2__
    for (; i + 16 <= n; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        int more = _mm_movemask_epi8(_mm_cmplt_epi8(v, _mm_set1_epi8(-64)));

        chars -= (uint32_t)__builtin_popcount((unsigned)more);
    }
#endif
    for (; i < n; i++)
        chars -= (p[i] & 0xc0) == 0x80;
    return chars;
}

uint32_t py_line(const struct py_tree *t, uint32_t off)
{
    return t->lines_n ? find_line(t, off) + 1 : 1;
}

/* Counting goes on from where it ended last, if that was before in the same line. */
struct py_position py_position(struct py_tree *t, uint32_t off)
{
    uint32_t line, start, from, chars;

    if (off > t->text.n)
        off = (uint32_t)t->text.n;
    line = t->lines_n ? find_line(t, off) : 0;
    start = t->lines_n ? t->lines[line] : 0;
    from = t->counted_off >= start && t->counted_off <= off ? t->counted_off : start;
    chars = from == start ? 0 : t->counted_chars;
    chars += count_characters(t->text.p + from, off - from);
    t->counted_off = off;
    t->counted_chars = chars;
    return (struct py_position){ line + 1, off - start + 1, chars + 1 };
}
