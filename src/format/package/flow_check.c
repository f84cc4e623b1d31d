/*
 * Conditions: what is known once a branch was taken, and whether the branch was a check of
 * fetched bytes. A check is good where the digest is strong, whole, and expected by what the
 * artifact itself says; a digest that was itself fetched is only as good as how that was checked.
 */
#include "format/package/flow_run.h"

/* Hex digits of a digest below which it proves little: 128 bits. */
#define DIGEST_LEAST 32

/* ---- where bytes come from ---- */

/* Values that one question looks at. */
#define WALK_MAX 400

struct token_walk {
    const struct flow *f;
    uint32_t store;
    bool pinned; /* those that are pinned too */
    token_fn *each;
    void *arg;
    unsigned left;
    bool any;
};

static enum checked status_at(const struct flow *f, uint32_t store, uint32_t v)
{
    return (enum checked)store_get(f, store, slot_key(S_STATUS, v, 0), CHECKED_NOT);
}

static void walk_tokens(struct token_walk *t, uint32_t v, enum checked best)
{
    const struct value *x = val(t->f, v);
    enum checked here;

    if (!(x->prov & P_FETCHED) || t->left == 0)
        return;
    t->left--;
    here = status_at(t->f, t->store, v);
    if (here > best)
        best = here;
    if (best == CHECKED_PIN && !t->pinned)
        return;
    if (x->kind == V_DATA) {
        t->any = true;
        if (t->each)
            t->each(t->arg, x->a, best);
        return;
    }
    for (uint32_t i = 0; i < x->n; i++)
        walk_tokens(t, x->items[i], best);
}

bool tokens_of(const struct flow *f, uint32_t store, uint32_t v, bool pinned, token_fn *each,
               void *arg)
{
    struct token_walk t = {
        .f = f, .store = store, .pinned = pinned, .each = each, .arg = arg, .left = WALK_MAX
    };

    walk_tokens(&t, v, CHECKED_NOT);
    return t.any;
}

static void note_least(void *arg, uint32_t token, enum checked status)
{
    enum checked *least = arg;

    (void)token;
    if (status < *least)
        *least = status;
}

enum checked status_of(const struct flow *f, uint32_t store, uint32_t content)
{
    enum checked least = CHECKED_PIN;

    tokens_of(f, store, content, true, note_least, &least);
    return least;
}

/* What is asked of a file, wherever it lies. */
static bool is_of_file(const struct flow *f, const struct value *x)
{
    return x->kind == V_TERM &&
           (x->sub == T_EXISTS || x->sub == T_FILE || x->sub == T_DIGEST || x->sub == T_LEN ||
            x->sub == T_MEMBER || (x->sub == T_CALL && span_is(flow_text(f, x->a), "files")));
}

static bool find_env(const struct flow *f, uint32_t v, bool files, unsigned *left, uint32_t *name)
{
    const struct value *x = val(f, v);

    if (!(x->prov & P_ENV) || *left == 0 || (!files && is_of_file(f, x)))
        return false;
    --*left;
    if (x->kind == V_TERM && x->sub == T_ENV) {
        *name = x->a;
        return true;
    }
    for (uint32_t i = 0; i < x->n; i++)
        if (find_env(f, x->items[i], files, left, name))
            return true;
    return false;
}

uint32_t env_of(const struct flow *f, uint32_t v)
{
    uint32_t name = 0;
    unsigned left = WALK_MAX;

    return find_env(f, v, true, &left, &name) ? name : 0;
}

uint32_t switch_of(const struct flow *f, uint32_t cond)
{
    uint32_t name = 0;
    unsigned left = WALK_MAX;

    return find_env(f, cond, false, &left, &name) ? name : 0;
}

/* ---- what was expected ---- */

static bool is_weak_digest(struct span algorithm)
{
    static const char *const weak[] = { "md5", "sha1", "sha", "crc32", "adler32", "md4" };

    for (unsigned i = 0; i < ARRAY_LEN(weak); i++)
        if (span_is(algorithm, weak[i]))
            return true;
    return false;
}

/* The variable that gives a digest; not one by which it is looked up. */
static uint32_t given_by(const struct flow *f, uint32_t v, unsigned depth)
{
    const struct value *x = val(f, v);
    uint32_t n = x->n, name = 0;

    if (!(x->prov & P_ENV) || depth > 6)
        return 0;
    if (x->kind == V_TERM && x->sub == T_ENV)
        return x->a;
    if (x->kind == V_TERM && (x->sub == T_ITEM || x->sub == T_GET || x->sub == T_FILE))
        n = x->sub == T_FILE ? 0 : 1;
    for (uint32_t i = 0; i < n && i < 8 && !name; i++)
        name = given_by(f, x->items[i], depth + 1);
    return name;
}

/* How good a check is that compares with expected. */
static enum checked worth(struct flow *f, uint32_t store, uint32_t expected)
{
    const struct value *e = val(f, expected);
    enum checked least = CHECKED_PIN;

    if (e->prov & P_FETCHED) {
        tokens_of(f, store, expected, true, note_least, &least);
        return least == CHECKED_PIN ? CHECKED_PIN : CHECKED_CIRCULAR;
    }
    if ((e->kind == V_TEXT || e->kind == V_BYTES) &&
        fv_string(&f->values, expected).n < DIGEST_LEAST - 16)
        return CHECKED_NOT; /* nothing can be expected by this */
    if (e->prov & P_FILE)
        return CHECKED_NOT; /* whoever can write the one can write the other */
    if ((e->prov & P_ENV) && given_by(f, expected, 0)) {
        tell_here(f, &(struct note){ .kind = FACT_PKG_SWITCH_OFF,
                                     .subject = flow_text(f, given_by(f, expected, 0)),
                                     .because = SPAN_LITERAL("it gives the digest itself"),
                                     .flags = PKG_SURE });
        return CHECKED_NOT;
    }
    return CHECKED_PIN;
}

static void note_checked(void *arg, uint32_t token, enum checked status)
{
    struct flow *f = arg;

    (void)status;
    f->tokens[token].checked = true;
}

static void note_pinned(void *arg, uint32_t token, enum checked status)
{
    struct flow *f = arg;

    (void)status;
    f->tokens[token].pinned = true;
}

static uint32_t set_status(struct flow *f, uint32_t store, uint32_t v, enum checked c)
{
    tokens_of(f, store, v, true, note_checked, f);
    if (c == CHECKED_PIN)
        tokens_of(f, store, v, true, note_pinned, f);
    return status_at(f, store, v) >= c ? store : store_set(f, store, slot_key(S_STATUS, v, 0), c);
}

static void tell_weak(struct flow *f, struct span what)
{
    tell_here(f,
              &(struct note){ .kind = FACT_PKG_WEAK_DIGEST, .subject = what, .flags = PKG_SURE });
}

static void first_token(void *arg, uint32_t token, enum checked status)
{
    uint32_t *first = arg;

    (void)status;
    if (!*first)
        *first = token + 1;
}

static void tell_circular(struct flow *f, uint32_t store, uint32_t content, uint32_t expected)
{
    uint32_t a = 0, b = 0;

    tokens_of(f, store, content, true, first_token, &a);
    tokens_of(f, store, expected, false, first_token, &b);
    if (a && b)
        f->tokens[a - 1].digest_from = b;
}

uint32_t check_made(struct flow *f, uint32_t store, uint32_t content, uint32_t expected,
                    uint32_t algorithm, bool part)
{
    enum checked c = worth(f, store, expected);
    struct span name = flow_text(f, algorithm);

    if (c == CHECKED_NOT)
        return store;
    if (c == CHECKED_CIRCULAR)
        tell_circular(f, store, content, expected);
    if (part || (name.n && is_weak_digest(name))) {
        if (val(f, content)->prov & P_FETCHED)
            tell_weak(f, part ? SPAN_LITERAL("a part of the digest") : name);
        c = CHECKED_WEAK;
    }
    return set_status(f, store, content, c);
}

/* What is written in another way by base64, as a number and such: NOTHING: it is not that. */
static uint32_t spelled(const struct flow *f, const struct value *x)
{
    static const char *const all[] = { "base64.b64encode",
                                       "base64.standard_b64encode",
                                       "base64.urlsafe_b64encode",
                                       "base64.b16encode",
                                       "base64.b32encode",
                                       "binascii.hexlify",
                                       "binascii.b2a_base64",
                                       "binascii.b2a_hex",
                                       "int",
                                       "str",
                                       "int.from_bytes",
                                       ".from_bytes",
                                       ".hex" };

    for (unsigned i = 0; i < ARRAY_LEN(all); i++)
        if (span_is(flow_text(f, x->a), all[i]))
            for (uint32_t k = 0; k < x->n; k++)
                if (val(f, x->items[k])->kind == V_TERM)
                    return x->items[k];
    return NOTHING;
}

/* A digest of something, whole or in part; false: it is none. */
static bool digest_in(const struct flow *f, uint32_t v, uint32_t *content, uint32_t *algorithm,
                      bool *part)
{
    for (unsigned i = 0; i < 8; i++) {
        const struct value *x = val(f, v);

        if (x->kind == V_CONCAT) { /* "sha256:" + digest */
            v = x->items[x->n - 1];
            continue;
        }
        if (x->kind != V_TERM || !x->n)
            return false;
        if (x->sub == T_DIGEST) {
            *content = x->items[0];
            *algorithm = x->a;
            return true;
        }
        if (x->sub == T_CALL && (v = spelled(f, x)) != NOTHING)
            continue;
        if (x->sub != T_SLICE)
            return false;
        *part = true;
        v = x->items[0];
    }
    return false;
}

static bool is_size(const struct flow *f, uint32_t v, uint32_t *content)
{
    const struct value *x = val(f, v);

    if (x->kind != V_TERM || x->sub != T_LEN || !(x->prov & P_FETCHED))
        return false;
    *content = x->items[0];
    return true;
}

/* x equals y: that may have checked something. */
static uint32_t equals(struct flow *f, uint32_t store, uint32_t x, uint32_t y)
{
    uint32_t content, algorithm = 0;
    bool part = false;

    if (digest_in(f, x, &content, &algorithm, &part))
        return check_made(f, store, content, y, algorithm, part);
    if (is_size(f, x, &content) && !(val(f, y)->prov & P_FETCHED))
        return set_status(f, store, content, CHECKED_WEAK);
    if (val(f, x)->kind == V_DATA && val(f, y)->kind == V_BYTES &&
        fv_string(&f->values, y).n >= DIGEST_LEAST)
        return set_status(f, store, x, CHECKED_PIN);
    return store;
}

/* The fetch, + 1, that a comparison takes the digest of. */
static uint32_t compared_token(const struct flow *f, uint32_t store, const struct value *x)
{
    uint32_t content, algorithm, token = 0;
    bool part;

    for (uint32_t i = 0; i < x->n && !token; i++)
        if (digest_in(f, x->items[i], &content, &algorithm, &part))
            tokens_of(f, store, content, true, first_token, &token);
    return token;
}

uint32_t mismatch_of(const struct flow *f, uint32_t store, uint32_t cond, bool is)
{
    for (unsigned i = 0; i < 8; i++) {
        const struct value *x = val(f, cond);

        if (x->kind != V_TERM || !(x->prov & P_FETCHED) || !x->n)
            return 0;
        if (x->sub == T_CMP && (x->b == OP_EQ || x->b == OP_IN))
            return is ? 0 : compared_token(f, store, x);
        if (x->sub == T_NOT)
            is = !is;
        else if ((x->sub != T_ANY && x->sub != T_ALL) || is)
            return 0;
        cond = x->items[0];
    }
    return 0;
}

/* x is one of the elements of list. */
static uint32_t is_among(struct flow *f, uint32_t store, uint32_t x, uint32_t list)
{
    uint32_t content, algorithm = 0;
    bool part = false;

    if (digest_in(f, x, &content, &algorithm, &part))
        return check_made(f, store, content, list, algorithm, part);
    return store;
}

static bool assume_all(struct flow *f, uint32_t *store, const struct value *x, bool is)
{
    for (uint32_t i = 0; i < x->n; i++)
        if (!assume(f, store, x->items[i], is))
            return false;
    return true;
}

/* One of several is true: what all of them would have checked. */
static void assume_some(struct flow *f, uint32_t *store, const struct value *x)
{
    uint32_t out = *store;
    bool any = false;

    for (uint32_t i = 0; i < x->n; i++) {
        uint32_t one = *store;

        if (!assume(f, &one, x->items[i], true))
            continue;
        if (any && !store_join(f, out, one, false, &out))
            return; /* they do not agree */
        if (!any)
            out = one;
        any = true;
    }
    *store = out;
}

static bool may_be_known(const struct flow *f, const struct value *x)
{
    (void)f;
    if (x->prov & (P_RANDOM | P_UNKNOWN))
        return false;
    return !(x->prov & P_FETCHED) || x->sub == T_CMP || x->sub == T_GET || x->sub == T_ITEM;
}

static bool assume_compare(struct flow *f, uint32_t *store, const struct value *x, bool is)
{
    uint32_t a = x->items[0], b = x->items[1];

    if (!is)
        return true;
    if (x->b == OP_EQ) {
        *store = equals(f, *store, a, b);
        *store = equals(f, *store, b, a);
    } else if (x->b == OP_IN) {
        *store = is_among(f, *store, a, b);
    }
    return true;
}

bool assume(struct flow *f, uint32_t *store, uint32_t cond, bool is)
{
    const struct value *x = val(f, cond);
    int truth = truth_in(f, *store, cond);

    if (truth >= 0 && truth != is)
        return false;
    if (x->kind != V_TERM || f->fuel-- <= 0)
        return true;
    switch (x->sub) {
    case T_NOT:
        return assume(f, store, x->items[0], !is);
    case T_ALL:
        return !is || assume_all(f, store, x, true);
    case T_ANY:
        if (is)
            assume_some(f, store, x);
        return true;
    case T_CMP:
        if (!assume_compare(f, store, x, is))
            return false;
        break;
    default:
        break;
    }
    if (may_be_known(f, x))
        *store = store_set(f, *store, slot_key(S_KNOWN, cond, 0), is ? 2 : 1);
    return true;
}

/* Whether there is something in a list that may change. */
static int box_truth(const struct flow *f, uint32_t store, uint32_t box)
{
    const struct value *x = val(f, store_get(f, store, slot_key(S_ITEMS, box, 0), NOTHING));

    if (x->kind != V_LIST && x->kind != V_DICT && x->kind != V_SET)
        return -1;
    return x->n != 0;
}

int truth_in(const struct flow *f, uint32_t store, uint32_t cond)
{
    const struct value *x = val(f, cond);
    uint32_t known;
    int truth = x->truth;

    if (x->kind == V_BOX)
        return box_truth(f, store, cond);
    if (truth >= 0 || x->kind != V_TERM)
        return truth;
    if (x->sub == T_NOT) {
        truth = truth_in(f, store, x->items[0]);
        return truth < 0 ? truth : !truth;
    }
    known = map_get(&f->maps, store, slot_key(S_KNOWN, cond, 0), 0);
    return known ? known == 2 : -1;
}

/* ---- decisions ---- */

static bool has_word(struct span text, const char *word)
{
    size_t n = strlen(word);

    for (size_t i = 0; i + n <= text.n; i++) {
        size_t k = 0;

        while (k < n && (text.p[i + k] | 32) == (uint8_t)word[k])
            k++;
        if (k == n)
            return true;
    }
    return false;
}

/* Whether a variable's name says that nothing shall be fetched. */
static bool says_offline(struct span name)
{
    static const char *const words[] = { "offline",       "no_download", "nodownload",
                                         "no_network",    "air_gap",     "airgap",
                                         "skip_download", "no_fetch",    "disable_download",
                                         "no_install" };
    char text[128];
    size_t n = name.n < sizeof text ? name.n : sizeof text;

    for (size_t i = 0; i < n; i++) /* '_' | 32 is 0x7f: names are compared with one form of it */
        text[i] = name.p[i] == '-' ? '_' : (char)name.p[i];
    for (unsigned i = 0; i < ARRAY_LEN(words); i++) {
        char word[32];
        size_t k = 0;

        for (; words[i][k] && k + 1 < sizeof word; k++)
            word[k] = words[i][k] == '_' ? '_' | 32 : words[i][k];
        word[k] = 0;
        if (has_word(span_of(text, n), word))
            return true;
    }
    return false;
}

uint32_t decision_of(struct flow *f, enum decision_kind kind, uint32_t name)
{
    uint32_t module = f->frame ? f->frame->module : 0, off = f->frame ? f->frame->off : 0, i;
    uint64_t key;

    if (kind == D_ENV && says_offline(flow_text(f, name)))
        kind = D_OFFLINE;
    key = (uint64_t)kind << 60 | (uint64_t)(module & 0xffffU) << 44 |
          (uint64_t)(off & 0xffffffU) << 20 | (name & 0xfffffU);
    i = map_get(&f->maps, f->decision_index, key, 0);
    if (i)
        return i;
    if (f->decisions_n == f->decisions_size) {
        uint32_t size = f->decisions_size ? 2 * f->decisions_size : 256;
        struct decision *more = arena_array(&f->arena, size, sizeof *more);

        if (!more)
            return 0;
        if (f->decisions_n)
            memcpy(more, f->decisions, f->decisions_n * sizeof *more);
        f->decisions = more;
        f->decisions_size = size;
    }
    if (f->decisions_n == 0)
        f->decisions_n = 1; /* 0 is no decision */
    i = f->decisions_n++;
    f->decisions[i] = (struct decision){ .kind = kind, .module = module, .off = off, .name = name };
    f->decision_index = map_set(&f->maps, f->decision_index, key, i);
    return i;
}
