/* Methods of strings, bytes, lists and dictionaries: what their results are made of. */
#include "base/compiler.h"
#include "format/python/analysis.h"

static enum value_kind kind_of(const struct analysis *an, val v)
{
    const struct value *x = value_of(an, v);

    return x ? (enum value_kind)x->kind : V_UNION;
}

static val copy_of(struct analysis *an, val v, struct span s)
{
    return value_text(an, kind_of(an, v), s, false);
}

static val change_case(struct analysis *an, val v, struct span s, uint32_t atom)
{
    uint8_t *out = value_bytes(an, s.n + 1);
    bool start = true;

    for (size_t i = 0; out && i < s.n; i++) {
        uint8_t c = s.p[i], lower = c | 0x20;
        bool letter = lower >= 'a' && lower <= 'z', up = false;

        switch (atom) {
        case W_upper:
            up = true;
            break;
        case W_swapcase:
            up = c == lower;
            break;
        case W_capitalize:
            up = i == 0;
            break;
        case W_title:
            up = start;
            break;
        default:
            break;
        }
        start = !letter;
        out[i] = !letter ? c : up ? (uint8_t)(c & ~0x20) : lower;
    }
    return out ? copy_of(an, v, span_of(out, s.n)) : VAL_NONE;
}

static bool in_set(struct span set, uint8_t c)
{
    return set.n ? memchr(set.p, c, set.n) != NULL : c == ' ' || (c >= '\t' && c <= '\r');
}

static val strip(struct analysis *an, val v, struct span s, uint32_t atom, const struct call *c)
{
    struct span set;
    val arg = call_place(an, c, 0);

    if (!value_is_text(an, arg, &set) && arg)
        return VAL_NONE;
    while (atom != W_rstrip && s.n > 0 && in_set(set, s.p[0]))
        (void)skip(&s, 1);
    while (atom != W_lstrip && s.n > 0 && in_set(set, s.p[s.n - 1]))
        s.n--;
    return copy_of(an, v, s);
}

static val replace(struct analysis *an, val v, struct span s, const struct call *c)
{
    struct span from, to;
    size_t n = 0, hits = 0, at = 0;
    uint8_t *out;
    int64_t most = INT64_MAX;
    bool limited = false;
    val limit;

    if (!value_is_text(an, call_place(an, c, 0), &from) ||
        !value_is_text(an, call_place(an, c, 1), &to) || from.n == 0)
        return VAL_NONE;
    limit = call_arg(an, c, 2, "count", &limited);
    if (limited && !value_is_int(an, limit, &most))
        return VAL_NONE;
    most = most < 0 ? INT64_MAX : most;
    while ((at = span_find(s, at, from)) != SIZE_MAX && spend(an, 1)) {
        hits++;
        at += from.n;
    }
    out = hits < 65536 && to.n < 65536 ? value_bytes(an, s.n + hits * to.n) : NULL;
    if (!out)
        return VAL_NONE;
    for (size_t i = 0; i < s.n;) {
        struct span rest = span_from(s, i);

        if (most > 0 && span_starts(rest, from)) {
            memcpy(out + n, to.p, to.n);
            n += to.n;
            i += from.n;
            most--;
        } else {
            out[n++] = s.p[i++];
        }
    }
    return copy_of(an, v, span_of(out, n));
}

/* Where the piece behind the last separator begins; SIZE_MAX without one. */
static size_t last_of(struct span s, struct span sep)
{
    for (size_t at = s.n; at-- > 0;)
        if (span_starts(span_from(s, at), sep))
            return at;
    return SIZE_MAX;
}

/* Lines, as far as ASCII ends them. */
static val lines(struct analysis *an, val v, struct span s)
{
    val list[256];
    uint32_t n = 0;

    while (s.n > 0 && n < ARRAY_LEN(list) && spend(an, 1)) {
        struct span line;
        size_t at = 0;

        while (at < s.n && s.p[at] != '\n' && s.p[at] != '\r')
            at++;
        (void)take(&s, at, &line);
        list[n++] = copy_of(an, v, line);
        (void)skip(&s, s.n > 1 && s.p[0] == '\r' && s.p[1] == '\n' ? 2 : s.n > 0);
    }
    return value_list(an, V_SEQ, list, n, n == ARRAY_LEN(list));
}

static val words(struct analysis *an, val v, struct span s)
{
    val list[256];
    uint32_t n = 0;

    while (n < ARRAY_LEN(list) && spend(an, 1)) {
        struct span piece;
        size_t at = 0;

        while (s.n > 0 && in_set(SPAN_EMPTY, s.p[0]))
            (void)skip(&s, 1);
        while (at < s.n && !in_set(SPAN_EMPTY, s.p[at]))
            at++;
        if (at == 0)
            break;
        (void)take(&s, at, &piece);
        list[n++] = copy_of(an, v, piece);
    }
    return value_list(an, V_SEQ, list, n, n == ARRAY_LEN(list));
}

/* The last pieces, most of them; the first is what is left. */
static val split_right(struct analysis *an, val v, struct span s, struct span sep, int64_t most)
{
    val back[16], list[16];
    uint32_t n = 0;
    size_t at;

    while (n + 1 < ARRAY_LEN(back) && (int64_t)n < most && (at = last_of(s, sep)) != SIZE_MAX) {
        back[n++] = copy_of(an, v, span_from(s, at + sep.n));
        s.n = at;
    }
    back[n++] = copy_of(an, v, s);
    for (uint32_t i = 0; i < n; i++)
        list[i] = back[n - 1 - i];
    return value_list(an, V_SEQ, list, n, false);
}

static val split_left(struct analysis *an, val v, struct span s, struct span sep, int64_t most)
{
    val list[256];
    uint32_t n = 0;
    size_t at;

    while (n + 1 < ARRAY_LEN(list) && n < (uint64_t)most &&
           (at = span_find(s, 0, sep)) != SIZE_MAX && spend(an, 1)) {
        struct span piece;

        (void)take(&s, at, &piece);
        list[n++] = copy_of(an, v, piece);
        (void)skip(&s, sep.n);
    }
    list[n++] = copy_of(an, v, s);
    return value_list(an, V_SEQ, list, n, n == ARRAY_LEN(list));
}

/* Pieces between separators, or between white space where there is none. */
static val split(struct analysis *an, val v, struct span s, uint32_t atom, const struct call *c)
{
    bool limited = false;
    val by = call_arg(an, c, 0, "sep", NULL), limit = call_arg(an, c, 1, "maxsplit", &limited);
    struct span sep;
    int64_t most = -1;

    if (limited && !value_is_int(an, limit, &most))
        return VAL_NONE;
    if (!by || is_kind(an, by, V_CONST))
        return most < 0 ? words(an, v, s) : VAL_NONE;
    if (!value_is_text(an, by, &sep) || sep.n == 0)
        return VAL_NONE;
    if (most < 0)
        return split_left(an, v, s, sep, INT64_MAX);
    return atom == W_rsplit ? split_right(an, v, s, sep, most) : split_left(an, v, s, sep, most);
}

static val partition(struct analysis *an, val v, struct span s, uint32_t atom, const struct call *c)
{
    struct span sep, head;
    val list[3];
    size_t at;

    if (!value_is_text(an, call_place(an, c, 0), &sep) || sep.n == 0)
        return VAL_NONE;
    at = atom == W_partition ? span_find(s, 0, sep) : last_of(s, sep);
    if (at == SIZE_MAX)
        at = atom == W_partition ? s.n : 0, sep = SPAN_EMPTY;
    (void)take(&s, at, &head);
    (void)skip(&s, sep.n);
    list[0] = copy_of(an, v, head);
    list[1] = copy_of(an, v, sep);
    list[2] = copy_of(an, v, s);
    return value_list(an, V_SEQ, list, 3, false);
}

/* The elements of what is joined, texts too. */
static val join(struct analysis *an, val v, const struct call *c)
{
    val list = value_at(an, call_place(an, c, 0), 0), all = VAL_NONE;
    struct span s;
    uint32_t n;

    if (value_is_text(an, list, &s) && value_of(an, v)->text.n == 0)
        return list;
    if (!is_kind(an, list, V_SEQ))
        return value_text(an, kind_of(an, v), SPAN_EMPTY, true);
    n = value_of(an, list)->n;
    for (uint32_t i = 0; i < n && spend(an, 1); i++) {
        val piece = value_of(an, list)->list[i];

        if (i > 0)
            all = fold_binary(an, OP_ADD, all, v);
        all = i > 0   ? fold_binary(an, OP_ADD, all, piece)
              : piece ? piece
                      : value_text(an, kind_of(an, v), SPAN_EMPTY, true);
    }
    if (n == 0)
        return value_text(an, kind_of(an, v), SPAN_EMPTY, value_of(an, list)->partial);
    if (value_of(an, list)->partial && is_kind(an, all, kind_of(an, v))) /* one: any of them */
        return value_text(an, kind_of(an, v), n > 1 ? value_of(an, all)->text : SPAN_EMPTY, true);
    return all;
}

/* str.translate() with a dictionary of characters, as str.maketrans() makes it. */
static val translate(struct analysis *an, val v, struct span s, const struct call *c)
{
    val table = call_place(an, c, 0);
    uint8_t *out = is_kind(an, table, V_DICT) ? value_bytes(an, s.n + 1) : NULL;
    size_t n = 0;

    if (is_kind(an, table, V_BYTES) && value_of(an, table)->text.n == 256) {
        out = value_bytes(an, s.n + 1);
        for (size_t i = 0; out && i < s.n; i++)
            out[n++] = value_of(an, table)->text.p[s.p[i]];
        return out ? copy_of(an, v, span_of(out, n)) : VAL_NONE;
    }
    for (size_t i = 0; out && i < s.n && spend(an, 1); i++) {
        val to = subscript_of(an, table, value_int(an, s.p[i]));
        struct span text;
        int64_t code;

        if (value_is_int(an, to, &code) && code > 0 && code < 128)
            out[n++] = (uint8_t)code;
        else if (value_is_text(an, to, &text) && text.n == 1)
            out[n++] = text.p[0];
        else if (!is_kind(an, to, V_CONST)) /* None: left out */
            out[n++] = s.p[i];
    }
    return out ? copy_of(an, v, span_of(out, n)) : VAL_NONE;
}

static val replace_tabs(struct analysis *an, val v, struct span s, const struct call *c)
{
    uint8_t *out = value_bytes(an, s.n + 1);
    int64_t width = 8;
    size_t n = 0;

    (void)value_is_int(an, call_arg(an, c, 0, "tabsize", NULL), &width);
    for (size_t i = 0; out && i < s.n; i++)
        if (s.p[i] != '\t')
            out[n++] = s.p[i];
    return out && width == 0 ? copy_of(an, v, span_of(out, n)) : VAL_NONE;
}

static val affix(struct analysis *an, val v, struct span s, uint32_t atom, const struct call *c)
{
    struct span fix;

    if (!value_is_text(an, call_place(an, c, 0), &fix))
        return VAL_NONE;
    if (atom == W_removeprefix && span_starts(s, fix))
        (void)skip(&s, fix.n);
    else if (atom == W_removesuffix && span_ends(s, fix))
        s.n -= fix.n;
    return copy_of(an, v, s);
}

static val recode(struct analysis *an, val v, uint32_t atom, const struct call *c)
{
    struct span codec;
    val name = call_arg(an, c, 0, "encoding", NULL);

    (void)value_is_text(an, name, &codec);
    return decode_by_name(an, v, codec, atom == W_encode ? V_BYTES : V_STR);
}

static val text_method_of(struct analysis *an, uint32_t atom, val v, const struct call *c)
{
    struct span s;

    if (atom == W_format)
        return fold_format(an, v, c);
    if (atom == W_join)
        return join(an, v, c);
    if (!value_is_text(an, v, &s)) { /* only its beginning is known */
        s = value_of(an, v)->text;
        return atom == W_encode || atom == W_decode
                   ? value_text(an, atom == W_encode ? V_BYTES : V_STR, s, true)
                   : VAL_NONE;
    }
    switch (atom) {
    case W_upper:
    case W_lower:
    case W_casefold:
    case W_swapcase:
    case W_capitalize:
    case W_title:
        return change_case(an, v, s, atom);
    case W_strip:
    case W_lstrip:
    case W_rstrip:
        return strip(an, v, s, atom, c);
    case W_replace:
        return replace(an, v, s, c);
    case W_splitlines:
        return call_place(an, c, 0) ? VAL_NONE : lines(an, v, s);
    case W_split:
    case W_rsplit:
        return split(an, v, s, atom, c);
    case W_partition:
    case W_rpartition:
        return partition(an, v, s, atom, c);
    case W_translate:
        return translate(an, v, s, c);
    case W_removeprefix:
    case W_removesuffix:
        return affix(an, v, s, atom, c);
    case W_encode:
    case W_decode:
        return recode(an, v, atom, c);
    case W_expandtabs:
        return replace_tabs(an, v, s, c);
    case W_GETITEM:
        return subscript_of(an, v, call_place(an, c, 0));
    default:
        return VAL_NONE;
    }
}

/* What is exact for ASCII: its result is as certain as what it is made of. */
static bool is_exact(const struct analysis *an, uint32_t atom, val v)
{
    struct span s = value_of(an, v)->text;

    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= 0x80 || (s.p[i] < ' ' && s.p[i] != '\n'))
            return false;
    switch (atom) {
    case W_upper:
    case W_lower:
    case W_capitalize:
    case W_title:
    case W_strip:
    case W_replace:
    case W_removeprefix:
    case W_removesuffix:
    case W_split:
    case W_rsplit:
    case W_splitlines:
    case W_partition:
    case W_rpartition:
        return true;
    default:
        return false;
    }
}

static val text_method(struct analysis *an, uint32_t atom, val v, const struct call *c)
{
    val made = text_method_of(an, atom, v, c);
    bool certain = is_exact(an, atom, v) && !value_is_doubtful(an, v) &&
                   !value_is_doubtful(an, call_place(an, c, 0)) &&
                   !value_is_doubtful(an, call_place(an, c, 1));

    return certain ? made : value_doubt(an, made);
}

/* int.to_bytes(length, byteorder). */
static val to_bytes(struct analysis *an, val v, const struct call *c)
{
    int64_t i, n = 1;
    struct span order;
    uint8_t *out;
    bool little;

    (void)value_is_int(an, v, &i);
    if (call_arg(an, c, 0, "length", NULL) &&
        !value_is_int(an, call_arg(an, c, 0, "length", NULL), &n))
        return VAL_NONE;
    little = value_is_text(an, call_arg(an, c, 1, "byteorder", NULL), &order) &&
             span_is(order, "little");
    out = n > 0 && n <= 8 ? value_bytes(an, (size_t)n) : NULL;
    for (int64_t k = 0; out && k < n; k++)
        out[k] = (uint8_t)((uint64_t)i >> (8 * (little ? k : n - 1 - k)));
    return out ? value_text(an, V_BYTES, span_of(out, (size_t)n), false) : VAL_NONE;
}

static val pairs_of(struct analysis *an, val v)
{
    val list[64];
    uint32_t n = 0;

    for (uint32_t k = 0; k + 1 < value_of(an, v)->n && n < ARRAY_LEN(list) && spend(an, 1); k += 2)
        list[n++] = value_list(an, V_SEQ, value_of(an, v)->list + k, 2, false);
    return value_list(an, V_SEQ, list, n, n == ARRAY_LEN(list));
}

static val every_second(struct analysis *an, val v, uint32_t from)
{
    val list[64];
    uint32_t n = 0;

    for (uint32_t k = from; k < value_of(an, v)->n && n < ARRAY_LEN(list); k += 2)
        list[n++] = value_of(an, v)->list[k];
    return value_list(an, V_SEQ, list, n, n == ARRAY_LEN(list));
}

/* The values of a module's dictionary, or its items: any of them. */
static val any_list(struct analysis *an, val v, bool pairs)
{
    val any =
        value_new(an, (struct value){ .kind = V_ANY_MODULE, .b = is_kind(an, v, V_SPACE) ? 2 : 1 });
    val pair[2] = { VAL_NONE, any };

    if (is_kind(an, v, V_GLOBALS))
        return VAL_NONE;
    if (pairs)
        any = value_list(an, V_SEQ, pair, 2, false);
    return value_list(an, V_SEQ, &any, 1, true);
}

/* Of dictionaries, and of modules' dictionaries. */
static val space_method(struct analysis *an, uint32_t atom, val v, const struct call *c)
{
    switch (atom) {
    case W_get:
    case W_pop:
    case W_setdefault:
        return value_join(an, subscript_of(an, v, call_place(an, c, 0)),
                          call_arg(an, c, 1, "default", NULL));
    case W_GETITEM:
        return subscript_of(an, v, call_place(an, c, 0));
    case W_copy:
        return v;
    case W_values:
        return is_kind(an, v, V_DICT) ? every_second(an, v, 1) : any_list(an, v, false);
    case W_keys:
        return is_kind(an, v, V_DICT) ? every_second(an, v, 0) : VAL_NONE;
    case W_items:
        return is_kind(an, v, V_DICT) ? pairs_of(an, v) : any_list(an, v, true);
    default:
        return VAL_NONE;
    }
}

static val sequence_method(struct analysis *an, uint32_t atom, val v, const struct call *c)
{
    switch (atom) {
    case W_pop:
        return value_part(an, v);
    case W_copy:
        return v;
    case W_GETITEM:
        return subscript_of(an, v, call_place(an, c, 0));
    default:
        return VAL_NONE;
    }
}

static val path_method(struct analysis *an, uint32_t atom, val v, const struct call *c)
{
    bool open;
    uint32_t n;

    if (atom == W_with_name || atom == W_with_suffix || atom == W_with_stem || atom == W_resolve ||
        atom == W_absolute)
        return v; /* the same folder, at least */
    if (atom == W_as_posix)
        return value_of(an, v)->a;
    if (atom != W_joinpath)
        return VAL_NONE;
    n = call_places(an, c, &open);
    for (uint32_t i = 0; i < n && i < 8; i++)
        v = fold_binary(an, OP_DIV, v, call_place(an, c, i));
    return v;
}

val method_value(struct analysis *an, uint32_t atom, val self, const struct call *c)
{
    if (self == an->known->str_class || self == an->known->bytes_class) {
        struct call rest = *c;
        val first = call_place(an, c, 0);

        rest.skip += c->first == VAL_NONE;
        rest.first = VAL_NONE;
        return is_known(an, first) || !first
                   ? VAL_NONE
                   : method_value(an, atom, value_at(an, first, 0), &rest);
    }
    if (is_known(an, self))
        return space_method(an, atom, self, c);
    switch (kind_of(an, self)) {
    case V_STR:
    case V_BYTES:
        if (atom == W_hex && is_kind(an, self, V_BYTES))
            return VAL_NONE;
        return text_method(an, atom, self, c);
    case V_INT:
        return atom == W_to_bytes ? value_doubt(an, to_bytes(an, self, c)) : VAL_NONE;
    case V_DICT:
    case V_SPACE:
    case V_ANY_SPACE:
    case V_GLOBALS:
        return space_method(an, atom, self, c);
    case V_SEQ:
        return sequence_method(an, atom, self, c);
    case V_PATH:
        return path_method(an, atom, self, c);
    default:
        return VAL_NONE;
    }
}
