/* Values, each once. See flow_value.h. */
#include "format/package/flow_value.h"

#include "base/buf.h"

/* Past these no value is made, and a term is not known. */
#define VALUES_MAX (1U << 20)
#define DEPTH_MAX_ 14
#define PIECES_MAX 24
#define EITHER_MAX 6
#define TEXT_MAX_  4096

static uint32_t mix(uint32_t h, uint32_t x)
{
    h ^= x;
    h *= 0x9e3779b1U;
    return h ^ h >> 15;
}

static uint32_t hash_value(const struct value *v)
{
    uint32_t h = mix(v->kind * 256U + v->sub, v->a);

    h = mix(mix(h, v->b), v->prov);
    for (uint32_t i = 0; i < v->n; i++)
        h = mix(h, v->items[i]);
    return h;
}

static bool same(const struct value *x, const struct value *y)
{
    return x->kind == y->kind && x->sub == y->sub && x->a == y->a && x->b == y->b &&
           x->prov == y->prov && x->n == y->n &&
           (x->n == 0 || memcmp(x->items, y->items, x->n * sizeof *x->items) == 0);
}

static bool grow_slots(struct values *vs)
{
    uint32_t n = vs->slots_n ? vs->slots_n * 2 : 4096;
    uint32_t *slots = arena_array(vs->arena, n, sizeof *slots);

    if (!slots)
        return false;
    for (uint32_t i = 1; i < vs->n; i++) {
        uint32_t at = hash_value(fv_at(vs, i)) & (n - 1);

        while (slots[at])
            at = (at + 1) & (n - 1);
        slots[at] = i;
    }
    vs->slots = slots;
    vs->slots_n = n;
    return true;
}

/* Room for one more value. */
static bool grow(struct values *vs)
{
    if (vs->n >= VALUES_MAX || (vs->n * 2 >= vs->slots_n && !grow_slots(vs)))
        return false;
    if (vs->n < vs->blocks_n * VALUE_BLOCK)
        return true;
    vs->blocks[vs->blocks_n] = arena_array(vs->arena, VALUE_BLOCK, sizeof **vs->blocks);
    return vs->blocks[vs->blocks_n] && ++vs->blocks_n;
}

static uint32_t intern(struct values *vs, struct value *v)
{
    uint32_t at = hash_value(v) & (vs->slots_n - 1);
    uint32_t *items;

    for (; vs->slots[at]; at = (at + 1) & (vs->slots_n - 1))
        if (same(fv_at(vs, vs->slots[at]), v))
            return vs->slots[at];
    if (!grow(vs)) {
        vs->full = true;
        return NOTHING;
    }
    items = arena_array(vs->arena, v->n, sizeof *items);
    if (!items) {
        vs->full = true;
        return NOTHING;
    }
    if (v->n)
        memcpy(items, v->items, v->n * sizeof *items);
    v->items = items;
    at = hash_value(v) & (vs->slots_n - 1);
    while (vs->slots[at])
        at = (at + 1) & (vs->slots_n - 1);
    vs->slots[at] = vs->n;
    vs->blocks[vs->n / VALUE_BLOCK][vs->n % VALUE_BLOCK] = *v;
    return vs->n++;
}

/* Of what all of a list agree on. */
static int truth_of_all(const struct values *vs, const uint32_t *items, uint32_t n, uint32_t step)
{
    int all = -1;

    for (uint32_t i = step - 1; i < n; i += step) {
        int one = fv_truth(vs, items[i]);

        if (one < 0 || (all >= 0 && one != all))
            return -1;
        all = one;
    }
    return all;
}

static int truth_of_term(const struct values *vs, const struct value *x)
{
    const struct value *of = x->n ? fv_at(vs, x->items[0]) : NULL;
    int t;

    switch (x->sub) {
    case T_NOT:
        t = fv_truth(vs, x->items[0]);
        return t < 0 ? t : !t;
    case T_EITHER:
        return truth_of_all(vs, x->items, x->n, 1);
    case T_ITEM: /* all that a table of constants has */
        if (of->kind == V_DICT)
            return truth_of_all(vs, of->items, of->n, 2);
        return of->kind == V_TUPLE || of->kind == V_LIST ? truth_of_all(vs, of->items, of->n, 1)
                                                         : -1;
    case T_DIGEST:
        return 1;
    default:
        return -1;
    }
}

/* A text that begins with a constant is not empty. */
static bool starts_full(const struct values *vs, const struct value *x)
{
    return fv_string(vs, x->items[0]).n != 0;
}

static int truth_of(const struct values *vs, const struct value *x)
{
    switch (x->kind) {
    case V_NONE:
    case V_FALSE:
        return 0;
    case V_TEXT:
    case V_BYTES:
        return x->a != 0;
    case V_INT:
        return x->a || x->b;
    case V_TUPLE:
    case V_LIST:
    case V_SET:
    case V_DICT:
        return x->n != 0;
    case V_CONCAT:
        return truth_of_all(vs, x->items, x->n, 1) == 1 || starts_full(vs, x) ? 1 : -1;
    case V_TERM:
        return truth_of_term(vs, x);
    case V_UNKNOWN:
    case V_DATA:
    case V_BOX:
    case V_EXTERN:
    case V_ITER:
        return -1;
    default:
        return 1;
    }
}

bool fv_init(struct values *vs, struct arena *arena, struct ir_names *names)
{
    *vs = (struct values){ .arena = arena, .names = names };
    vs->blocks = arena_array(arena, VALUES_MAX / VALUE_BLOCK + 1, sizeof *vs->blocks);
    if (!vs->blocks || !grow(vs))
        return false;
    vs->n = 1; /* value 0, as the arena has it, is V_UNKNOWN */
    vs->blocks[0][0].truth = -1;
    return fv_make(vs, (struct value){ .kind = V_NONE }) == NONE_ &&
           fv_make(vs, (struct value){ .kind = V_TRUE }) == TRUE_ &&
           fv_make(vs, (struct value){ .kind = V_FALSE }) == FALSE_;
}

uint32_t fv_make(struct values *vs, struct value v)
{
    unsigned depth = 0;

    v.constant = v.kind >= V_NONE && (v.kind <= V_BYTES || (v.kind >= V_TUPLE && v.kind <= V_DICT));
    for (uint32_t i = 0; i < v.n; i++) {
        const struct value *item = fv_at(vs, v.items[i]);

        v.prov |= item->prov;
        v.constant = v.constant && item->constant;
        if (item->depth > depth)
            depth = item->depth;
    }
    if (v.n && depth >= DEPTH_MAX_ && v.kind != V_DATA)
        return fv_unknown(vs, v.prov | P_UNKNOWN);
    v.depth = (uint8_t)(v.n ? depth + 1 : 0);
    v.truth = (int8_t)truth_of(vs, &v);
    return intern(vs, &v);
}

uint32_t fv_unknown(struct values *vs, uint32_t prov)
{
    struct value v = { .kind = V_UNKNOWN, .prov = prov, .truth = -1 };

    return prov ? intern(vs, &v) : NOTHING;
}

uint32_t fv_int(struct values *vs, int64_t i)
{
    return fv_make(vs, (struct value){ .kind = V_INT,
                                       .a = (uint32_t)((uint64_t)i >> 32),
                                       .b = (uint32_t)(uint64_t)i });
}

static uint32_t named(struct values *vs, enum value_kind kind, struct span text)
{
    return fv_make(vs, (struct value){ .kind = (uint8_t)kind, .a = ir_name(vs->names, text) });
}

uint32_t fv_text(struct values *vs, struct span text)
{
    return named(vs, V_TEXT, text);
}

uint32_t fv_bytes(struct values *vs, struct span text)
{
    return named(vs, V_BYTES, text);
}

uint32_t fv_extern(struct values *vs, struct span dotted)
{
    return named(vs, V_EXTERN, dotted);
}

uint32_t fv_sym(struct values *vs, const char *name, uint32_t prov)
{
    return fv_make(vs, (struct value){ .kind = V_TERM,
                                       .sub = T_SYM,
                                       .a = ir_name(vs->names, span_text(name)),
                                       .prov = prov });
}

uint32_t fv_term(struct values *vs, enum term t, uint32_t name, const uint32_t *items, uint32_t n)
{
    return fv_make(
        vs, (struct value){ .kind = V_TERM, .sub = (uint8_t)t, .a = name, .items = items, .n = n });
}

uint32_t fv_term1(struct values *vs, enum term t, uint32_t name, uint32_t item)
{
    return fv_term(vs, t, name, &item, 1);
}

uint32_t fv_term2(struct values *vs, enum term t, uint32_t name, uint32_t x, uint32_t y)
{
    return fv_term(vs, t, name, (uint32_t[]){ x, y }, 2);
}

/* ---- texts of pieces ---- */

struct pieces {
    uint32_t list[PIECES_MAX];
    uint32_t n;
    uint32_t lost; /* provenance of what had no room, and P_UNKNOWN */
};

static uint32_t glue(struct values *vs, uint32_t x, uint32_t y)
{
    struct span a = fv_string(vs, x), b = fv_string(vs, y);
    unsigned kind = fv_at(vs, x)->kind;
    uint8_t text[TEXT_MAX_];

    if (a.n + b.n > sizeof text)
        return NOTHING;
    memcpy(text, a.p, a.n);
    memcpy(text + a.n, b.p, b.n);
    return named(vs, kind, span_of(text, a.n + b.n));
}

static void add_piece(struct values *vs, struct pieces *ps, uint32_t v)
{
    const struct value *x = fv_at(vs, v);
    bool constant = x->kind == V_TEXT || x->kind == V_BYTES;

    if (constant && x->a == 0)
        return;
    if (constant && ps->n && fv_at(vs, ps->list[ps->n - 1])->kind == x->kind) {
        uint32_t both = glue(vs, ps->list[ps->n - 1], v);

        if (both != NOTHING) {
            ps->list[ps->n - 1] = both;
            return;
        }
    }
    if (ps->n < PIECES_MAX)
        ps->list[ps->n++] = v;
    else
        ps->lost |= x->prov | P_UNKNOWN;
}

uint32_t fv_concat(struct values *vs, const uint32_t *items, uint32_t n)
{
    struct pieces ps = { .n = 0 };

    for (uint32_t i = 0; i < n; i++) {
        const struct value *x = fv_at(vs, items[i]);

        if (x->kind == V_CONCAT)
            for (uint32_t k = 0; k < x->n; k++)
                add_piece(vs, &ps, x->items[k]);
        else
            add_piece(vs, &ps, items[i]);
    }
    if (ps.lost)
        ps.list[PIECES_MAX - 1] = fv_unknown(vs, ps.lost);
    if (ps.n == 0)
        return fv_text(vs, SPAN_EMPTY);
    if (ps.n == 1)
        return ps.list[0];
    return fv_make(vs, (struct value){ .kind = V_CONCAT, .items = ps.list, .n = ps.n });
}

static bool is_text(const struct value *v)
{
    return v->kind == V_TEXT || v->kind == V_BYTES;
}

static bool ends_in_slash(const struct values *vs, uint32_t v)
{
    const struct value *x = fv_at(vs, v);

    if (x->kind == V_CONCAT)
        x = fv_at(vs, x->items[x->n - 1]);
    if (!is_text(x))
        return false;
    return span_ends(ir_name_text(vs->names, x->a), SPAN_LITERAL("/"));
}

uint32_t fv_below(struct values *vs, uint32_t a, uint32_t b)
{
    struct span text = fv_string(vs, b), head = fv_string(vs, a);
    uint32_t parts[3] = { a, fv_text(vs, SPAN_LITERAL("/")), b };

    if (span_is(text, ".") || (is_text(fv_at(vs, b)) && text.n == 0))
        return a;
    if (span_starts(text, SPAN_LITERAL("/")) || (is_text(fv_at(vs, a)) && head.n == 0))
        return b;
    if (ends_in_slash(vs, a))
        return fv_concat(vs, (uint32_t[]){ a, b }, 2);
    return fv_concat(vs, parts, 3);
}

static uint32_t last_slash(struct span s)
{
    for (size_t i = s.n; i > 0; i--)
        if (s.p[i - 1] == '/')
            return (uint32_t)i;
    return 0;
}

/* The piece with the last slash, and where in it: pieces before *at, and *cut bytes of it. */
static bool find_slash(const struct values *vs, uint32_t path, uint32_t *at, uint32_t *cut)
{
    const struct value *x = fv_at(vs, path);

    for (uint32_t i = x->n; x->kind == V_CONCAT && i > 0; i--) {
        const struct value *piece = fv_at(vs, x->items[i - 1]);

        *cut = is_text(piece) ? last_slash(ir_name_text(vs->names, piece->a)) : 0;
        if (*cut) {
            *at = i - 1;
            return true;
        }
    }
    return false;
}

static uint32_t cut_text(struct values *vs, uint32_t v, size_t from, size_t to)
{
    struct span s = fv_string(vs, v), part;

    if (to > s.n)
        to = s.n;
    return from < to && span_sub(s, from, to - from, &part) ? fv_text(vs, part)
                                                            : fv_text(vs, SPAN_EMPTY);
}

uint32_t fv_folder(struct values *vs, uint32_t path)
{
    const struct value *x = fv_at(vs, path);
    uint32_t at, cut, parts[PIECES_MAX + 1];

    if (x->kind == V_TEXT) {
        cut = last_slash(fv_string(vs, path));
        return cut > 1 ? cut_text(vs, path, 0, cut - 1) : fv_text(vs, span_of("/", cut));
    }
    if (!find_slash(vs, path, &at, &cut))
        return fv_term1(vs, T_ATTR, ir_name(vs->names, SPAN_LITERAL("parent")), path);
    memcpy(parts, x->items, at * sizeof *parts);
    parts[at] = cut_text(vs, x->items[at], 0, cut - 1);
    return fv_concat(vs, parts, at + 1);
}

uint32_t fv_base(struct values *vs, uint32_t path)
{
    const struct value *x = fv_at(vs, path);
    uint32_t at, cut, parts[PIECES_MAX + 1];

    if (x->kind == V_TEXT)
        return cut_text(vs, path, last_slash(fv_string(vs, path)), SIZE_MAX);
    if (!find_slash(vs, path, &at, &cut))
        return fv_term1(vs, T_ATTR, ir_name(vs->names, SPAN_LITERAL("name")), path);
    parts[0] = cut_text(vs, x->items[at], cut, SIZE_MAX);
    memcpy(parts + 1, x->items + at + 1, (x->n - at - 1) * sizeof *parts);
    return fv_concat(vs, parts, x->n - at);
}

/* ---- one of several ---- */

static void add_way(struct values *vs, uint32_t *list, uint32_t *n, uint32_t v)
{
    uint32_t i = 0;

    while (i < *n && list[i] < v)
        i++;
    if (*n > EITHER_MAX || (i < *n && list[i] == v))
        return;
    memmove(list + i + 1, list + i, (*n - i) * sizeof *list);
    list[i] = v;
    ++*n;
    (void)vs;
}

uint32_t fv_either(struct values *vs, uint32_t a, uint32_t b)
{
    uint32_t list[EITHER_MAX + 2], n = 0, both[2] = { a, b };

    if (a == b)
        return a;
    for (int i = 0; i < 2; i++) {
        const struct value *x = fv_at(vs, both[i]);

        if (x->kind == V_TERM && x->sub == T_EITHER)
            for (uint32_t k = 0; k < x->n; k++)
                add_way(vs, list, &n, x->items[k]);
        else
            add_way(vs, list, &n, both[i]);
    }
    if (n > EITHER_MAX)
        return fv_unknown(vs, fv_at(vs, a)->prov | fv_at(vs, b)->prov | P_UNKNOWN);
    return fv_term(vs, T_EITHER, 0, list, n);
}

/* ---- questions ---- */

struct span fv_string(const struct values *vs, uint32_t v)
{
    const struct value *x = fv_at(vs, v);

    if (x->kind == V_CONCAT)
        x = fv_at(vs, x->items[0]);
    return is_text(x) || x->kind == V_EXTERN ? ir_name_text(vs->names, x->a) : SPAN_EMPTY;
}

/* ---- for people ---- */

/* Variables that hold the same folder everywhere. */
static const char *folder_of(struct span variable)
{
    return span_is(variable, "HOME") || span_is(variable, "USERPROFILE") ? "~"
           : span_is(variable, "LOCALAPPDATA")                           ? "~/AppData/Local"
           : span_is(variable, "APPDATA")                                ? "~/AppData/Roaming"
                                                                         : NULL;
}

static void print_term(const struct values *vs, const struct value *x, struct buf *out)
{
    struct span name = ir_name_text(vs->names, x->a);

    if (x->sub == T_EITHER) {
        fv_print(vs, x->items[0], out);
        return;
    }
    if (x->sub == T_SYM && ((x->prov & P_HOME) || (name.n && name.p[0] == '{'))) {
        buf_add(out, name.p, name.n);
        return;
    }
    if (x->sub == T_ENV && x->n) {
        fv_print(vs, x->items[0], out); /* what it is unless somebody says otherwise */
        return;
    }
    if (x->sub == T_ENV && folder_of(name)) { /* what it is on any machine */
        buf_puts(out, folder_of(name));
        return;
    }
    buf_putc(out, '{');
    if (name.n)
        buf_add(out, name.p, name.n);
    else
        buf_puts(out, "?");
    buf_putc(out, '}');
}

void fv_print(const struct values *vs, uint32_t v, struct buf *out)
{
    const struct value *x = fv_at(vs, v);
    struct span text = fv_string(vs, v);

    if (out->failed)
        return;
    switch (x->kind) {
    case V_TEXT:
    case V_BYTES:
        buf_add(out, text.p, text.n);
        break;
    case V_EXTERN:
        buf_printf(out, "{%.*s}", (int)text.n, (const char *)text.p);
        break;
    case V_INT:
        buf_printf(out, "%lld", (long long)fv_number(x));
        break;
    case V_CONCAT:
        for (uint32_t i = 0; i < x->n; i++)
            fv_print(vs, x->items[i], out);
        break;
    case V_TUPLE:
    case V_LIST:
        for (uint32_t i = 0; i < x->n; i++) {
            if (i)
                buf_putc(out, ' ');
            fv_print(vs, x->items[i], out);
        }
        break;
    case V_TERM:
        print_term(vs, x, out);
        break;
    default:
        buf_puts(out, "{?}");
    }
}
