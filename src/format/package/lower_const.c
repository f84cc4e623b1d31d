/* Constants: numbers, strings put together, and f-strings as their pieces. See lower.h. */
#include "format/package/lower.h"
#include "format/python/literal.h"

static uint32_t emit_const(struct lower *l, struct ir_const c, uint32_t off)
{
    struct ir_const *slot = l->failed ? NULL : pool_add(l, &l->consts);
    uint32_t reg = lower_reg(l);

    if (slot)
        *slot = c;
    (void)lower_emit(
        l, (struct ir_ins){ .op = IR_CONST, .dst = reg, .a = l->consts.n - 1, .off = off });
    return reg;
}

uint32_t lower_none(struct lower *l, uint32_t off)
{
    return emit_const(l, (struct ir_const){ .kind = IR_NONE, .text = SPAN_EMPTY }, off);
}

uint32_t lower_int(struct lower *l, int64_t value, uint32_t off)
{
    return emit_const(l, (struct ir_const){ .kind = IR_INT, .value = value, .text = SPAN_EMPTY },
                      off);
}

uint32_t lower_text(struct lower *l, struct span text, uint32_t off)
{
    return emit_const(l, (struct ir_const){ .kind = IR_STR, .text = text }, off);
}

/* ---- text ---- */

/* The text of an N_STR, or of several side by side, escapes resolved. */
struct text {
    uint8_t *p;
    size_t n;
};

static void add_string(struct lower *l, struct text *out, const struct py_node *n)
{
    struct span body = fold_body(py_node_text(&l->t, n), n);

    if (n->flags & PYN_ESCAPES && !(n->flags & PYN_RAW))
        out->n += fold_escapes(body, n->flags & PYN_BYTES, out->p + out->n);
    else if (body.n) {
        memcpy(out->p + out->n, body.p, body.n);
        out->n += body.n;
    }
}

/* A list of N_STR up to one that is none. */
static struct span joined(struct lower *l, uint32_t first, uint32_t *after)
{
    struct text out = { NULL, 0 };
    size_t room = FOLD_ROOM;
    uint32_t i;

    for (i = first; i && node_of(l, i)->kind == N_STR; i = node_of(l, i)->next)
        room += node_of(l, i)->end - node_of(l, i)->off;
    *after = i;
    out.p = arena_alloc(l->arena, room);
    if (!out.p) {
        lower_refuse(l, "too much to keep");
        return SPAN_EMPTY;
    }
    for (i = first; i != *after; i = node_of(l, i)->next)
        add_string(l, &out, node_of(l, i));
    return span_of(out.p, out.n);
}

/* One literal: a piece of the text where no escape stands in it. */
static struct span single(struct lower *l, uint32_t node)
{
    const struct py_node *n = node_of(l, node);
    struct text out = { NULL, 0 };
    struct span body = fold_body(py_node_text(&l->t, n), n);

    if (!(n->flags & PYN_ESCAPES) || n->flags & PYN_RAW)
        return body;
    out.p = arena_alloc(l->arena, body.n + FOLD_ROOM);
    if (!out.p) {
        lower_refuse(l, "too much to keep");
        return SPAN_EMPTY;
    }
    add_string(l, &out, n);
    return span_of(out.p, out.n);
}

static struct ir_const constant(struct lower *l, uint32_t node)
{
    const struct py_node *n = node_of(l, node);
    struct ir_const c = { .text = SPAN_EMPTY };

    switch (n->kind) {
    case N_STR:
        c.kind = n->flags & PYN_BYTES ? IR_BYTES : IR_STR;
        c.text = single(l, node);
        break;
    case N_INT:
        c.kind = IR_INT;
        if (!fold_int(py_node_text(&l->t, n), &c.value))
            c.text = py_node_text(&l->t, n);
        break;
    case N_TRUE:
        c.kind = IR_TRUE;
        break;
    case N_FALSE:
        c.kind = IR_FALSE;
        break;
    case N_ELLIPSIS:
        c.kind = IR_ELLIPSIS;
        break;
    case N_NONE:
        c.kind = IR_NONE;
        break;
    default:
        c.kind = IR_NUMBER;
        c.text = py_node_text(&l->t, n);
    }
    return c;
}

uint32_t lower_literal(struct lower *l, uint32_t node)
{
    return emit_const(l, constant(l, node), node_of(l, node)->off);
}

/* ---- f-strings ---- */

/* Doubled braces are one. */
static struct span single_braces(struct lower *l, struct span s)
{
    uint8_t *out = arena_alloc(l->arena, s.n);
    size_t n = 0;

    if (!out) {
        lower_refuse(l, "too much to keep");
        return SPAN_EMPTY;
    }
    for (size_t i = 0; i < s.n; i++) {
        out[n++] = s.p[i];
        if ((s.p[i] == '{' || s.p[i] == '}') && i + 1 < s.n && s.p[i + 1] == s.p[i])
            i++;
    }
    return span_of(out, n);
}

static struct span piece_text(struct lower *l, const struct py_node *n)
{
    struct span s = py_node_text(&l->t, n);
    uint8_t *out;

    if (!(n->flags & PYN_ESCAPES))
        return s;
    s = single_braces(l, s);
    out = n->flags & PYN_RAW ? NULL : arena_alloc(l->arena, s.n + FOLD_ROOM);
    return out ? span_of(out, fold_escapes(s, false, out)) : s;
}

/* What a format's own fields compute is not kept, but it is computed. */
static void format_fields(struct lower *l, uint32_t first)
{
    if (!lower_enter(l)) {
        lower_leave(l);
        return;
    }
    for (uint32_t i = first; i; i = node_of(l, i)->next)
        if (node_of(l, i)->kind == N_FVALUE) {
            uint32_t regs = l->regs;

            (void)lower_expr(l, node_of(l, i)->a);
            l->regs = regs;
            format_fields(l, node_of(l, i)->b);
        }
    lower_leave(l);
}

/* Whether what is printed is not simply str(value). */
static bool is_formatted(const struct py_node *n)
{
    return n->kind == N_FVALUE && (n->b || (n->op && n->op != 's') || n->flags & PYN_STAR);
}

static void piece(struct lower *l, uint32_t node)
{
    const struct py_node *n = node_of(l, node);

    if (n->kind == N_FTEXT) {
        (void)lower_text(l, piece_text(l, n), n->off);
        return;
    }
    (void)lower_expr(l, n->a);
    format_fields(l, n->b);
}

/* The operands, registers from base on, once all pieces are there. */
static void operands(struct lower *l, uint32_t first, uint32_t base, bool outer)
{
    uint32_t reg = base;

    for (uint32_t i = first; i; i = outer ? node_of(l, i)->next : 0) {
        const struct py_node *n = node_of(l, i);

        if (n->kind == N_STR) {
            lower_arg(l, (struct ir_arg){ .reg = reg++, .kind = IR_ARG });
            while (n->next && node_of(l, n->next)->kind == N_STR)
                n = node_of(l, i = n->next);
            continue;
        }
        for (uint32_t k = n->a; k; k = node_of(l, k)->next)
            lower_arg(l, (struct ir_arg){ .reg = reg++,
                                          .kind = is_formatted(node_of(l, k)) ? IR_ARG_FORMATTED
                                                                              : IR_ARG });
    }
}

static void pieces(struct lower *l, uint32_t first, bool outer)
{
    for (uint32_t i = first; i && !l->failed;) {
        const struct py_node *n = node_of(l, i);

        if (n->kind == N_STR) {
            (void)lower_text(l, joined(l, i, &i), n->off);
            continue;
        }
        for (uint32_t k = n->a; k && !l->failed; k = node_of(l, k)->next)
            piece(l, k);
        i = outer ? n->next : 0;
    }
}

static bool only_literals(const struct lower *l, uint32_t first)
{
    for (uint32_t i = first; i; i = node_of(l, i)->next)
        if (node_of(l, i)->kind != N_STR)
            return false;
    return true;
}

uint32_t lower_strings(struct lower *l, uint32_t node)
{
    const struct py_node *n = node_of(l, node);
    bool outer = n->kind == N_STRINGS;
    uint32_t first = outer ? n->a : node, base = l->regs, from, after, dst;

    if (outer && only_literals(l, first))
        return emit_const(
            l,
            (struct ir_const){ .kind = node_of(l, first)->flags & PYN_BYTES ? IR_BYTES : IR_STR,
                               .text = joined(l, first, &after) },
            n->off);
    pieces(l, first, outer);
    from = l->args.n;
    operands(l, first, base, outer);
    l->regs = base;
    dst = lower_reg(l);
    (void)lower_emit(
        l, (struct ir_ins){
               .op = IR_JOIN, .dst = dst, .a = from, .b = l->args.n - from, .off = n->off });
    return dst;
}
