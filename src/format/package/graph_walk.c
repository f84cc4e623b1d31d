/*
 * The search: from where running begins to all that it calls, the shortest way first, and
 * what is known before what is guessed. See linked.h.
 */
#include "format/package/linked.h"

/* What is still to be looked at, in the order in which it was reached. */
struct walk {
    uint32_t *queue, n, head;
    uint32_t *guesses, guesses_n, guesses_size; /* caller, callee, line of guessed calls */
    uint8_t phase;
    bool sure;
};

static void reach(struct graph *g, struct walk *w, uint32_t func, uint32_t parent, uint32_t line)
{
    struct reached *r = &g->reached[func];

    if (r->phase || graph_func(g, func)->kind == PY_FUNC_NEVER)
        return;
    *r = (struct reached){ .parent = parent, .line = line, .phase = w->phase, .sure = w->sure };
    w->queue[w->n++] = func;
}

/* A guess is put off until all that is known was followed. */
static void put_off(struct graph *g, struct walk *w, uint32_t from, uint32_t to, uint32_t line)
{
    if (g->reached[to].phase)
        return;
    for (uint32_t i = 0; i < 3; i++) {
        if (!graph_room(g, (void **)&w->guesses, w->guesses_n, &w->guesses_size,
                        sizeof *w->guesses))
            return;
        w->guesses[w->guesses_n++] = i == 0 ? from : i == 1 ? to : line;
    }
}

static void step(struct graph *g, uint32_t from, uint32_t to, uint32_t line, bool sure, void *arg)
{
    struct walk *w = arg;

    if (sure || !w->sure)
        reach(g, w, to, from, line);
    else
        put_off(g, w, from, to, line);
}

static void follow(struct graph *g, struct walk *w)
{
    while (w->head < w->n)
        graph_targets(g, w->queue[w->head++], step, w);
}

void graph_walk(struct graph *g, const struct roots *roots)
{
    struct walk w = { .queue = arena_array(g->arena, g->funcs_n, sizeof *w.queue), .sure = true };
    uint32_t ends[GRAPH_PHASES] = { 0 };

    if (!w.queue) {
        g->full = true;
        return;
    }
    for (uint32_t phase = 0; phase < GRAPH_PHASES; phase++) {
        w.phase = (uint8_t)(phase + 1);
        for (uint32_t i = 0; i < roots->n; i++)
            if (roots->list[i].phase == phase)
                reach(g, &w, roots->list[i].func, roots->list[i].func, 0);
        follow(g, &w);
        ends[phase] = w.guesses_n;
    }
    w.sure = false;
    for (uint32_t phase = 0, i = 0; phase < GRAPH_PHASES; phase++) {
        w.phase = (uint8_t)(phase + 1);
        for (; i + 2 < ends[phase]; i += 3)
            reach(g, &w, w.guesses[i + 1], w.guesses[i], w.guesses[i + 2]);
        follow(g, &w);
    }
}
