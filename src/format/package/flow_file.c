/* Paths, and what stands in files: as far as the artifact's own code has put it there. */
#include "format/package/flow_run.h"

#include "base/buf.h"

/* Folders above a file that are looked at. */
#define LEVELS_MAX 8

/* ---- where a path leads ---- */

static enum place place_of_text(struct span text)
{
    if (span_starts(text, SPAN_LITERAL("~")) || span_starts(text, SPAN_LITERAL("/tmp/")) ||
        span_starts(text, SPAN_LITERAL("/var/tmp/")) || span_starts(text, SPAN_LITERAL("/home/")) ||
        span_starts(text, SPAN_LITERAL("/dev/shm/")) || span_starts(text, SPAN_LITERAL("./")))
        return PLACE_WRITABLE;
    return PLACE_SYSTEM;
}

enum place place_of(const struct flow *f, uint32_t path)
{
    for (unsigned i = 0; i < 16; i++) {
        const struct value *x = val(f, path);

        if (x->kind == V_TEXT)
            return place_of_text(fv_string(&f->values, path));
        if (x->kind == V_TERM && x->sub == T_SYM)
            return x->prov & P_OWN        ? PLACE_OWN
                   : x->prov & P_WRITABLE ? PLACE_WRITABLE
                                          : PLACE_UNKNOWN;
        if (x->kind == V_TERM && x->sub == T_ENV)
            return PLACE_WRITABLE;
        if (x->kind == V_TERM && x->sub == T_EITHER && (x->prov & P_WRITABLE))
            return PLACE_WRITABLE;
        if (x->kind == V_OBJ || x->n == 0)
            return x->prov & P_OWN        ? PLACE_OWN
                   : x->prov & P_WRITABLE ? PLACE_WRITABLE
                                          : PLACE_UNKNOWN;
        path = x->items[0];
    }
    return PLACE_UNKNOWN;
}

bool is_private_path(struct flow *f, uint32_t path)
{
    static const char *const marks[] = {
        "/.ssh",      "/.aws",      ".pypirc",     ".netrc",
        "/.gnupg",    "/.kube",     ".docker/",    ".npmrc",
        "id_rsa",     "id_ed25519", "wallet",      "/etc/shadow",
        "Login Data", "/Cookies",   "Local State", ".git-credentials",
        "keychain",   "Keychains",  "_history",    "/.config/gcloud",
        "/.azure",    "key4.db",    "logins.json", "keystore",
    };
    struct span text = print_value(f, path);

    for (unsigned i = 0; i < ARRAY_LEN(marks); i++)
        if (span_find(text, 0, span_text(marks[i])) != SIZE_MAX)
            return true;
    return false;
}

static struct span slashes(struct flow *f, struct span text)
{
    char *copy = arena_copy(&f->arena, text.p, text.n);

    for (size_t i = 0; copy && i < text.n; i++)
        if (copy[i] == '\\')
            copy[i] = '/';
    return copy ? span_of(copy, text.n) : SPAN_EMPTY;
}

static bool worth_telling(struct flow *f, uint32_t path, bool unknown, struct span *text)
{
    enum place place = place_of(f, path);

    if (f->quiet || place == PLACE_OWN || (place == PLACE_UNKNOWN && !unknown))
        return false;
    *text = slashes(f, print_value(f, path));
    return text->n > 2 && (text->p[0] == '~' || text->p[0] == '/' || text->p[0] == '{' ||
                           span_find(*text, 0, SPAN_LITERAL("/")) != SIZE_MAX);
}

static void tell_path(struct flow *f, enum fact_kind kind, uint32_t path)
{
    struct span text;

    if (worth_telling(f, path, kind == FACT_PKG_WRITES, &text))
        tell_here(f, &(struct note){ .kind = kind, .subject = text, .flags = PKG_SURE });
}

void file_reads(struct flow *f, uint32_t path)
{
    tell_path(f, FACT_PKG_READS, path);
}

void file_writes(struct flow *f, uint32_t path)
{
    tell_path(f, FACT_PKG_WRITES, path);
}

/* ---- what stands in files ---- */

static uint32_t file_get(const struct flow *f, uint32_t store, enum slot_kind kind, uint32_t path)
{
    return store_get(f, store, slot_key(kind, path, 0), UINT32_MAX);
}

static uint32_t in_tree(struct flow *f, uint32_t store, uint32_t path)
{
    uint32_t folder = path;

    for (unsigned i = 0; i < LEVELS_MAX; i++) {
        uint32_t v = file_get(f, store, S_TREE, folder), up;

        if (v == UINT32_MAX && !val(f, fv_base(&f->values, path))->constant)
            v = file_get(f, store, S_SOME, folder);
        if (v != UINT32_MAX)
            return fv_term2(&f->values, T_MEMBER, 0, v, fv_base(&f->values, path));
        up = fv_folder(&f->values, folder);
        if (up == folder || is_term(f, up, T_ATTR))
            break;
        folder = up;
    }
    return UINT32_MAX;
}

static bool holds_file(const struct flow *f, const struct value *x)
{
    for (uint32_t i = 0; i < x->n; i++)
        if (is_object(f, x->items[i], O_FILE))
            return true;
    return false;
}

/* What the artifact put into a file of this path, or of one that it is made of. */
static uint32_t known_content(struct flow *f, uint32_t store, uint32_t path, unsigned depth)
{
    const struct value *x = val(f, path);
    uint32_t v = file_get(f, store, S_FILE, path);

    if (v != UINT32_MAX)
        return v;
    v = in_tree(f, store, path);
    if (v != UINT32_MAX || depth >= 4 || f->fuel-- <= 0)
        return v;
    if (x->kind == V_OBJ && x->sub == O_FILE) /* "/proc/self/fd/%d" of an open file */
        return known_content(f, store, x->items[0], depth + 1);
    if (!(x->kind == V_TERM && x->sub != T_SYM && x->sub != T_ENV) && x->kind != V_CONCAT &&
        x->kind != V_DICT && x->kind != V_LIST && x->kind != V_TUPLE) /* an item of them */
        return UINT32_MAX;
    if (x->kind == V_CONCAT && !holds_file(f, x))
        return UINT32_MAX;
    for (uint32_t i = 0; i < x->n && i < 8; i++) {
        v = known_content(f, store, x->items[i], depth + 1);
        if (v != UINT32_MAX && (val(f, v)->prov & P_FETCHED))
            return v;
    }
    return UINT32_MAX;
}

uint32_t file_content(struct flow *f, uint32_t store, uint32_t path)
{
    uint32_t v = known_content(f, store, path, 0), prov;
    enum place place;

    if (v != UINT32_MAX)
        return v == NONE_ ? fv_bytes(&f->values, SPAN_EMPTY) : v;
    place = place_of(f, path);
    prov = place == PLACE_OWN ? P_OWN : place == PLACE_WRITABLE ? P_FILE : P_UNKNOWN;
    if (place != PLACE_OWN && is_private_path(f, path))
        prov |= P_PRIVATE;
    return fv_make(
        &f->values,
        (struct value){ .kind = V_TERM, .sub = T_FILE, .prov = prov, .items = &path, .n = 1 });
}

static void first(void *arg, uint32_t token, enum checked status)
{
    uint32_t *out = arg;

    (void)status;
    if (!*out)
        *out = token + 1;
}

static void note_written(struct flow *f, uint32_t store, uint32_t path, uint32_t content)
{
    uint32_t token = 0, folder;

    tokens_of(f, store, content, true, first, &token);
    if (!token)
        return;
    folder = fv_folder(&f->values, path);
    f->written = map_set(&f->maps, f->written, path, token);
    f->written = map_set(&f->maps, f->written, folder, token);
    for (uint32_t i = 0; is_term(f, folder, T_EITHER) && i < val(f, folder)->n; i++)
        f->written = map_set(&f->maps, f->written, val(f, folder)->items[i], token);
}

uint32_t file_set(struct flow *f, uint32_t store, uint32_t path, uint32_t content)
{
    bool open = tokens_of(f, store, content, false, NULL, NULL);

    note_written(f, store, path, content);
    if (val(f, content)->prov & P_FETCHED)
        store = store_set(f, store, slot_key(S_SOME, fv_folder(&f->values, path), 0), content);
    store = store_set(f, store, slot_key(S_FINAL, path, 0), open ? 1 : 0);
    return store_set(f, store, slot_key(S_FILE, path, 0), content);
}

uint32_t file_move(struct flow *f, uint32_t store, uint32_t from, uint32_t to, bool copy)
{
    uint32_t tree = file_get(f, store, S_TREE, from);

    if (tree != UINT32_MAX) {
        note_written(f, store, to, tree);
        store = store_set(f, store, slot_key(S_TREE, to, 0), tree);
    }
    store = file_set(f, store, to, file_content(f, store, from));
    return copy ? store : store_set(f, store, slot_key(S_FILE, from, 0), NONE_);
}

uint32_t file_path(struct flow *f, uint32_t v)
{
    const struct value *x = val(f, v);

    if (x->kind == V_OBJ && x->n && (x->sub == O_FILE || x->sub == O_TEMP || x->sub == O_SPEC))
        return x->items[0];
    return v;
}

uint32_t object_bytes(struct flow *f, uint32_t store, uint32_t v)
{
    const struct value *x = val(f, v);

    if (x->kind == V_BOX)
        return box_items(f, store, v);
    if (x->kind != V_OBJ)
        return v;
    switch (x->sub) {
    case O_RESPONSE:
    case O_ARCHIVE:
        return x->items[0];
    case O_FILE:
        return x->n > 2 ? x->items[2] : file_content(f, store, x->items[0]);
    case O_MEMORY:
        return store_get(f, store, slot_key(S_ITEMS, v, 0), fv_bytes(&f->values, SPAN_EMPTY));
    default:
        return v;
    }
}

static bool is_empty(const struct flow *f, uint32_t v)
{
    const struct value *x = val(f, v);

    return v == NONE_ || ((x->kind == V_BYTES || x->kind == V_TEXT) && x->a == 0);
}

static uint32_t appended(struct flow *f, uint32_t old, uint32_t more)
{
    const struct value *x = val(f, old);

    if (is_empty(f, old) || old == more)
        return more;
    if (x->kind == V_CONCAT && x->items[x->n - 1] == more)
        return old; /* the next turn of a loop */
    return fv_concat(&f->values, (uint32_t[]){ old, more }, 2);
}

uint32_t object_write(struct flow *f, uint32_t store, uint32_t object, uint32_t bytes)
{
    const struct value *o = val(f, object);
    uint32_t old;

    if (o->kind != V_OBJ)
        return store;
    if (o->sub == O_MEMORY) {
        old = object_bytes(f, store, object);
        return store_set(f, store, slot_key(S_ITEMS, object, 0), appended(f, old, bytes));
    }
    if (o->sub != O_FILE)
        return store;
    old = file_get(f, store, S_FILE, o->items[0]);
    return file_set(f, store, o->items[0], old == UINT32_MAX ? bytes : appended(f, old, bytes));
}
