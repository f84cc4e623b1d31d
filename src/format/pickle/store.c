/* The pickle machine's memory: stack, memo, fresh containers, odd dicts. See machine.h. */
#include "format/pickle/machine.h"

#define STORE_FIRST ((size_t)4096)
#define MEMO_SLOT   (WORD_BITS / 8)
/* An index this far past the number of entries goes to the sparse table. */
#define MEMO_DENSE_SPARE UINT64_C(65536)

struct sparse_slot {
    uint64_t index; /* plus 1; 0: a free slot */
    word w;
};

bool store_fit(struct machine *m, struct store *st, size_t bytes)
{
    size_t size = st->size ? st->size : STORE_FIRST;
    void *p;

    if (bytes <= st->size)
        return true;
    while (size < bytes)
        size = size > SIZE_MAX / 2 ? bytes : size * 2;
    p = st->p ? scan_remap(m->scan, st->p, st->size, size) : scan_map(m->scan, size);
    if (!p) {
        m->status = scan_fail_budget(m->scan, m->base + m->op_off);
        return false;
    }
    st->p = p;
    st->size = size;
    return true;
}

void store_free(struct machine *m, struct store *st)
{
    scan_unmap(m->scan, st->p, st->size);
    *st = (struct store){ 0 };
}

void store_reset(struct machine *m)
{
    size_t used = m->memo_high * MEMO_SLOT;

    if (used)
        memset(m->memo, 0, used);
    if (m->sparse_n)
        memset(m->sparse, 0, m->sparse_store.size);
    if (m->odd_n)
        memset(m->odd, 0, m->odd_store.size);
    if (m->globals_n)
        memset(m->globals_index, 0, m->index_store.size);
    m->memo_high = m->memo_n = m->sparse_n = m->odd_n = 0;
    m->globals_n = m->told_n = 0;
    m->told_other = -1;
    m->ring_at += RING_WORDS + 1; /* every slot is stale */
    m->sp = m->marks_n = m->fence = 0;
    m->dtypes_n = 0;
}

/* splitmix64: indexes and offsets come from the file. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static word slot_read(const uint8_t *p)
{
    word w = 0;

    memcpy(&w, p, MEMO_SLOT); /* little-endian: the low 40 bits */
    return w;
}

static struct sparse_slot *sparse_find(const struct machine *m, uint64_t index)
{
    uint64_t mask = m->sparse_slots - 1;

    for (uint64_t i = mix(index) & mask;; i = (i + 1) & mask)
        if (m->sparse[i].index == index + 1 || m->sparse[i].index == 0)
            return &m->sparse[i];
}

static bool sparse_grow(struct machine *m)
{
    uint64_t old_slots = m->sparse_slots, slots = old_slots ? old_slots * 2 : 256;
    struct store old = m->sparse_store;
    struct sparse_slot *from = m->sparse;

    m->sparse_store = (struct store){ 0 };
    if (!store_fit(m, &m->sparse_store, slots * sizeof *from)) {
        m->sparse_store = old;
        return false;
    }
    m->sparse = m->sparse_store.p;
    m->sparse_slots = slots;
    for (uint64_t i = 0; i < old_slots; i++)
        if (from[i].index)
            *sparse_find(m, from[i].index - 1) = from[i];
    store_free(m, &old);
    return true;
}

static bool sparse_put(struct machine *m, uint64_t index, word w)
{
    struct sparse_slot *s;

    if (m->sparse_n * 2 >= m->sparse_slots && !sparse_grow(m))
        return false;
    s = sparse_find(m, index);
    m->sparse_n += s->index == 0;
    m->memo_n += s->index == 0;
    *s = (struct sparse_slot){ index + 1, w };
    return true;
}

/* A dense slot hides a sparse one: dense only ever grows. */
bool memo_put_slow(struct machine *m, uint64_t index, word w)
{
    uint8_t *slot;

    if (index >= m->memo_slots) {
        uint64_t slots = index + 1;

        if (index >= m->memo_n * 2 + MEMO_DENSE_SPARE)
            return sparse_put(m, index, w);
        if (!store_fit(m, &m->memo_store, slots * MEMO_SLOT + sizeof(word)))
            return false;
        m->memo = m->memo_store.p;
        m->memo_slots = (m->memo_store.size - sizeof(word)) / MEMO_SLOT;
    }
    if (index >= m->memo_high)
        m->memo_high = index + 1;
    slot = m->memo + index * MEMO_SLOT;
    m->memo_n += slot_read(slot) == 0;
    memcpy(slot, &w, MEMO_SLOT);
    return true;
}

word memo_get(const struct machine *m, uint64_t index)
{
    word w = index < m->memo_slots ? slot_read(m->memo + index * MEMO_SLOT) : 0;
    const struct sparse_slot *s;

    if (w || !m->sparse_slots || index == UINT64_MAX)
        return w;
    s = sparse_find(m, index);
    return s->index ? s->w : 0;
}

/* The slots that a container may have: the oldest of them gives way. */
static struct ring_slot *ring_bucket(const struct machine *m, uint64_t off)
{
    return &m->ring_slots[mix(off) % (RING_SLOTS / RING_WAYS) * RING_WAYS];
}

static struct ring_slot *ring_find(const struct machine *m, uint64_t off)
{
    struct ring_slot *s = ring_bucket(m, off);

    for (unsigned i = 0; i < RING_WAYS; i++)
        if (s[i].off == off + 1 && m->ring_at - s[i].at <= RING_WORDS)
            return &s[i];
    return NULL;
}

/* A tuple is kept once, when it is made; what grows may have its slot already. */
static struct ring_slot *ring_place(const struct machine *m, uint64_t off, bool grows)
{
    struct ring_slot *s = grows ? ring_find(m, off) : NULL, *bucket = ring_bucket(m, off);

    if (s)
        return s;
    s = bucket;
    for (unsigned i = 1; i < RING_WAYS; i++)
        if (bucket[i].at < s->at)
            s = &bucket[i];
    return s;
}

/* The ring is mapped when the first container needs it. */
static bool ring_ready(struct machine *m)
{
    if (m->ring)
        return true;
    if (!store_fit(m, &m->ring_store,
                   RING_WORDS * sizeof(word) + RING_SLOTS * sizeof *m->ring_slots))
        return false;
    m->ring = m->ring_store.p;
    m->ring_slots = (struct ring_slot *)(void *)(m->ring + RING_WORDS);
    return true;
}

void ring_keep(struct machine *m, uint64_t off, const word *items, size_t n, bool more)
{
    size_t at = m->ring_at % RING_WORDS;

    if (n > RING_KEPT_MAX || !ring_ready(m))
        return;
    if (n > RING_WORDS - at) {
        m->ring_at += RING_WORDS - at; /* items lie in one piece */
        at = 0;
    }
    *ring_place(m, off, more) = (struct ring_slot){ off + 1, m->ring_at, (uint32_t)n, more };
    if (n)
        memcpy(m->ring + at, items, n * sizeof *items);
    m->ring_at += n;
}

const word *ring_items(const struct machine *m, uint64_t off, size_t *n, bool *more)
{
    const struct ring_slot *s = m->ring ? ring_find(m, off) : NULL;

    *n = s ? s->n : 0;
    *more = !s || s->more;
    return s ? m->ring + s->at % RING_WORDS : NULL;
}

static struct odd_dict *odd_slot(const struct machine *m, uint64_t dict)
{
    uint64_t mask = m->odd_slots - 1;

    for (uint64_t i = mix(dict) & mask;; i = (i + 1) & mask)
        if (m->odd[i].off == dict + 1 || m->odd[i].off == 0)
            return &m->odd[i];
}

static bool odd_grow(struct machine *m)
{
    uint64_t old_slots = m->odd_slots, slots = old_slots ? old_slots * 2 : 128;
    struct store old = m->odd_store;
    struct odd_dict *from = m->odd;

    m->odd_store = (struct store){ 0 };
    if (!store_fit(m, &m->odd_store, slots * sizeof *from)) {
        m->odd_store = old;
        return false;
    }
    m->odd = m->odd_store.p;
    m->odd_slots = slots;
    for (uint64_t i = 0; i < old_slots; i++)
        if (from[i].off)
            *odd_slot(m, from[i].off - 1) = from[i];
    store_free(m, &old);
    return true;
}

bool odd_add(struct machine *m, uint64_t dict, unsigned flags, uint64_t key)
{
    struct odd_dict *d;

    if (m->odd_n * 2 >= m->odd_slots && !odd_grow(m))
        return false;
    d = odd_slot(m, dict);
    if (d->off == 0) {
        m->odd_n++;
        d->off = dict + 1;
    }
    if (flags > d->flags) /* the evidence is the gravest key */
        d->key = key;
    d->flags |= flags;
    return true;
}

bool odd_add_field(struct machine *m, uint64_t dict, unsigned flags, uint64_t reach)
{
    struct odd_dict *d;

    if (!odd_add(m, dict, flags, UINT64_MAX))
        return false;
    d = odd_slot(m, dict);
    d->reach = reach > d->reach ? reach : d->reach;
    return true;
}

const struct odd_dict *odd_find(const struct machine *m, uint64_t dict)
{
    const struct odd_dict *d = m->odd_slots ? odd_slot(m, dict) : NULL;

    return d && d->off ? d : NULL;
}
