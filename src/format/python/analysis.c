/* One analysis, from its tables to its facts. See analysis.h. */
#include "format/python/analysis.h"

#include "format/python/outliner.h"

/* Memory for values, and steps. */
#define ARENA_MAX  ((size_t)48 * 1024 * 1024)
#define FUEL_START 200000
#define FUEL_NODE  64
/* Steps of loops and calls that are followed with what they are given. */
#define TURNS_START 20000
#define TURNS_NODE  1
/* Names that are made while binding: those of setattr(). */
#define ATOMS_MORE 64

/* Room behind the parser's nodes for calls that stand nowhere; false without memory. */
static bool add_calls(struct analysis *an)
{
    struct py_tree *t = an->tree;

    an->nodes_n = t->n;
    if (t->size - t->n < 4) {
        struct py_node *more =
            scan_remap(an->s, t->nodes, t->size * sizeof *more, (t->size + 64) * sizeof *more);

        if (!more)
            return false;
        t->nodes = more;
        t->size += 64;
    }
    an->empty_call = t->n++;
    an->fake_call = t->n++;
    an->fake_arg = t->n++;
    memset(t->nodes + an->empty_call, 0, 3 * sizeof *t->nodes);
    t->nodes[an->empty_call].kind = N_CALL;
    t->nodes[an->fake_call] = (struct py_node){ .kind = N_CALL, .b = an->fake_arg };
    t->nodes[an->fake_arg].kind = N_NONE;
    return true;
}

static bool open_tables(struct analysis *an)
{
    size_t n = an->tree->atoms.n + ATOMS_MORE;

    an->atoms_n = (uint32_t)n;
    arena_init(&an->arena, ARENA_MAX);
    an->fuel = FUEL_START + (uint64_t)an->tree->n * FUEL_NODE;
    an->turns_in_all = TURNS_START + (uint64_t)an->tree->n * TURNS_NODE;
    an->fields = scan_map(an->s, n * sizeof *an->fields);
    an->calls = scan_map(an->s, n * sizeof *an->calls);
    return an->fields && an->calls && add_calls(an);
}

#define FREE_LIST(an, l) scan_unmap((an)->s, (l).list, (l).size * sizeof *(l).list)

static void close_tables(struct analysis *an)
{
    size_t n = an->atoms_n;

    scan_unmap(an->s, an->fields, n * sizeof *an->fields);
    scan_unmap(an->s, an->calls, n * sizeof *an->calls);
    scan_unmap(an->s, an->symbol_slots, an->symbol_slots_n * sizeof *an->symbol_slots);
    scan_unmap(an->s, an->full_memo, an->full_memo_n * sizeof *an->full_memo);
    for (uint32_t i = 0; i < an->values.n; i++)
        scan_unmap(an->s, an->values.list[i], VALUES_PIECE * sizeof **an->values.list);
    FREE_LIST(an, an->values);
    FREE_LIST(an, an->bindings);
    FREE_LIST(an, an->symbols);
    FREE_LIST(an, an->scopes);
    FREE_LIST(an, an->stars);
    arena_reset(&an->arena);
}

enum pratique_status analyse(struct analysis *an)
{
    an->failed = !open_tables(an);
    if (!an->failed)
        bind_module(an);
    if (!an->failed && an->module)
        outline_begin(an);
    if (!an->failed)
        report_module(an);
    if (an->outline && an->outer)
        outline_constant(an);
    else if (an->outline)
        outline_end(an);
    close_tables(an);
    return an->failed ? scan_fail_budget(an->s, 0) : PRATIQUE_OK;
}
