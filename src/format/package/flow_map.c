/* Maps that never change. See flow_map.h. */
#include "format/package/flow_map.h"

#define NODES_MAX (1U << 21)
#define LEVELS    16

/* A mixing that loses nothing (splitmix64), so that keys that differ part before the last level. */
static uint64_t spread(uint64_t x)
{
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9U;
    x = (x ^ x >> 27) * 0x94d049bb133111ebU;
    return x ^ x >> 31;
}

static unsigned way_of(uint64_t key, unsigned level)
{
    return (unsigned)(spread(key) >> (4 * level)) & 15U;
}

static const struct map_node *node_at(const struct maps *m, uint32_t i)
{
    return &m->blocks[i / MAP_BLOCK][i % MAP_BLOCK];
}

/* The place of a way among a node's kids. */
static unsigned place_of(unsigned ways, unsigned way)
{
    unsigned x = ways & ((1U << way) - 1); /* of sixteen bits: how many are set */

    x -= x >> 1 & 0x5555U;
    x = (x & 0x3333U) + (x >> 2 & 0x3333U);
    x = (x + (x >> 4)) & 0x0f0fU;
    return (x + (x >> 8)) & 31U;
}

static uint32_t kid(const struct map_node *n, unsigned way)
{
    return n->ways & 1U << way ? n->kids[place_of(n->ways, way)] : 0;
}

/* A branch's hash is the sum of these, so that one kid more or less is one step. */
static uint32_t hash_kid(uint32_t kid, unsigned way)
{
    return (uint32_t)(((uint64_t)kid << 4 | way) * 0x9e3779b97f4a7c15U >> 32);
}

static uint32_t hash_leaf(uint64_t key, uint32_t value)
{
    return (uint32_t)spread(key ^ (uint64_t)value << 17);
}

static bool same(const struct map_node *x, const struct map_node *y)
{
    if (x->hash != y->hash || x->ways != y->ways)
        return false;
    if (!x->ways)
        return x->key == y->key && x->value == y->value;
    return memcmp(x->kids, y->kids, x->kids_n * sizeof *x->kids) == 0;
}

static bool grow_slots(struct maps *m)
{
    uint32_t n = m->slots_n ? m->slots_n * 2 : 4096;
    uint32_t *slots = arena_array(m->arena, n, sizeof *slots);

    if (!slots)
        return false;
    for (uint32_t i = 1; i < m->n; i++) {
        uint32_t at = node_at(m, i)->hash & (n - 1);

        while (slots[at])
            at = (at + 1) & (n - 1);
        slots[at] = i;
    }
    m->slots = slots;
    m->slots_n = n;
    return true;
}

static bool grow(struct maps *m)
{
    if (m->n >= NODES_MAX || (m->n * 2 >= m->slots_n && !grow_slots(m)))
        return false;
    if (m->n < m->blocks_n * MAP_BLOCK)
        return true;
    m->blocks[m->blocks_n] = arena_array(m->arena, MAP_BLOCK, sizeof **m->blocks);
    return m->blocks[m->blocks_n] && ++m->blocks_n;
}

bool maps_init(struct maps *m, struct arena *arena)
{
    *m = (struct maps){ .arena = arena };
    m->blocks = arena_array(arena, NODES_MAX / MAP_BLOCK + 1, sizeof *m->blocks);
    if (!m->blocks || !grow(m))
        return false;
    m->n = 1;
    return true;
}

static uint32_t intern(struct maps *m, struct map_node *n)
{
    uint32_t at = n->hash & (m->slots_n - 1);
    uint32_t *kids = NULL;

    for (; m->slots[at]; at = (at + 1) & (m->slots_n - 1))
        if (same(node_at(m, m->slots[at]), n))
            return m->slots[at];
    if (!grow(m) || (n->ways && !(kids = arena_array(m->arena, n->kids_n, sizeof *kids)))) {
        m->full = true;
        return 0;
    }
    if (kids)
        memcpy(kids, n->kids, n->kids_n * sizeof *kids);
    n->kids = kids;
    at = n->hash & (m->slots_n - 1);
    while (m->slots[at])
        at = (at + 1) & (m->slots_n - 1);
    m->slots[at] = m->n;
    m->blocks[m->n / MAP_BLOCK][m->n % MAP_BLOCK] = *n;
    return m->n++;
}

static uint32_t leaf(struct maps *m, uint64_t key, uint32_t value)
{
    return intern(m,
                  &(struct map_node){ .key = key, .value = value, .hash = hash_leaf(key, value) });
}

/* A branch of all sixteen ways, of which 0 are none. A single leaf stands for itself. */
static uint32_t branch(struct maps *m, const uint32_t ways[16])
{
    uint32_t kids[16];
    struct map_node n = { .kids = kids };

    for (unsigned i = 0; i < 16; i++)
        if (ways[i]) {
            kids[n.kids_n++] = ways[i];
            n.ways |= (uint16_t)(1U << i);
            n.hash += hash_kid(ways[i], i);
        }
    if (n.kids_n == 0)
        return 0;
    if (n.kids_n == 1 && !node_at(m, kids[0])->ways)
        return kids[0];
    return intern(m, &n);
}

/* The ways of a node as an array; those of a leaf at this level. */
static void open_node(const struct maps *m, uint32_t i, unsigned level, uint32_t ways[16])
{
    const struct map_node *n = node_at(m, i);
    const uint32_t *next = n->kids;

    memset(ways, 0, 16 * sizeof *ways);
    if (!i)
        return;
    if (!n->ways) {
        ways[way_of(n->key, level)] = i;
        return;
    }
    for (unsigned w = 0; w < 16; w++)
        if (n->ways & 1U << w)
            ways[w] = *next++;
}

/* A branch with another kid at one way: replaced, or added. */
static uint32_t with_kid(struct maps *m, uint32_t i, unsigned way, uint32_t to)
{
    const struct map_node *old = node_at(m, i);
    uint32_t kids[16];
    unsigned at = place_of(old->ways, way), there = old->ways >> way & 1U;
    struct map_node n = { .kids = kids, .ways = (uint16_t)(old->ways | 1U << way) };

    n.kids_n = (uint8_t)(old->kids_n + 1 - there);
    n.hash = old->hash + hash_kid(to, way) - (there ? hash_kid(old->kids[at], way) : 0);
    memcpy(kids, old->kids, at * sizeof *kids);
    kids[at] = to;
    memcpy(kids + at + 1, old->kids + at + there, (old->kids_n - at - there) * sizeof *kids);
    return intern(m, &n);
}

static uint32_t set(struct maps *m, uint32_t i, unsigned level, uint64_t key, uint32_t value)
{
    const struct map_node *n = node_at(m, i);
    uint32_t ways[16], old, to;
    unsigned way = way_of(key, level);

    if (!i || (!n->ways && n->key == key) || level >= LEVELS)
        return leaf(m, key, value);
    if (!n->ways) {
        open_node(m, i, level, ways);
        ways[way] = set(m, ways[way], level + 1, key, value);
        return branch(m, ways);
    }
    old = kid(n, way);
    to = set(m, old, level + 1, key, value);
    return to == old || m->full ? i : with_kid(m, i, way, to);
}

uint32_t map_set(struct maps *m, uint32_t map, uint64_t key, uint32_t value)
{
    uint32_t out = set(m, map, 0, key, value);

    return m->full ? map : out;
}

uint32_t map_get(const struct maps *m, uint32_t map, uint64_t key, uint32_t none)
{
    for (unsigned level = 0; map && level <= LEVELS; level++) {
        const struct map_node *n = node_at(m, map);

        if (!n->ways)
            return n->key == key ? n->value : none;
        map = kid(n, way_of(key, level));
    }
    return none;
}

struct joiner {
    struct maps *m;
    map_join_fn *join;
    void *arg;
    bool failed;
};

static uint32_t join_leaf(struct joiner *j, uint32_t x, uint32_t y)
{
    const struct map_node *a = node_at(j->m, x), *b = node_at(j->m, y);
    struct map_pair p = { .key = x ? a->key : b->key,
                          .x = a->value,
                          .y = b->value,
                          .x_there = x != 0,
                          .y_there = y != 0 };
    uint32_t out = 0;
    bool drop = false;

    if (!j->join(j->arg, &p, &out, &drop))
        j->failed = true;
    return j->failed || drop ? 0 : leaf(j->m, p.key, out);
}

static bool is_leaf(const struct maps *m, uint32_t i)
{
    return i && !node_at(m, i)->ways;
}

static uint32_t join_nodes(struct joiner *j, uint32_t x, uint32_t y, unsigned level)
{
    uint32_t a[16], b[16], out[16];

    if (x == y || j->failed)
        return x;
    if ((!x || is_leaf(j->m, x)) && (!y || is_leaf(j->m, y)) &&
        (!x || !y || node_at(j->m, x)->key == node_at(j->m, y)->key))
        return join_leaf(j, x, y);
    if (level >= LEVELS)
        return x;
    open_node(j->m, x, level, a);
    open_node(j->m, y, level, b);
    for (unsigned w = 0; w < 16; w++)
        out[w] = join_nodes(j, a[w], b[w], level + 1);
    return j->failed ? 0 : branch(j->m, out);
}

bool map_join(struct maps *m, uint32_t x, uint32_t y, map_join_fn *join, void *arg, uint32_t *out)
{
    struct joiner j = { .m = m, .join = join, .arg = arg };

    *out = join_nodes(&j, x, y, 0);
    return !j.failed;
}

void map_each(const struct maps *m, uint32_t map, map_each_fn *each, void *arg)
{
    const struct map_node *n = node_at(m, map);

    if (!map)
        return;
    if (!n->ways) {
        each(arg, n->key, n->value);
        return;
    }
    for (unsigned i = 0; i < n->kids_n; i++)
        map_each(m, n->kids[i], each, arg);
}
