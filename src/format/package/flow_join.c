/*
 * Ways that meet: joined where they differ in nothing that is asked about. What counts is how
 * bytes were checked, what stands in files, values that hold fetched bytes, and None, True and
 * False, by which programs say what came of a check.
 */
#include "format/package/flow_run.h"

bool is_condition(const struct flow *f, uint32_t v)
{
    const struct value *x = val(f, v);

    return x->kind == V_TERM && (x->sub == T_CMP || x->sub == T_NOT || x->sub == T_EXISTS ||
                                 x->sub == T_ANY || x->sub == T_ALL);
}

/* Whether a value may give way to "one of two" with another. */
static bool is_soft(const struct flow *f, uint32_t v)
{
    const struct value *x = val(f, v);

    switch (x->kind) {
    case V_NONE:
    case V_TRUE:
    case V_FALSE:
    case V_DATA:
    case V_FUNC:
    case V_CLASS:
    case V_INST:
    case V_BOUND:
    case V_BOX:
    case V_ITER:
    case V_OBJ:
        return false;
    case V_TERM:
        return !(x->prov & P_FETCHED) && x->sub != T_EXC && !is_condition(f, v);
    default:
        return !(x->prov & P_FETCHED);
    }
}

struct joining {
    struct flow *f;
    bool force;
};

static bool join_values(struct joining *j, uint32_t x, uint32_t y, uint32_t *out)
{
    if (x == y) {
        *out = x;
        return true;
    }
    if (!j->force && (!is_soft(j->f, x) || !is_soft(j->f, y)))
        return false;
    *out = fv_either(&j->f->values, x, y);
    return true;
}

static bool join_slot(void *arg, const struct map_pair *p, uint32_t *out, bool *drop)
{
    struct joining *j = arg;
    struct flow *f = j->f;
    uint32_t x = p->x, y = p->y;

    switch (p->key >> 60) {
    case S_STATUS:
        return false; /* one has it and the other does not, or they differ */
    case S_KNOWN:
    case S_FINAL:
    case S_ONCE:
        *drop = true;
        return true;
    case S_FILE:
    case S_SOME:
    case S_TREE:
        if (p->x_there && p->y_there)
            return join_values(j, x, y, out);
        *out = p->x_there ? x : y;
        return j->force || !(val(f, *out)->prov & P_FETCHED);
    default:
        if (!p->x_there)
            x = map_get(&f->maps, f->base, p->key, y);
        if (!p->y_there)
            y = map_get(&f->maps, f->base, p->key, x);
        return join_values(j, x, y, out);
    }
}

bool store_join(struct flow *f, uint32_t x, uint32_t y, bool force, uint32_t *out)
{
    struct joining j = { .f = f, .force = force };

    return map_join(&f->maps, x, y, join_slot, &j, out);
}

static bool add_decision(void *arg, const struct map_pair *p, uint32_t *out, bool *drop)
{
    (void)arg;
    (void)drop;
    *out = p->y_there ? p->y : p->x;
    return true;
}

/* What either went through: the ways to an unchecked use that no checked one went tell why. */
uint32_t trail_join(struct flow *f, uint32_t trail, uint32_t more)
{
    uint32_t out;

    return map_join(&f->maps, trail, more, add_decision, NULL, &out) ? out : trail;
}

bool way_join(struct flow *f, struct way *a, const struct way *b, const uint32_t *last, uint32_t n,
              bool force)
{
    struct joining j = { .f = f, .force = force };
    uint32_t store, out;

    for (uint32_t i = 0; i < n; i++) /* first whether, for nothing may change else */
        if (a->slots[i] != b->slots[i] && (i + 1 == n || last[i] >= a->pc) &&
            !join_values(&j, a->slots[i], b->slots[i], &out))
            return false;
    if (!store_join(f, a->store, b->store, force, &store))
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (a->slots[i] != b->slots[i]) {
            bool live = i + 1 == n || last[i] >= a->pc;

            a->slots[i] = live ? fv_either(&f->values, a->slots[i], b->slots[i]) : NOTHING;
        }
    a->store = store;
    a->trail = trail_join(f, a->trail, b->trail);
    return true;
}

static bool outcome_join(struct flow *f, struct outcome *a, const struct outcome *b, bool force)
{
    struct joining j = { .f = f, .force = force };
    uint32_t value, store;

    if (a->raised != b->raised || !join_values(&j, a->value, b->value, &value) ||
        !store_join(f, a->store, b->store, force, &store))
        return false;
    *a = (struct outcome){ .raised = a->raised,
                           .value = value,
                           .store = store,
                           .trail = trail_join(f, a->trail, b->trail) };
    return true;
}

void outcome_add(struct flow *f, struct outcomes *out, struct outcome o)
{
    for (uint32_t i = 0; i < out->n; i++)
        if (outcome_join(f, &out->list[i], &o, false))
            return;
    for (uint32_t i = 0; out->n >= OUTCOMES_MAX / 2 && i < out->n; i++)
        if (outcome_join(f, &out->list[i], &o, true))
            return;
    if (out->n < OUTCOMES_MAX)
        out->list[out->n++] = o;
    else
        f->starved = "too many outcomes";
}
