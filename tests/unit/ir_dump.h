/*
 * Instructions as text: "0: CONST r0 'x'; 1: STORE r0 global a". Jumps are @n, registers r0,
 * slots s0 with their names.
 */
#ifndef PRATIQUE_TESTS_IR_DUMP_H
#define PRATIQUE_TESTS_IR_DUMP_H

#include <inttypes.h>
#include <stdio.h>

#include "format/package/ir.h"

static inline void dump_text(FILE *out, struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        fputc(s.p[i] < ' ' ? '~' : s.p[i], out);
}

static inline void dump_name(FILE *out, const struct ir_module *m, uint32_t name)
{
    fputc(' ', out);
    dump_text(out, ir_name_text(m->names, name));
}

static inline void dump_const(FILE *out, const struct ir_const *c)
{
    static const char *const words[] = { "None", "True", "False", "..." };

    switch (c->kind) {
    case IR_STR:
    case IR_BYTES:
        fputs(c->kind == IR_STR ? " '" : " b'", out);
        dump_text(out, c->text);
        fputc('\'', out);
        break;
    case IR_NUMBER:
        fputc(' ', out);
        dump_text(out, c->text);
        break;
    case IR_INT:
        if (c->text.n) {
            fputc(' ', out);
            dump_text(out, c->text);
        } else {
            fprintf(out, " %" PRId64, c->value);
        }
        break;
    default:
        fprintf(out, " %s", words[c->kind]);
    }
}

static inline const char *dump_operator(unsigned op)
{
    static const char *const names[] = {
        [OP_ADD] = "+",         [OP_SUB] = "-",       [OP_MUL] = "*",         [OP_MATMUL] = "@",
        [OP_DIV] = "/",         [OP_FLOORDIV] = "//", [OP_MOD] = "%",         [OP_POW] = "**",
        [OP_LSHIFT] = "<<",     [OP_RSHIFT] = ">>",   [OP_AND] = "&",         [OP_OR] = "|",
        [OP_XOR] = "^",         [OP_NOT] = "not",     [OP_NEG] = "-",         [OP_POS] = "+",
        [OP_INVERT] = "~",      [OP_EQ] = "==",       [OP_NE] = "!=",         [OP_LT] = "<",
        [OP_LE] = "<=",         [OP_GT] = ">",        [OP_GE] = ">=",         [OP_IN] = "in",
        [OP_NOT_IN] = "not-in", [OP_IS] = "is",       [OP_IS_NOT] = "is-not",
    };

    return op < sizeof names / sizeof names[0] && names[op] ? names[op] : "?";
}

static inline void dump_args(FILE *out, const struct ir_module *m, const struct ir_ins *ins)
{
    static const char *const mark[] = { "", "", "*", "**", "!" };

    fputs(" (", out);
    for (uint32_t i = 0; i < ins->b; i++) {
        const struct ir_arg *arg = &m->args[ins->a + i];

        if (i)
            fputc(' ', out);
        if (arg->kind == IR_ARG_KEYWORD) {
            dump_text(out, ir_name_text(m->names, arg->name));
            fputc('=', out);
        }
        fprintf(out, "%sr%u", mark[arg->kind], arg->reg);
    }
    fputc(')', out);
}

static inline void dump_variable(FILE *out, const struct ir_module *m, const struct ir_ins *ins)
{
    static const char *const kinds[] = { "local", "cell", "classed", "global", "builtin" };

    fprintf(out, " %s", kinds[ins->sub]);
    dump_name(out, m, ins->name);
    if (ins->sub < IR_GLOBAL)
        fprintf(out, "=s%u", ins->a);
    if (ins->sub == IR_CELL)
        fprintf(out, "of%u", ins->b);
}

static inline void dump_flags(FILE *out, unsigned flags)
{
    static const char *const words[] = { "async", "assert",  "decorator", "inplace",
                                         "top",   "finally", "generator" };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (flags & 1u << i)
            fprintf(out, " %s", words[i]);
}

/* Registers among dst, a, b and c, in that order. */
static inline void dump_regs(FILE *out, const struct ir_ins *ins, const char *fields)
{
    for (; *fields; fields++)
        switch (*fields) {
        case 'd':
            fprintf(out, " r%u", ins->dst);
            break;
        case 'a':
            fprintf(out, " r%u", ins->a);
            break;
        case 'b':
            fprintf(out, " r%u", ins->b);
            break;
        case 'c':
            fprintf(out, " r%u", ins->c);
            break;
        case 'B': /* a target */
            fprintf(out, " @%u", ins->b);
            break;
        case 'C':
            fprintf(out, " @%u", ins->c);
            break;
        case 'n':
            fprintf(out, " %u", ins->b);
            break;
        default:
            fprintf(out, " %u", ins->c);
        }
}

static inline const char *dump_fields(unsigned op)
{
    static const char *const fields[IR_OPS] = {
        [IR_NOP] = "",          [IR_CONST] = "d",          [IR_MOVE] = "da",
        [IR_LOAD] = "d",        [IR_STORE] = "c",          [IR_DELETE] = "",
        [IR_ATTR] = "da",       [IR_SETATTR] = "ac",       [IR_DELATTR] = "a",
        [IR_ITEM] = "dab",      [IR_SETITEM] = "abc",      [IR_DELITEM] = "ab",
        [IR_SLICE] = "dabc",    [IR_CALL] = "dc",          [IR_BINARY] = "dab",
        [IR_UNARY] = "da",      [IR_COMPARE] = "dab",      [IR_JOIN] = "d",
        [IR_TUPLE] = "d",       [IR_LIST] = "d",           [IR_SET] = "d",
        [IR_DICT] = "d",        [IR_APPEND] = "ac",        [IR_ADD] = "ac",
        [IR_PUT] = "abc",       [IR_PART] = "danx",        [IR_FUNC] = "dx",
        [IR_CLASS] = "dx",      [IR_IMPORT] = "d",         [IR_IMPORT_FROM] = "dn",
        [IR_IMPORT_STAR] = "n", [IR_JUMP] = "B",           [IR_BRANCH] = "aBC",
        [IR_ITER] = "da",       [IR_NEXT] = "daB",         [IR_RETURN] = "a",
        [IR_YIELD] = "da",      [IR_YIELD_FROM] = "da",    [IR_AWAIT] = "da",
        [IR_RAISE] = "ab",      [IR_CAUGHT] = "d",         [IR_MATCH] = "dab",
        [IR_RERAISE] = "a",     [IR_RERAISE_BARE] = "",    [IR_ENTER] = "da",
        [IR_EXIT] = "dab",      [IR_IS_SEQUENCE] = "danx", [IR_IS_MAPPING] = "da",
        [IR_HAS_KEY] = "dab",   [IR_IS_INSTANCE] = "dab",
    };

    return fields[op];
}

static inline bool dump_has_args(unsigned op)
{
    return op == IR_CALL || op == IR_JOIN || (op >= IR_TUPLE && op <= IR_DICT) || op == IR_FUNC ||
           op == IR_CLASS;
}

static inline void dump_ins(FILE *out, const struct ir_module *m, const struct ir_ins *ins)
{
    static const char *const ops[] = {
#define IR(op, what) #op,
#include "format/package/ir.def"
#undef IR
    };
    static const char *const parts[] = { "front", "rest", "back" };

    fputs(ops[ins->op], out);
    dump_regs(out, ins, dump_fields(ins->op));
    if (ins->op == IR_CONST)
        dump_const(out, &m->consts[ins->a]);
    if (ins->op == IR_LOAD || ins->op == IR_STORE || ins->op == IR_DELETE)
        dump_variable(out, m, ins);
    else if (ins->op == IR_BINARY || ins->op == IR_UNARY || ins->op == IR_COMPARE)
        fprintf(out, " %s", dump_operator(ins->sub));
    else if (ins->op == IR_PART)
        fprintf(out, " %s", parts[ins->sub]);
    if (ins->op == IR_IMPORT_FROM || ins->op == IR_IMPORT_STAR)
        dump_name(out, m, ins->a);
    if (ins->name && ins->op != IR_LOAD && ins->op != IR_STORE && ins->op != IR_DELETE)
        dump_name(out, m, ins->name);
    if (dump_has_args(ins->op))
        dump_args(out, m, ins);
    dump_flags(out, ins->flags);
}

static inline void ir_dump_function(FILE *out, const struct ir_module *m, uint32_t index)
{
    const struct ir_function *f = &m->functions[index];

    for (uint32_t i = 0; i < f->ins_n; i++) {
        fprintf(out, "%s%u: ", i ? "; " : "", i);
        dump_ins(out, m, &f->ins[i]);
    }
    for (uint32_t i = 0; i < f->regions_n; i++)
        fprintf(out, "; [%u %u) @%u", f->regions[i].from, f->regions[i].to, f->regions[i].handler);
}

/* Every function, each with a head of its own. */
static inline void ir_dump(FILE *out, const struct ir_module *m)
{
    for (uint32_t i = 0; i < m->functions_n; i++) {
        const struct ir_function *f = &m->functions[i];

        fprintf(out, "function %u", i);
        dump_name(out, m, f->name);
        fprintf(out, " in %u, registers %u:", f->parent, f->regs_n);
        for (uint32_t k = 0; k < f->vars_n; k++) {
            dump_name(out, m, f->vars[k].name);
            fputs(f->vars[k].captured ? "^" : "", out);
        }
        fputs("\n  ", out);
        ir_dump_function(out, m, i);
        fputc('\n', out);
    }
}

#endif
