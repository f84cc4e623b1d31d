/* Imports, by dotted names. See lower.h. */
#include "format/package/lower.h"

/* The parts of a dotted name with dots between, whatever stands between them in the text. */
static uint32_t dotted(struct lower *l, uint32_t first)
{
    size_t n = 0, room = 0;
    char *text;

    if (!first || !node_of(l, first)->next)
        return first ? lower_name(l, node_of(l, first)->atom) : 0;
    for (uint32_t i = first; i; i = node_of(l, i)->next)
        room += py_atom_text(&l->t.atoms, node_of(l, i)->atom).n + 1;
    text = arena_alloc(l->arena, room);
    if (!text) {
        lower_refuse(l, "too much to keep");
        return 0;
    }
    for (uint32_t i = first; i; i = node_of(l, i)->next) {
        struct span part = py_atom_text(&l->t.atoms, node_of(l, i)->atom);

        memcpy(text + n, part.p, part.n);
        n += part.n;
        text[n++] = '.';
    }
    return lower_name_text(l, span_of(text, n - 1));
}

void lower_import(struct lower *l, uint32_t node)
{
    for (uint32_t i = node_of(l, node)->a; i && !l->failed; i = node_of(l, i)->next) {
        const struct py_node *alias = node_of(l, i);
        uint32_t regs = l->regs, reg = lower_reg(l);

        (void)lower_emit(l, (struct ir_ins){ .op = IR_IMPORT,
                                             .flags = alias->atom ? 0 : IR_F_TOP,
                                             .dst = reg,
                                             .name = dotted(l, alias->a),
                                             .off = alias->off });
        lower_store(l, alias->atom ? alias->atom : node_of(l, alias->a)->atom, reg, alias->off);
        l->regs = regs;
    }
}

void lower_import_from(struct lower *l, uint32_t node)
{
    const struct py_node *n = node_of(l, node);
    struct ir_ins ins = { .op = IR_IMPORT_FROM, .a = dotted(l, n->b), .b = n->c };

    if (n->flags & PYN_STAR) {
        ins.op = IR_IMPORT_STAR;
        ins.off = n->off;
        (void)lower_emit(l, ins);
        return;
    }
    for (uint32_t i = n->a; i && !l->failed; i = node_of(l, i)->next) {
        const struct py_node *alias = node_of(l, i);
        uint32_t regs = l->regs, atom = node_of(l, alias->a)->atom;

        ins.dst = lower_reg(l);
        ins.name = lower_name(l, atom);
        ins.off = alias->off;
        (void)lower_emit(l, ins);
        lower_store(l, alias->atom ? alias->atom : atom, ins.dst, alias->off);
        l->regs = regs;
    }
}
