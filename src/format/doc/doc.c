/* The tree of a document: how it is built and looked at. See doc.h. */
#include "format/doc/doc.h"

#include "format/doc/parts.h"

#define NODES_FIRST 64
#define NODES_GUESS ((size_t)1 << 18)

/* ---- building ---- */

bool doc_stop(struct doc *d, enum pratique_status status, uint64_t offset, const char *why)
{
    if (d->status == PRATIQUE_OK)
        d->status = status == PRATIQUE_E_LIMIT && !*why
                        ? scan_fail_budget(d->s, offset)
                        : scan_fail(d->s, status, offset, "%s: %s", d->notation, why);
    return false;
}

bool doc_room(struct doc *d, void **p, size_t *size, size_t need, size_t item)
{
    size_t more = *size ? *size : NODES_FIRST;
    void *q;

    if (need <= *size)
        return true;
    while (more < need)
        more *= 2;
    q = *size ? scan_remap(d->s, *p, *size * item, more * item) : scan_map(d->s, more * item);
    if (!q)
        return doc_stop(d, PRATIQUE_E_LIMIT, d->n, "");
    *p = q;
    *size = more;
    return true;
}

bool doc_keep(struct doc *d, struct span text, size_t *at)
{
    void *p = d->side;

    if (text.n > DOC_BYTES_MAX - d->side_n)
        return doc_stop(d, PRATIQUE_E_LIMIT, d->n, "too much text");
    if (!doc_room(d, &p, &d->side_size, d->side_n + text.n, 1))
        return false;
    d->side = p;
    if (text.n > 0)
        memcpy(d->side + d->side_n, text.p, text.n);
    *at = d->side_n;
    d->side_n += text.n;
    return true;
}

/* Hangs the value that is added now below the open container. */
static doc_id hang(struct doc *d, doc_id id)
{
    struct doc_node *parent;
    doc_id up;

    if (d->depth == 0)
        return DOC_NONE;
    up = d->open[d->depth - 1];
    parent = &d->nodes[up];
    if (parent->n > 0)
        d->nodes[parent->next].next = id & DOC_NODE_MASK;
    parent->next = id & DOC_NODE_MASK;
    parent->n = (parent->n + 1u) & DOC_LENGTH_MASK;
    return up;
}

/* A guess of how many values there will be: a table that is moved is written twice. */
static size_t first_room(const struct doc *d)
{
    size_t guess = d->in.n / 32;

    return guess > NODES_GUESS ? NODES_GUESS : guess + 1;
}

bool doc_add(struct doc *d, enum doc_kind kind, size_t at, size_t n, unsigned flags)
{
    void *p = d->nodes;
    doc_id id = (doc_id)d->n;
    doc_id parent;

    if (d->status != PRATIQUE_OK)
        return false;
    if (d->depth == 0 && d->n > 0)
        return doc_stop(d, PRATIQUE_E_FORMAT, at, "more than one value");
    if (id >= DOC_NODE_MASK)
        return doc_stop(d, PRATIQUE_E_LIMIT, at, "too many values");
    if (d->n == d->size) {
        if (!doc_room(d, &p, &d->size, d->n ? d->n + 1 : first_room(d), sizeof *d->nodes))
            return false;
        d->nodes = p;
    }
    parent = hang(d, id);
    d->nodes[id] = (struct doc_node){ .at = at & DOC_LENGTH_MASK,
                                      .n = n & DOC_LENGTH_MASK,
                                      .text_side = (flags & DOC_TEXT_SIDE) != 0,
                                      .escaped = (flags & DOC_ESCAPED) != 0,
                                      .key = d->key & DOC_LENGTH_MASK,
                                      .key_n = d->key_n & DOC_LENGTH_MASK,
                                      .key_side = (d->key_flags & DOC_KEY_SIDE) != 0,
                                      .key_escaped = (d->key_flags & DOC_KEY_ESCAPED) != 0,
                                      .key_odd = (d->key_flags & DOC_KEY_ODD) != 0,
                                      .has_key = (d->key_flags & DOC_KEYED) != 0,
                                      .next = DOC_NODE_MASK,
                                      .kind = kind & 15u,
                                      .parent = parent };
    d->n++;
    d->key = d->key_n = 0;
    d->key_flags = 0;
    return true;
}

/* Whether text lies in the input; *at is then where. */
static bool inside(const struct doc *d, struct span text, size_t *at)
{
    uintptr_t start = (uintptr_t)d->in.p, p = (uintptr_t)text.p;

    if (text.n == 0 || p < start || p - start > d->in.n || text.n > d->in.n - (p - start))
        return false;
    *at = p - start;
    return true;
}

void doc_begin(struct doc *d, struct scan *s, struct span in, const char *notation)
{
    *d = (struct doc){
        .s = s, .in = in, .exact = true, .notation = notation, .line = 1, .indexed = DOC_NONE
    };
    if (in.n > DOC_BYTES_MAX)
        (void)doc_stop(d, PRATIQUE_E_LIMIT, DOC_BYTES_MAX, "a document of more than 1 GiB");
    d->cursor = arena_alloc(s->arena, sizeof *d->cursor);
    if (d->cursor)
        d->cursor->line = 1;
}

bool doc_put_key(struct doc *d, struct span key, unsigned flags)
{
    size_t at = 0;

    if (d->status != PRATIQUE_OK)
        return false;
    d->key_flags = flags | DOC_KEYED;
    if (!inside(d, key, &at)) {
        if (!doc_keep(d, key, &at))
            return false;
        d->key_flags |= DOC_KEY_SIDE;
    }
    d->key = (uint32_t)at;
    d->key_n = (uint32_t)key.n;
    return true;
}

/* A text in side has its place in the input before it, in four bytes. */
static bool keep_with_offset(struct doc *d, uint64_t offset, struct span text, size_t *at)
{
    uint32_t place = offset < DOC_BYTES_MAX ? (uint32_t)offset : 0;

    return doc_keep(d, span_of(&place, sizeof place), at) && doc_keep(d, text, at);
}

static uint32_t offset_of_kept(const struct doc *d, size_t at)
{
    uint32_t place = 0;

    if (at >= sizeof place && at <= d->side_n)
        memcpy(&place, d->side + at - sizeof place, sizeof place);
    return place;
}

bool doc_put(struct doc *d, enum doc_kind kind, uint64_t offset, struct span text, unsigned flags)
{
    size_t at = 0;

    if (d->status != PRATIQUE_OK)
        return false;
    if (text.n > 0 && !inside(d, text, &at)) {
        if (!keep_with_offset(d, offset, text, &at))
            return false;
        flags |= DOC_TEXT_SIDE;
    }
    if (text.n == 0)
        at = offset < DOC_BYTES_MAX ? (size_t)offset : 0;
    return doc_add(d, kind, at, text.n, flags);
}

bool doc_put_tag(struct doc *d, struct span tag)
{
    void *p = d->tags;
    size_t at;

    if (d->status != PRATIQUE_OK || d->n == 0)
        return false;
    if (!doc_keep(d, tag, &at) || !doc_room(d, &p, &d->tags_size, d->tags_n + 1, sizeof *d->tags))
        return false;
    d->tags = p;
    d->tags[d->tags_n++] = (struct doc_tagged){ (doc_id)(d->n - 1), (uint32_t)at, (uint32_t)tag.n };
    d->nodes[d->n - 1].tagged = 1;
    return true;
}

bool doc_open(struct doc *d, enum doc_kind kind, uint64_t offset)
{
    void *p = d->open;

    if (d->status != PRATIQUE_OK)
        return false;
    d->too_deep = d->depth >= DOC_DEPTH_MAX;
    if (d->too_deep)
        return doc_stop(d, PRATIQUE_E_FORMAT, offset, "nested more than 1000 deep");
    if (!doc_room(d, &p, &d->depth_size, d->depth + 1, sizeof *d->open))
        return false;
    d->open = p;
    if (!doc_add(d, kind, offset < DOC_BYTES_MAX ? (size_t)offset : 0, 0, 0))
        return false;
    d->open[d->depth++] = (doc_id)(d->n - 1);
    return true;
}

bool doc_close(struct doc *d, uint64_t offset)
{
    doc_id id;
    struct doc_node *node;

    if (d->status != PRATIQUE_OK)
        return false;
    if (d->depth == 0)
        return doc_stop(d, PRATIQUE_E_FORMAT, offset, "a container ends that was not open");
    id = d->open[--d->depth];
    node = &d->nodes[id];
    if (node->n > 0)
        d->nodes[node->next].next = DOC_NODE_MASK;
    node->next = DOC_NODE_MASK;
    return node->kind != DOC_OBJECT || node->n < 2 || doc_mark_duplicates(d, id);
}

enum pratique_status doc_end(struct doc *d)
{
    if (d->status == PRATIQUE_OK && d->depth > 0)
        (void)doc_stop(d, PRATIQUE_E_FORMAT, d->in.n, "a container does not end");
    if (d->status == PRATIQUE_OK && d->n == 0)
        (void)doc_stop(d, PRATIQUE_E_FORMAT, 0, "no value");
    scan_unmap(d->s, d->open, d->depth_size * sizeof *d->open);
    d->open = NULL;
    d->depth = d->depth_size = 0;
    return d->status;
}

void doc_free(struct doc *d)
{
    if (!d->s)
        return;
    scan_unmap(d->s, d->nodes, d->size * sizeof *d->nodes);
    scan_unmap(d->s, d->side, d->side_size);
    scan_unmap(d->s, d->tags, d->tags_size * sizeof *d->tags);
    scan_unmap(d->s, d->decoded, d->decoded_size);
    scan_unmap(d->s, d->open, d->depth_size * sizeof *d->open);
    scan_unmap(d->s, d->slots, d->slots_size * sizeof *d->slots);
    *d = (struct doc){ .s = NULL };
}

/* ---- looking ---- */

static const struct doc_node *node_of(const struct doc *d, doc_id id)
{
    return id < d->n ? &d->nodes[id] : NULL;
}

static bool is_container(const struct doc_node *node)
{
    return node->kind == DOC_ARRAY || node->kind == DOC_OBJECT;
}

enum doc_kind doc_kind(const struct doc *d, doc_id id)
{
    const struct doc_node *node = node_of(d, id);

    return node ? (enum doc_kind)node->kind : DOC_NULL;
}

unsigned doc_flags(const struct doc *d, doc_id id)
{
    const struct doc_node *node = node_of(d, id);

    if (!node)
        return 0;
    return (node->escaped ? DOC_ESCAPED : 0u) | (node->key_escaped ? DOC_KEY_ESCAPED : 0u) |
           (node->duplicate ? DOC_DUPLICATE : 0u) | (node->key_odd ? DOC_KEY_ODD : 0u);
}

doc_id doc_first(const struct doc *d, doc_id id)
{
    const struct doc_node *node = node_of(d, id);

    return node && is_container(node) && node->n > 0 ? id + 1 : DOC_NONE;
}

doc_id doc_next(const struct doc *d, doc_id id)
{
    const struct doc_node *node = node_of(d, id);

    return node && node->next != DOC_NODE_MASK ? node->next : DOC_NONE;
}

doc_id doc_parent(const struct doc *d, doc_id id)
{
    const struct doc_node *node = node_of(d, id);

    return node ? node->parent : DOC_NONE;
}

uint32_t doc_count(const struct doc *d, doc_id id)
{
    const struct doc_node *node = node_of(d, id);

    return node && is_container(node) ? node->n : 0;
}

uint64_t doc_offset(const struct doc *d, doc_id id)
{
    const struct doc_node *node = node_of(d, id);

    if (!node)
        return 0;
    return node->text_side ? offset_of_kept(d, node->at) : node->at;
}

uint64_t doc_where(const struct doc *d, doc_id id)
{
    return d->exact && id < d->n ? doc_offset(d, id) : PRATIQUE_NO_OFFSET;
}

static const uint8_t *line_break_before(const struct doc *d, size_t at)
{
    return at > 0 ? memrchr(d->in.p, '\n', at) : NULL;
}

/* Counts lines from one place on to another, or back to it, over what lies between. */
static void move_to(const struct doc *d, struct doc_cursor *c, size_t off)
{
    const uint8_t *found;

    while (c->at < off && (found = memchr(d->in.p + c->at, '\n', off - c->at))) {
        c->at = c->line_start = (size_t)(found - d->in.p) + 1;
        c->line++;
    }
    while (off < c->line_start) {
        found = line_break_before(d, c->line_start - 1);
        c->line_start = found ? (size_t)(found - d->in.p) + 1 : 0;
        c->line--;
    }
    c->at = off;
}

/* From where lines were counted to the last time, or from the start: whatever is nearer. */
void doc_place(const struct doc *d, doc_id id, uint32_t *line, uint32_t *column)
{
    struct doc_cursor from = { .line = 1 };
    size_t off = (size_t)doc_offset(d, id);

    *line = *column = 0;
    if (d->line == 0 || off > d->in.n)
        return;
    if (d->cursor && d->cursor->at / 2 <= off)
        from = *d->cursor;
    move_to(d, &from, off);
    if (d->cursor)
        *d->cursor = from;
    *line = from.line + d->line - 1;
    *column = (uint32_t)(off - from.line_start) + 1;
}

struct span doc_raw_text(const struct doc *d, const struct doc_node *node)
{
    struct span text;

    (void)span_sub(node->text_side ? span_of(d->side, d->side_n) : d->in, node->at, node->n, &text);
    return text;
}

struct span doc_raw_key(const struct doc *d, const struct doc_node *node)
{
    struct span key;

    (void)span_sub(node->key_side ? span_of(d->side, d->side_n) : d->in, node->key, node->key_n,
                   &key);
    return key;
}

static struct span resolved(const struct doc *d, struct span raw)
{
    uint8_t *out = arena_alloc(d->s->arena, raw.n);

    return out ? span_of(out, doc_unescape(raw, out)) : SPAN_EMPTY;
}

struct span doc_text(const struct doc *d, doc_id id)
{
    const struct doc_node *node = node_of(d, id);

    if (!node || is_container(node) || node->kind < DOC_NUMBER)
        return SPAN_EMPTY;
    return node->escaped ? resolved(d, doc_raw_text(d, node)) : doc_raw_text(d, node);
}

struct span doc_key(const struct doc *d, doc_id id)
{
    const struct doc_node *node = node_of(d, id);

    if (!node || !node->has_key)
        return SPAN_EMPTY;
    return node->key_escaped ? resolved(d, doc_raw_key(d, node)) : doc_raw_key(d, node);
}

struct span doc_name(const struct doc *d, doc_id id, uint8_t buf[DOC_NAME_MAX])
{
    const struct doc_node *node = node_of(d, id);
    uint8_t plain[6 * DOC_NAME_MAX];
    size_t n;

    if (!node || !node->has_key)
        return SPAN_EMPTY;
    if (!node->key_escaped)
        return node->key_n <= DOC_NAME_MAX ? doc_raw_key(d, node) : SPAN_EMPTY;
    if (node->key_n > sizeof plain)
        return SPAN_EMPTY;
    n = doc_unescape(doc_raw_key(d, node), plain);
    if (n > DOC_NAME_MAX)
        return SPAN_EMPTY;
    memcpy(buf, plain, n);
    return span_of(buf, n);
}

struct span doc_tag(const struct doc *d, doc_id id)
{
    const struct doc_node *node = node_of(d, id);
    size_t low = 0, high = d->tags_n;
    struct span tag = SPAN_EMPTY;

    if (!node || !node->tagged)
        return tag;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (d->tags[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < d->tags_n && d->tags[low].id == id)
        (void)span_sub(span_of(d->side, d->side_n), d->tags[low].at, d->tags[low].n, &tag);
    return tag;
}

#define KEY_MAX 256

/* Whether raw, escaped or not, is text. An escape makes a text longer, at most six times. */
static bool is_text(struct span raw, bool escaped, struct span text)
{
    uint8_t plain[6 * KEY_MAX];

    if (!escaped)
        return span_equal(raw, text);
    if (raw.n > sizeof plain || raw.n < text.n)
        return false;
    return span_equal(span_of(plain, doc_unescape(raw, plain)), text);
}

bool doc_is_key(const struct doc *d, doc_id id, struct span key)
{
    return is_text(doc_raw_key(d, &d->nodes[id]), d->nodes[id].key_escaped, key);
}

doc_id doc_get(const struct doc *d, doc_id object, const char *key)
{
    doc_id found = DOC_NONE;
    struct span text = span_text(key);

    if (doc_kind(d, object) != DOC_OBJECT)
        return DOC_NONE;
    if (object == d->indexed)
        return doc_index_get(d, text);
    for (doc_id id = doc_first(d, object); id != DOC_NONE; id = doc_next(d, id))
        if (doc_is_key(d, id, text))
            found = id;
    return found;
}

struct span doc_get_text(const struct doc *d, doc_id object, const char *key)
{
    doc_id id = doc_get(d, object, key);

    return doc_kind(d, id) == DOC_STRING ? doc_text(d, id) : SPAN_EMPTY;
}

bool doc_is(const struct doc *d, doc_id id, const char *text)
{
    const struct doc_node *node = node_of(d, id);

    return node && node->kind == DOC_STRING &&
           is_text(doc_raw_text(d, node), node->escaped, span_text(text));
}

doc_id doc_walk(const struct doc *d, doc_id id)
{
    return id < d->n && id + 1 < d->n ? id + 1 : DOC_NONE;
}

void doc_fact(const struct doc *d, enum fact_kind kind, doc_id id, struct span subject,
              struct span detail)
{
    struct fact f = { .kind = kind,
                      .where = d->s->where,
                      .offset = doc_where(d, id),
                      .subject = subject,
                      .detail = detail };

    doc_place(d, id, &f.line, &f.column);
    facts_add(d->s->facts, &f);
}
