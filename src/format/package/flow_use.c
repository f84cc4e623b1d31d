/* Fetches, and uses of what was fetched, with how it was checked by then. */
#include "format/package/flow_run.h"

/* Grows a list in the arena by one; NULL without room. */
static void *grown(struct flow *f, void *list, uint32_t n, uint32_t *size, size_t each)
{
    uint32_t more = *size ? 2 * *size : 64;
    void *out;

    if (n < *size)
        return list;
    out = arena_array(&f->arena, more, each);
    if (!out) {
        f->failed = true;
        return NULL;
    }
    if (n)
        memcpy(out, list, n * each);
    *size = more;
    return out;
}

/* ---- fetches ---- */

static uint32_t token_find(const struct flow *f, uint32_t module, uint32_t off, uint32_t url)
{
    for (uint32_t i = 0; i < f->tokens_n; i++)
        if (f->tokens[i].module == module && f->tokens[i].off == off && f->tokens[i].url == url)
            return i;
    return UINT32_MAX;
}

/* What the services of clouds tell a machine about itself holds its keys. */
static bool is_metadata(struct flow *f, uint32_t url)
{
    struct span text = print_value(f, url);

    return span_find(text, 0, SPAN_LITERAL("169.254.169.254")) != SIZE_MAX ||
           span_find(text, 0, SPAN_LITERAL("metadata.google.internal")) != SIZE_MAX;
}

static uint32_t data_of(struct flow *f, uint32_t token, uint32_t url)
{
    return fv_make(&f->values,
                   (struct value){ .kind = V_DATA,
                                   .a = token,
                                   .prov = P_FETCHED | (is_metadata(f, url) ? P_PRIVATE : 0U) });
}

static uint32_t token_add(struct flow *f, const struct call *c, struct span subject, uint32_t url)
{
    struct token *t;

    if (f->tokens_n == TOKENS_MAX)
        return TOKENS_MAX - 1;
    t = &f->tokens[f->tokens_n];
    *t = (struct token){ .module = f->frame->module,
                         .off = c->off,
                         .url = url,
                         .subject = ir_name(&f->names, subject) };
    t->data = data_of(f, f->tokens_n, url);
    return f->tokens_n++;
}

uint32_t fetch_made(struct flow *f, const struct call *c, struct span subject, uint32_t url)
{
    uint32_t i = token_find(f, f->frame->module, c->off, url);
    struct token *t;
    struct span text;

    if (i == UINT32_MAX)
        i = token_add(f, c, subject, url);
    t = &f->tokens[i];
    if (f->quiet)
        return t->data;
    f->fetched = f->fetched || f->when == f->root_when;
    t->trail = trail_join(f, t->trail, c->trail);
    if (!t->when || f->when < t->when || !t->chain) {
        t->when |= f->when;
        t->chain = chain_here(f, subject);
    }
    text = print_value(f, url);
    if (f->when & (PKG_ON_START | PKG_ON_IMPORT | PKG_ON_INSTALL))
        tell_here(
            f, &(struct note){
                   .kind = FACT_PKG_FETCH, .subject = subject, .source = text, .flags = PKG_SURE });
    return t->data;
}

/* ---- uses ---- */

static uint32_t use_find(struct flow *f, const struct call *c, uint32_t subject, unsigned flags,
                         uint32_t path)
{
    uint64_t key =
        (((uint64_t)f->frame->module * 0x9e3779b97f4a7c15U + c->off) * 0xbf58476d1ce4e5b9U +
         subject) *
            0x94d049bb133111ebU +
        flags;
    uint32_t i = map_get(&f->maps, f->use_index, key, 0);
    struct use *list;

    if (i) {
        f->uses[i - 1].when |= f->when;
        return i - 1;
    }
    list = grown(f, f->uses, f->uses_n, &f->uses_size, sizeof *list);
    if (!list)
        return UINT32_MAX;
    f->uses = list;
    list[f->uses_n] = (struct use){ .module = f->frame->module,
                                    .off = c->off,
                                    .subject = subject,
                                    .flags = flags,
                                    .when = f->when,
                                    .function = f->frame->function,
                                    .path = path,
                                    .chain = chain_here(f, flow_text(f, subject)) };
    f->use_index = map_set(&f->maps, f->use_index, key, ++f->uses_n);
    return f->uses_n - 1;
}

static void seen_add(struct flow *f, struct seen s)
{
    uint64_t key =
        (uint64_t)s.use << 44 ^ (uint64_t)s.token << 32 ^ (uint64_t)s.status << 60 ^ s.trail;
    struct seen *list;

    if (map_get(&f->maps, f->seen_index, key, 0))
        return;
    list = grown(f, f->seen, f->seen_n, &f->seen_size, sizeof *list);
    if (!list)
        return;
    f->seen = list;
    list[f->seen_n++] = s;
    f->seen_index = map_set(&f->maps, f->seen_index, key, 1);
}

struct noting {
    struct flow *f;
    struct seen s;
};

static void note_seen(void *arg, uint32_t token, enum checked status)
{
    struct noting *n = arg;

    n->s.token = token;
    n->s.status = status;
    seen_add(n->f, n->s);
}

/* The file that a value was read from, if nothing is known of what stands in it; else NOTHING. */
static uint32_t unread_file(const struct flow *f, uint32_t v, unsigned depth)
{
    const struct value *x = val(f, v);

    if (!(x->prov & P_FILE) || depth > 8)
        return NOTHING;
    if (x->kind == V_TERM && x->sub == T_FILE)
        return v;
    for (uint32_t i = 0; i < x->n; i++) {
        uint32_t one = unread_file(f, x->items[i], depth + 1);

        if (one)
            return one;
    }
    return NOTHING;
}

static void note_file(struct flow *f, const struct call *c, uint32_t use, uint32_t content)
{
    uint32_t file = unread_file(f, content, 0);
    enum checked status;

    if (!file)
        return;
    status = (enum checked)store_get(f, c->store, slot_key(S_STATUS, file, 0), CHECKED_NOT);
    f->uses[use].path = val(f, file)->items[0];
    seen_add(f,
             (struct seen){ .use = use, .token = TOKENS_MAX, .status = status, .trail = c->trail });
}

/* A module or library in the artifact's own folder: the next import loads it. */
static bool is_code_here(struct flow *f, uint32_t path)
{
    static const char *const ends[] = { ".py", ".so", ".pyd", ".pth", ".dll", ".dylib", ".pyc" };
    struct span text = print_value(f, path);

    if (!(val(f, path)->prov & P_OWN))
        return false;
    for (unsigned i = 0; i < ARRAY_LEN(ends); i++)
        if (span_ends(text, span_text(ends[i])))
            return true;
    return false;
}

void use_bytes(struct flow *f, const struct call *c, const char *subject, unsigned flags,
               uint32_t content, uint32_t path)
{
    struct noting n = { .f = f, .s = { .trail = c->trail } };
    bool file = (val(f, content)->prov & P_FILE) && !(flags & PKG_USE_WRITE);

    if (f->quiet || (!(val(f, content)->prov & P_FETCHED) && !file))
        return;
    if ((flags & PKG_USE_WRITE) && path && is_code_here(f, path))
        flags |= PKG_USE_LOAD;
    n.s.use = use_find(f, c, flow_name(f, subject), flags, path);
    if (n.s.use == UINT32_MAX)
        return;
    tokens_of(f, c->store, content, true, note_seen, &n);
    if (file && (flags & (PKG_USE_LOAD | PKG_USE_EXEC | PKG_USE_PATH)))
        note_file(f, c, n.s.use, content);
    if (path && (flags & PKG_USE_LOAD) &&
        map_get(&f->maps, c->store, slot_key(S_FINAL, path, 0), 0) &&
        !map_get(&f->maps, f->removed, path, 0) && !(val(f, path)->prov & P_TEMP) &&
        status_of(f, c->store, content) == CHECKED_PIN)
        tell_here(f, &(struct note){ .kind = FACT_PKG_FINAL_NAME,
                                     .subject = span_text(subject),
                                     .source = print_value(f, path),
                                     .flags = PKG_SURE });
}

void use_path(struct flow *f, const struct call *c, const char *subject, unsigned flags,
              uint32_t path)
{
    path = file_path(f, path);
    use_bytes(f, c, subject, flags, file_content(f, c->store, path), path);
}
