/*
 * What functions outside of the artifact do: rows of models.def, a function here for each
 * effect. What has no row is taken to be made of its arguments, and to change nothing.
 */
#include "format/package/flow_effect.h"

/* ---- texts, paths, plain values ---- */

uint32_t effect_value(struct effect_call *e)
{
    uint32_t list[ARGS_MAX * 2 + 2], n = 0;
    const struct call *c = e->c;

    if (c->self)
        list[n++] = box_items(e->f, c->store, c->self);
    if (c->rest)
        list[n++] = object_bytes(e->f, c->store, c->rest);
    for (uint32_t i = 0; i < c->n; i++)
        list[n++] = object_bytes(e->f, c->store, c->args[i]);
    for (uint32_t i = 0; i < c->keys_n; i++)
        list[n++] = object_bytes(e->f, c->store, c->values[i]);
    return fv_term(&e->f->values, T_CALL, ir_name(&e->f->names, e->name), list, n);
}

static void give(struct effect_call *e, uint32_t v)
{
    returns(e->f, e->out, e->c, v);
}

static bool given(const struct effect_call *e)
{
    uint32_t v;

    return call_has(e->f, e->c, e->m->a, e->m->a_key, &v);
}

static uint32_t symbol(struct effect_call *e, const char *name, uint32_t prov)
{
    return fv_make(&e->f->values, (struct value){ .kind = V_TERM,
                                                  .sub = T_SYM,
                                                  .a = flow_name(e->f, name),
                                                  .b = e->c->off,
                                                  .prov = prov });
}

static void do_pure(struct effect_call *e)
{
    uint32_t v = effect_value(e), prov = val(e->f, v)->prov;

    if ((prov & P_ENVIRON) && span_find(e->name, 0, SPAN_LITERAL("dumps")) != SIZE_MAX)
        tell_here(e->f, &(struct note){ .kind = FACT_PKG_ENVIRON, .subject = e->name });
    if (prov & (P_FETCHED | P_FILE))
        call_may_raise(e->f, e->c, flow_name(e->f, "ValueError"), e->out);
    give(e, v);
}

static void do_same(struct effect_call *e)
{
    if (given(e)) {
        if (span_ends(e->name, SPAN_LITERAL("Request")))
            effect_sends(e);
        give(e, e->a);
        return;
    }
    give(e,
         fv_make(&e->f->values, (struct value){ .kind = V_OBJ, .sub = O_MEMORY, .b = e->c->off }));
}

/* Who sits at the machine, and which it is: where nobody asked for it, to be kept. */
static bool is_identity(struct span name)
{
    static const char *const all[] = { "getpass.getuser", "os.getlogin",   "socket.gethostname",
                                       "socket.getfqdn",  "platform.node", "platform.uname",
                                       "os.uname",        "uuid.getnode" };

    for (unsigned i = 0; i < ARRAY_LEN(all); i++)
        if (span_is(name, all[i]))
            return true;
    return false;
}

static void do_platform(struct effect_call *e)
{
    bool asked = e->f->when == PKG_ON_CALL || e->f->quiet;
    char text[120];

    snprintf(text, sizeof text, "%.*s()", (int)e->name.n, (const char *)e->name.p);
    give(e, fv_sym(&e->f->values, text,
                   P_PLATFORM | (!asked && is_identity(e->name) ? P_PRIVATE : 0U)));
}

static void do_random(struct effect_call *e)
{
    give(e, symbol(e, "random", P_RANDOM));
}

static void do_exit(struct effect_call *e)
{
    if (span_is(e->name, "os._exit"))
        return;
    outcome_add(e->f, e->out,
                (struct outcome){
                    .raised = true,
                    .value = fv_term(&e->f->values, T_EXC, flow_name(e->f, "SystemExit"), NULL, 0),
                    .store = e->c->store,
                    .trail = e->c->trail });
}

static void do_join(struct effect_call *e)
{
    uint32_t v = e->m->a == SELF ? file_path(e->f, e->c->self) : NOTHING;
    uint32_t i = 0;

    if (e->m->a != SELF) {
        v = e->c->n ? file_path(e->f, e->c->args[0]) : fv_text(&e->f->values, SPAN_LITERAL("."));
        i = 1;
    }
    for (; i < e->c->n; i++)
        v = fv_below(&e->f->values, v, file_path(e->f, e->c->args[i]));
    give(e, v);
}

static void do_folder(struct effect_call *e)
{
    give(e, fv_folder(&e->f->values, e->a));
}

static void do_base(struct effect_call *e)
{
    give(e, fv_base(&e->f->values, e->a));
}

static void do_sibling(struct effect_call *e)
{
    struct values *vs = &e->f->values;

    if (span_is(e->name, ".with_suffix"))
        give(e, fv_concat(vs, (uint32_t[]){ e->a, e->b }, 2));
    else
        give(e, fv_below(vs, fv_folder(vs, e->a), e->b));
}

static void do_home(struct effect_call *e)
{
    uint32_t home = fv_sym(&e->f->values, "~", P_HOME);

    if (e->m->word && *e->m->word)
        home = fv_below(&e->f->values, home, fv_text(&e->f->values, span_text(e->m->word)));
    give(e, home);
}

static void do_user_dir(struct effect_call *e)
{
    static const struct {
        const char *word, *path;
    } known[] = {
        { "user_cache_dir", "~/.cache" },
        { "user_config_dir", "~/.config" },
        { "user_data_dir", "~/.local/share" },
        { "user_state_dir", "~/.local/state" },
        { "site_dir", "/usr/share" },
        { "user_site", "~/.local/lib/python3/site-packages" },
    };
    const char *path = e->m->word ? e->m->word : "~/.cache";

    for (unsigned i = 0; i < ARRAY_LEN(known); i++)
        if (strcmp(path, known[i].word) == 0)
            path = known[i].path;
    give(e, fv_sym(&e->f->values, path, P_HOME));
}

static void do_expand(struct effect_call *e)
{
    struct span text = fv_string(&e->f->values, e->a);
    uint32_t home = fv_sym(&e->f->values, "~", P_HOME);

    if (val(e->f, e->a)->kind == V_TEXT && text.n && text.p[0] == '~')
        give(e, fv_concat(&e->f->values,
                          (uint32_t[]){ home, fv_text(&e->f->values, span_from(text, 1)) }, 2));
    else
        give(e, e->a);
}

static uint32_t open_file(struct effect_call *e, uint32_t path, const char *mode)
{
    uint32_t items[2] = { path, fv_text(&e->f->values, span_text(mode)) };

    return fv_make(
        &e->f->values,
        (struct value){ .kind = V_OBJ, .sub = O_FILE, .b = e->c->off, .items = items, .n = 2 });
}

static void do_temp(struct effect_call *e)
{
    struct flow *f = e->f;
    uint32_t path = symbol(e, "{tmp}", P_TEMP), folder = call_get(f, e->c, -9, "dir"), file;
    const char *word = e->m->word ? e->m->word : "path";

    if (folder && folder != NONE_)
        path = fv_below(&f->values, folder, path);
    if (strcmp(word, "path") == 0) {
        give(e, path);
        return;
    }
    if (strcmp(word, "dir") == 0) {
        give(e, fv_make(&f->values,
                        (struct value){ .kind = V_OBJ, .sub = O_TEMP, .items = &path, .n = 1 }));
        return;
    }
    file = open_file(e, path, "w+b");
    e->c->store = store_set(f, e->c->store, slot_key(S_FILE, path, 0), NONE_);
    if (strcmp(word, "pair") == 0)
        file =
            fv_make(&f->values,
                    (struct value){ .kind = V_TUPLE, .items = (uint32_t[]){ file, path }, .n = 2 });
    give(e, file);
}

static void do_env(struct effect_call *e)
{
    uint32_t name = val(e->f, e->a)->kind == V_TEXT ? val(e->f, e->a)->a : 0;
    struct value v = { .kind = V_TERM, .sub = T_ENV, .a = name, .prov = P_ENV };

    v.prov |= secret_of(e->f, e->a);
    v.items = &e->b;
    v.n = e->b && e->b != NONE_ ? 1 : 0;
    give(e, fv_make(&e->f->values, v));
}

static void do_resource(struct effect_call *e)
{
    struct values *vs = &e->f->values;
    uint32_t path = fv_sym(vs, "{package}", P_OWN);

    if (e->b)
        path = fv_below(vs, path, e->b);
    if (e->m->word && strcmp(e->m->word, "data") == 0)
        path = fv_term1(vs, T_FILE, 0, path);
    give(e, path);
}

/* One of what stands behind a * that is not known. */
static uint32_t rest_of(struct effect_call *e)
{
    return e->c->rest ? fv_term1(&e->f->values, T_EACH, 0, e->c->rest) : NOTHING;
}

static uint32_t format_field(struct effect_call *e, struct span field, uint32_t *next)
{
    size_t n = 0;
    uint32_t v;

    while (n < field.n && field.p[n] != ':' && field.p[n] != '!' && field.p[n] != '.' &&
           field.p[n] != '[')
        n++;
    if (n == 0)
        return *next < e->c->n ? e->c->args[(*next)++] : rest_of(e);
    if (field.p[0] >= '0' && field.p[0] <= '9')
        return (uint32_t)(field.p[0] - '0') < e->c->n ? e->c->args[field.p[0] - '0'] : rest_of(e);
    for (uint32_t k = 0; k < e->c->keys_n; k++)
        if (span_equal(flow_text(e->f, e->c->keys[k]), span_of(field.p, n)))
            return e->c->values[k];
    v = fv_unknown(&e->f->values, P_UNKNOWN);
    return v;
}

static void do_format(struct effect_call *e)
{
    struct span text = fv_string(&e->f->values, e->c->self), part, field;
    uint32_t list[48], n = 0, next = 0;
    size_t at = 0;

    if (val(e->f, e->c->self)->kind != V_TEXT) {
        give(e, effect_value(e));
        return;
    }
    while (n + 3 < 48) {
        size_t open = span_find(text, at, SPAN_LITERAL("{")), close;

        if (open == SIZE_MAX || (close = span_find(text, open, SPAN_LITERAL("}"))) == SIZE_MAX)
            break;
        if (span_sub(text, at, open - at, &part))
            list[n++] = fv_text(&e->f->values, part);
        if (span_sub(text, open + 1, close - open - 1, &field))
            list[n++] = format_field(e, field, &next);
        at = close + 1;
    }
    list[n++] = fv_text(&e->f->values, span_from(text, at));
    give(e, fv_concat(&e->f->values, list, n));
}

static void do_table_get(struct effect_call *e)
{
    struct flow *f = e->f;
    uint32_t table = box_items(f, e->c->store, e->c->self), v;
    const struct value *t = val(f, table);
    uint32_t otherwise = e->b ? e->b : NONE_;

    if (t->kind == V_EXTERN && span_is(fv_string(&f->values, table), "os.environ")) {
        do_env(e);
        return;
    }
    if (t->kind == V_DICT) {
        v = item_get(f, e->c->store, table, e->a);
        if (!is_term(f, v, T_ITEM))
            give(e, v);
        else if (val(f, e->a)->constant && t->n && val(f, t->items[0])->constant)
            give(e, otherwise);
        else if (otherwise == NONE_)
            give(e, fv_term2(&f->values, T_GET, 0, table, e->a));
        else
            give(e, fv_either(&f->values, v, otherwise));
        return;
    }
    give(e, fv_term2(&f->values, T_GET, 0, table, e->a));
}

/* ---- network ---- */

/* A context that was told to verify nothing. */
static bool is_unverified(struct effect_call *e, uint32_t v)
{
    struct flow *f = e->f;
    uint32_t mode =
        store_get(f, e->c->store, slot_key(S_ATTR, v, flow_name(f, "verify_mode")), NOTHING);

    return v && span_ends(fv_string(&f->values, mode), SPAN_LITERAL("CERT_NONE"));
}

/* verify=False and its kin. */
static void tell_unverified(struct effect_call *e)
{
    static const char *const keys[] = { "verify", "verify_ssl", "ssl", "cert_reqs", "context" };
    static const char *const off[] = { "CERT_NONE", "_create_unverified_context" };

    for (unsigned i = 0; i < ARRAY_LEN(keys); i++) {
        uint32_t v = call_get(e->f, e->c, -9, keys[i]);
        struct span text = fv_string(&e->f->values, v);
        bool is = (v == FALSE_ && i < 2) || is_unverified(e, v);

        if (v == FALSE_ && i == 2) /* of others it says http: */
            is = span_starts(e->name, SPAN_LITERAL("aiohttp")) || e->name.p[0] == '.';
        for (unsigned k = 0; k < ARRAY_LEN(off); k++)
            is = is || span_ends(text, span_text(off[k]));
        if (is)
            tell_here(e->f, &(struct note){
                                .kind = FACT_PKG_TLS_OFF, .subject = e->name, .flags = PKG_SURE });
    }
}

/* GITHUB_TOKEN for api.github.com: the name before the host's last dot is the variable's first. */
static bool is_issuer(const struct effect_call *e, struct span variable)
{
    struct span url = print_value(e->f, e->a), host = SPAN_EMPTY;
    size_t at = span_find(url, 0, SPAN_LITERAL("://")), n = 0, dot, from;

    if (at == SIZE_MAX)
        return false;
    host = span_from(url, at + 3);
    while (n < host.n && host.p[n] != '/' && host.p[n] != ':' && host.p[n] != '?' &&
           host.p[n] != '@' && host.p[n] != '{')
        n++;
    for (dot = n; dot > 0 && host.p[dot - 1] != '.'; dot--)
        continue;
    for (from = dot ? --dot : 0; from > 0 && host.p[from - 1] != '.'; from--)
        continue;
    if (dot - from < 3 || variable.n <= dot - from || variable.p[dot - from] != '_')
        return false;
    for (size_t i = from; i < dot; i++)
        if ((variable.p[i - from] | 32) != host.p[i])
            return false;
    return true;
}

/* Whether private things are in it; a variable by its name is what a caller has set for this. */
static bool is_taken(const struct effect_call *e, uint32_t v, unsigned depth)
{
    const struct flow *f = e->f;
    const struct value *x = val(f, v);
    bool made = false; /* of others that are private */

    if (!(x->prov & P_PRIVATE))
        return false;
    if (depth > 8 || is_term(f, v, T_FILE))
        return true;
    if (x->kind == V_TERM && x->sub == T_ENV)
        return f->when != PKG_ON_CALL && !is_issuer(e, flow_text(f, x->a));
    if (x->kind == V_TERM && (x->prov & P_PLATFORM) && f->when == PKG_ON_CALL)
        return false;
    for (uint32_t i = 0; i < x->n; i++) {
        made = made || (val(f, x->items[i])->prov & P_PRIVATE);
        if (is_taken(e, x->items[i], depth + 1))
            return true;
    }
    return !made;
}

static uint32_t private_in(const struct effect_call *e)
{
    const struct call *c = e->c;

    for (uint32_t i = 0; i < c->n; i++)
        if (is_taken(e, box_items(e->f, c->store, c->args[i]), 0))
            return c->args[i];
    for (uint32_t i = 0; i < c->keys_n; i++)
        if (is_taken(e, box_items(e->f, c->store, c->values[i]), 0))
            return c->values[i];
    return NOTHING;
}

static void do_nothing(struct effect_call *e)
{
    if (span_ends(e->name, SPAN_LITERAL("HTTPSHandler"))) /* of a client that is made with it */
        tell_unverified(e);
    give(e, fv_term(&e->f->values, T_CALL, ir_name(&e->f->names, e->name), NULL, 0));
}

void effect_sends(struct effect_call *e)
{
    uint32_t what = private_in(e);

    if (!what)
        return;
    tell_here(e->f, &(struct note){ .kind = FACT_PKG_SENDS,
                                    .subject = e->name,
                                    .because = print_value(e->f, what),
                                    .flags = PKG_SURE });
}

uint32_t effect_fetch(struct effect_call *e, uint32_t url)
{
    uint32_t data;

    effect_sends(e);
    url = file_path(e->f, url);
    data = fetch_made(e->f, e->c, e->name, url);
    tell_unverified(e);
    e->c->store = store_set(e->f, e->c->store, slot_key(S_STATUS, data, 0), CHECKED_NOT);
    return data;
}

/* A function that is given to a fetch is called with the bytes: ftp.retrbinary(x, out.write). */
static void hand_on(struct effect_call *e, uint32_t data)
{
    for (uint32_t i = 0; i < e->c->n; i++) {
        struct call inner = { .callee = e->c->args[i], .store = e->c->store, .n = 1 };
        struct outcomes here = { .n = 0 };

        if (!is_term(e->f, inner.callee, T_ATTR) && val(e->f, inner.callee)->kind != V_FUNC &&
            val(e->f, inner.callee)->kind != V_BOUND)
            continue;
        inner.args[0] = data;
        inner.trail = e->c->trail;
        inner.off = e->c->off;
        call_run(e->f, &inner, &here);
        for (uint32_t k = 0; k < here.n; k++)
            if (!here.list[k].raised)
                e->c->store = here.list[k].store;
    }
}

static void do_fetch(struct effect_call *e)
{
    struct call before = *e->c;
    uint32_t data = effect_fetch(e, e->a);

    call_may_raise(e->f, &before, flow_name(e->f, "urllib.error.HTTPError"), e->out);
    call_may_raise(e->f, &before, 0, e->out);
    hand_on(e, data);
    give(e,
         fv_make(&e->f->values,
                 (struct value){
                     .kind = V_OBJ, .sub = O_RESPONSE, .b = e->c->off, .items = &data, .n = 1 }));
}

/* urlretrieve(url, path, reporthook): it is called as the file grows, and when it is whole. */
static void call_hook(struct effect_call *e)
{
    uint32_t hook = call_get(e->f, e->c, 2, "reporthook");

    if (val(e->f, hook)->kind == V_FUNC || val(e->f, hook)->kind == V_BOUND)
        apply_hook(e->f, hook, &e->c->store, e->c->trail, e->c->off);
}

static void do_fetch_file(struct effect_call *e)
{
    struct call before = *e->c;
    uint32_t data = effect_fetch(e, e->a), path = file_path(e->f, e->b);

    if (!path)
        path = symbol(e, "{tmp}", P_TEMP);
    use_bytes(e->f, e->c, "urlretrieve", PKG_USE_WRITE, data, path);
    call_may_raise(e->f, &before, 0, e->out);
    e->c->store = file_set(e->f, e->c->store, path, data);
    call_hook(e);
    if (e->m->word && strcmp(e->m->word, "tree") == 0)
        e->c->store = store_set(e->f, e->c->store, slot_key(S_TREE, path, 0), data);
    give(e, fv_make(
                &e->f->values,
                (struct value){ .kind = V_TUPLE, .items = (uint32_t[]){ path, NOTHING }, .n = 2 }));
}

/* It compares the bytes with a digest itself, where one is given. */
static void do_fetch_pinned(struct effect_call *e)
{
    struct flow *f = e->f;
    struct call before = *e->c;
    uint32_t data = effect_fetch(e, e->a), path = symbol(e, "{download}", P_HOME);

    call_may_raise(f, &before, 0, e->out);
    if (e->b && e->b != NONE_)
        e->c->store = check_made(f, e->c->store, data, e->b, 0, false);
    e->c->store = file_set(f, e->c->store, path, data);
    give(e, path);
}

static void do_fetch_run(struct effect_call *e)
{
    char *name = arena_copy(&e->f->arena, e->name.p, e->name.n);
    uint32_t data = effect_fetch(e, e->a);

    use_bytes(e->f, e->c, name ? name : "?", PKG_USE_EXEC, data, 0);
    give(e, effect_value(e));
}

/* What is called in another thread, or later: what it raises stops nobody, nor does its not ending.
 */
static void call_later(struct effect_call *e, struct outcomes *here)
{
    for (uint32_t i = 0; i < here->n; i++) {
        if (here->list[i].raised)
            here->list[i].value = NONE_;
        here->list[i].raised = false;
    }
    if (here->n == 0)
        returns(e->f, here, e->c, NONE_);
}

/* It calls a function that it is given, now or later, with arguments of its own. */
static void do_call(struct effect_call *e)
{
    struct flow *f = e->f;
    struct call inner = { .callee = e->a, .store = e->c->store, .trail = e->c->trail };
    const struct value *args = val(f, box_items(f, e->c->store, e->b));
    struct outcomes here = { .n = 0 };
    bool tries = f->frame->tries;

    inner.off = e->c->off;
    if (args->kind == V_TUPLE || args->kind == V_LIST) {
        for (uint32_t i = 0; i < args->n && inner.n < ARGS_MAX; i++)
            inner.args[inner.n++] = args->items[i];
    } else if (e->m->a >= 0) {
        for (uint32_t i = (uint32_t)e->m->a + 1; i < e->c->n; i++)
            inner.args[inner.n++] = e->c->args[i];
    }
    f->frame->tries = tries || e->m->word;
    call_run(f, &inner, &here);
    f->frame->tries = tries;
    if (e->m->word)
        call_later(e, &here);
    for (uint32_t i = 0; i < here.n; i++) {
        if (here.list[i].value == NONE_) /* a thread or a future, which has methods */
            here.list[i].value = fv_term(&f->values, T_CALL, ir_name(&f->names, e->name), NULL, 0);
        outcome_add(f, e->out, here.list[i]);
    }
}

static void do_send(struct effect_call *e)
{
    effect_sends(e);
    do_nothing(e);
}

static void do_client(struct effect_call *e)
{
    tell_unverified(e);
    give(e,
         fv_make(&e->f->values, (struct value){ .kind = V_OBJ,
                                                .sub = O_CLIENT,
                                                .a = e->m->word ? flow_name(e->f, e->m->word) : 0,
                                                .b = e->c->off }));
}

static void do_tls_off(struct effect_call *e)
{
    tell_here(e->f,
              &(struct note){ .kind = FACT_PKG_TLS_OFF, .subject = e->name, .flags = PKG_SURE });
    give(e, effect_value(e));
}

/* ---- files ---- */

static void do_member(struct effect_call *e)
{
    uint32_t bytes = object_bytes(e->f, e->c->store, e->c->self);

    give(e, fv_term2(&e->f->values, T_MEMBER, 0, bytes, e->c->n ? e->c->args[0] : NOTHING));
}

static bool writes(struct span mode)
{
    return span_find(mode, 0, SPAN_LITERAL("w")) != SIZE_MAX ||
           span_find(mode, 0, SPAN_LITERAL("x")) != SIZE_MAX;
}

static void do_open(struct effect_call *e)
{
    struct flow *f = e->f;
    struct span mode = fv_string(&f->values, e->b);
    uint32_t path = file_path(f, e->a);

    if (is_object(f, e->a, O_ARCHIVE)) {
        do_member(e);
        return;
    }
    if (is_object(f, e->a, O_RESPONSE) || is_object(f, e->a, O_MEMORY)) {
        give(e, e->a);
        return;
    }
    if (val(f, e->b)->kind != V_TEXT)
        mode = SPAN_LITERAL("r");
    if (writes(mode) || span_find(mode, 0, SPAN_LITERAL("a")) != SIZE_MAX)
        file_writes(f, path);
    else
        file_reads(f, path);
    call_may_raise(f, e->c, flow_name(f, "OSError"), e->out);
    if (writes(mode))
        e->c->store = store_set(f, e->c->store, slot_key(S_FILE, path, 0), NONE_);
    give(e, open_file(e, path, writes(mode) ? "w" : "r"));
}

/* Whether what runs is within a loop, here or where it is called. */
static bool turns(const struct flow *f)
{
    for (const struct frame *fr = f->frame; fr; fr = fr->caller) {
        const struct flow_shape *shape = &f->modules[fr->module].shapes[fr->function];

        if (shape->turns && shape->turns[fr->pc])
            return true;
    }
    return f->turning != 0;
}

/* read(n) that is asked once gives the first bytes, which need not be all. */
static uint32_t read_once(struct effect_call *e, uint32_t bytes)
{
    struct span name = e->name;

    if (e->c->n != 1 || val(e->f, e->c->args[0])->kind != V_INT || !span_is(name, ".read") ||
        fv_number(val(e->f, e->c->args[0])) <= 0 || turns(e->f))
        return bytes;
    return fv_term2(&e->f->values, T_SLICE, 0, bytes, e->c->args[0]);
}

static void do_read(struct effect_call *e)
{
    uint32_t self = e->m->a == SELF ? e->c->self : e->a;

    if (is_object(e->f, self, O_ARCHIVE) && e->c->n) {
        do_member(e);
        return;
    }
    if (val(e->f, self)->prov & (P_FETCHED | P_FILE))
        call_may_raise(e->f, e->c, 0, e->out);
    give(e, read_once(e, object_bytes(e->f, e->c->store, self)));
}

static void do_write(struct effect_call *e)
{
    struct flow *f = e->f;
    uint32_t bytes = object_bytes(f, e->c->store, e->a);
    uint32_t object = e->c->self ? e->c->self : e->c->n ? e->c->args[0] : NOTHING;

    if (is_object(f, object, O_ARCHIVE)) /* a file is put into it */
        file_reads(f, e->a);

    if (is_object(f, object, O_MEMORY) && val(f, object)->a == MEMORY_RUNS &&
        (val(f, bytes)->prov & P_FETCHED))
        use_bytes(f, e->c, "mmap.write", PKG_USE_EXEC, bytes, 0);
    if (is_object(f, object, O_FILE)) {
        use_bytes(f, e->c, "write", PKG_USE_WRITE, bytes, val(f, object)->items[0]);
        call_may_raise(f, e->c, flow_name(f, "OSError"), e->out);
    }
    e->c->store = object_write(f, e->c->store, object, bytes);
    give(e, fv_term1(&f->values, T_LEN, 0, bytes));
}

static void do_read_path(struct effect_call *e)
{
    if (is_object(e->f, e->a, O_RESPONSE)) {
        give(e, object_bytes(e->f, e->c->store, e->a));
        return;
    }
    file_reads(e->f, e->a);
    call_may_raise(e->f, e->c, flow_name(e->f, "OSError"), e->out);
    give(e, file_content(e->f, e->c->store, file_path(e->f, e->a)));
}

static void do_write_path(struct effect_call *e)
{
    uint32_t path = file_path(e->f, e->a);

    file_writes(e->f, path);
    use_bytes(e->f, e->c, "write", PKG_USE_WRITE, object_bytes(e->f, e->c->store, e->b), path);
    call_may_raise(e->f, e->c, flow_name(e->f, "OSError"), e->out);
    e->c->store = file_set(e->f, e->c->store, path, object_bytes(e->f, e->c->store, e->b));
    give(e, fv_term1(&e->f->values, T_LEN, 0, e->b));
}

static void move_or_copy(struct effect_call *e, bool copy)
{
    struct flow *f = e->f;
    uint32_t from = file_path(f, e->a), to = file_path(f, e->b);

    if (copy)
        file_reads(f, from);
    file_writes(f,
                span_find(print_value(f, fv_base(&f->values, to)), 0, SPAN_LITERAL(".")) == SIZE_MAX
                    ? fv_below(&f->values, to, fv_base(&f->values, from))
                    : to);
    call_may_raise(f, e->c, flow_name(f, "OSError"), e->out);
    e->c->store = file_move(f, e->c->store, from, to, copy);
    give(e, to);
}

static void do_copy(struct effect_call *e)
{
    move_or_copy(e, true);
}

static void do_move(struct effect_call *e)
{
    if (e->m->a == SELF && e->c->n >= 2) /* str.replace */
        give(e, effect_value(e));
    else
        move_or_copy(e, false);
}

static void do_pump(struct effect_call *e)
{
    struct flow *f = e->f;
    uint32_t bytes = object_bytes(f, e->c->store, e->a);

    if (is_object(f, e->b, O_FILE))
        use_bytes(f, e->c, "copyfileobj", PKG_USE_WRITE, bytes, val(f, e->b)->items[0]);
    call_may_raise(f, e->c, flow_name(f, "OSError"), e->out);
    e->c->store = object_write(f, e->c->store, e->b, bytes);
    give(e, NONE_);
}

static void do_remove(struct effect_call *e)
{
    uint32_t path = file_path(e->f, e->a);

    e->f->removed = map_set(&e->f->maps, e->f->removed, path, 1);
    call_may_raise(e->f, e->c, flow_name(e->f, "FileNotFoundError"), e->out);
    e->c->store = store_set(e->f, e->c->store, slot_key(S_FILE, path, 0), NONE_);
    give(e, NONE_);
}

static void do_exists(struct effect_call *e)
{
    uint32_t path = file_path(e->f, e->a);
    uint32_t v = store_get(e->f, e->c->store, slot_key(S_FILE, path, 0), UINT32_MAX);

    if (v != UINT32_MAX)
        give(e, v == NONE_ ? FALSE_ : TRUE_);
    else
        give(e, fv_term1(&e->f->values, T_EXISTS, 0, path));
}

static void do_list(struct effect_call *e)
{
    struct flow *f = e->f;

    file_reads(f, e->a);
    give(e, fv_term1(&f->values, T_CALL, flow_name(f, "files"), file_path(f, e->a)));
}

static void do_chmod(struct effect_call *e)
{
    use_path(e->f, e->c, "chmod", PKG_USE_CHMOD, e->a);
    give(e, NONE_);
}

static void do_size(struct effect_call *e)
{
    struct flow *f = e->f;

    give(e, fv_term1(&f->values, T_LEN, 0, file_content(f, e->c->store, file_path(f, e->a))));
}

/* ---- archives ---- */

static uint32_t archive_bytes(struct effect_call *e)
{
    struct flow *f = e->f;
    uint32_t from = e->b && val(f, e->b)->kind != V_TEXT ? e->b : e->a;

    if (val(f, from)->kind == V_OBJ)
        return object_bytes(f, e->c->store, from);
    if (val(f, from)->kind == V_DATA || is_term(f, from, T_MEMBER) || is_term(f, from, T_FILE) ||
        is_term(f, from, T_DECODED))
        return from;
    return file_content(f, e->c->store, from);
}

static void do_archive(struct effect_call *e)
{
    uint32_t bytes = archive_bytes(e);

    call_may_raise(e->f, e->c, 0, e->out);
    give(e,
         fv_make(&e->f->values,
                 (struct value){
                     .kind = V_OBJ, .sub = O_ARCHIVE, .b = e->c->off, .items = &bytes, .n = 1 }));
}

static void extract_to(struct effect_call *e, uint32_t bytes, uint32_t folder)
{
    struct flow *f = e->f;
    struct span filter = fv_string(&f->values, call_get(f, e->c, -9, "filter"));

    use_bytes(f, e->c, e->m->name[0] == '.' ? e->m->name + 1 : e->m->name, PKG_USE_EXTRACT, bytes,
              folder);
    if (tokens_of(f, e->c->store, bytes, false, NULL, NULL) && !span_is(filter, "data"))
        tell_here(
            f, &(struct note){ .kind = FACT_PKG_EXTRACT, .subject = e->name, .flags = PKG_SURE });
    call_may_raise(f, e->c, 0, e->out);
    e->c->store = store_set(f, e->c->store, slot_key(S_TREE, folder, 0), bytes);
    {
        uint32_t inside = fv_below(&f->values, folder, fv_text(&f->values, SPAN_LITERAL("x")));
        uint32_t kept = e->c->store;

        (void)file_set(f, e->c->store, inside, bytes); /* notes where it was written */
        e->c->store = kept;
    }
}

static void do_extract(struct effect_call *e)
{
    struct flow *f = e->f;
    uint32_t bytes = object_bytes(f, e->c->store, e->c->self ? e->c->self : e->a);
    bool one = e->m->word != NULL;
    uint32_t folder = e->b ? file_path(f, e->b) : fv_text(&f->values, SPAN_LITERAL("."));
    uint32_t member = e->c->n ? e->c->args[0] : NOTHING, path;

    if (one && (val(f, bytes)->prov & P_FETCHED)) {
        path = fv_below(&f->values, folder, member);
        use_bytes(f, e->c, "extract", PKG_USE_EXTRACT, bytes, path);
        e->c->store =
            file_set(f, e->c->store, path, fv_term2(&f->values, T_MEMBER, 0, bytes, member));
        e->c->store = store_set(f, e->c->store, slot_key(S_TREE, folder, 0), bytes);
        give(e, path);
        return;
    }
    extract_to(e, bytes, folder);
    give(e, NONE_);
}

static void do_unpack(struct effect_call *e)
{
    struct flow *f = e->f;

    extract_to(e, file_content(f, e->c->store, file_path(f, e->a)),
               e->b ? file_path(f, e->b) : fv_text(&f->values, SPAN_LITERAL(".")));
    give(e, NONE_);
}

static void do_members(struct effect_call *e)
{
    struct flow *f = e->f;
    uint32_t bytes = object_bytes(f, e->c->store, e->c->self);

    give(e, fv_term1(&f->values, T_CALL, flow_name(f, "members"), bytes));
}

/* ---- checks ---- */

static uint32_t hash_object(struct effect_call *e, uint32_t algorithm, uint32_t bytes)
{
    uint32_t h =
        fv_make(&e->f->values,
                (struct value){ .kind = V_OBJ, .sub = O_HASH, .a = algorithm, .b = e->c->off });

    if (!bytes)
        bytes = fv_bytes(&e->f->values, SPAN_EMPTY);
    e->c->store = store_set(e->f, e->c->store, slot_key(S_ITEMS, h, 0), bytes);
    return h;
}

static void do_hash(struct effect_call *e)
{
    give(e, hash_object(e, flow_name(e->f, e->m->word ? e->m->word : "sha256"),
                        object_bytes(e->f, e->c->store, e->a)));
}

/* The algorithm that an argument names: "sha256", or hashlib.sha256 itself. */
static uint32_t algorithm_of(struct effect_call *e, uint32_t v)
{
    struct span text = fv_string(&e->f->values, v);

    if (span_starts(text, SPAN_LITERAL("hashlib.")))
        text = span_from(text, 8);
    return text.n ? ir_name(&e->f->names, text) : flow_name(e->f, "sha256");
}

static void do_hash_new(struct effect_call *e)
{
    give(e, hash_object(e, algorithm_of(e, e->a), object_bytes(e->f, e->c->store, e->b)));
}

static void do_hash_file(struct effect_call *e)
{
    give(e, hash_object(e, algorithm_of(e, e->b), object_bytes(e->f, e->c->store, e->a)));
}

static void do_update(struct effect_call *e)
{
    struct flow *f = e->f;
    uint32_t old, more = object_bytes(f, e->c->store, e->a), self = e->c->self;
    uint32_t both[2];

    if (is_object(f, self, O_HASH)) {
        old = store_get(f, e->c->store, slot_key(S_ITEMS, self, 0), NOTHING);
        both[0] = old, both[1] = more;
        if (old != more && val(f, old)->kind != V_DATA)
            more = fv_concat(&f->values, both, 2);
        else if (old != more)
            more = fv_concat(&f->values, both, 2);
        e->c->store = store_set(f, e->c->store, slot_key(S_ITEMS, self, 0), more);
    }
    give(e, NONE_);
}

static void do_digest(struct effect_call *e)
{
    struct flow *f = e->f;
    uint32_t bytes;

    if (!is_object(f, e->c->self, O_HASH)) {
        give(e, effect_value(e));
        return;
    }
    bytes = store_get(f, e->c->store, slot_key(S_ITEMS, e->c->self, 0), NOTHING);
    give(e, fv_term1(&f->values, T_DIGEST, val(f, e->c->self)->a, bytes));
}

static void do_equal(struct effect_call *e)
{
    give(e, op_compare(e->f, e->c->store, OP_EQ, e->a, e->b));
}

static void do_checksum(struct effect_call *e)
{
    give(e, fv_term1(&e->f->values, T_DIGEST, flow_name(e->f, "crc32"),
                     object_bytes(e->f, e->c->store, e->a)));
}

static void do_verify(struct effect_call *e)
{
    struct flow *f = e->f;
    uint32_t key = e->b ? e->b : e->c->self;

    call_may_raise(f, e->c, 0, e->out);
    e->c->store = check_made(f, e->c->store, object_bytes(f, e->c->store, e->a), key, 0, false);
    give(e, TRUE_);
}

/* ---- uses ---- */

static const char *subject_of(struct effect_call *e)
{
    char *copy = arena_copy(&e->f->arena, e->name.p, e->name.n);

    return copy ? copy : "?";
}

static void do_load(struct effect_call *e)
{
    uint32_t path = file_path(e->f, e->a);

    use_path(e->f, e->c, subject_of(e), PKG_USE_LOAD, e->a);
    call_may_raise(e->f, e->c, flow_name(e->f, "OSError"), e->out);
    if (span_ends(e->name, SPAN_LITERAL("spec_from_file_location")))
        give(e, fv_make(&e->f->values,
                        (struct value){ .kind = V_OBJ, .sub = O_SPEC, .items = &path, .n = 1 }));
    else
        give(e, fv_term(&e->f->values, T_CALL, ir_name(&e->f->names, e->name), NULL, 0));
}

static void do_import(struct effect_call *e)
{
    struct span name = fv_string(&e->f->values, e->a);
    uint32_t module = val(e->f, e->a)->kind == V_TEXT ? flow_module_find(e->f, name) : UINT32_MAX;

    call_may_raise(e->f, e->c, flow_name(e->f, "ModuleNotFoundError"), e->out);
    if (module != UINT32_MAX)
        give(e, fv_make(&e->f->values, (struct value){ .kind = V_MODULE, .a = module }));
    else if (val(e->f, e->a)->kind == V_TEXT)
        give(e, fv_extern(&e->f->values, name));
    else
        give(e, effect_value(e));
}

static void tell_encoded(struct effect_call *e, uint32_t code)
{
    if ((val(e->f, code)->prov & P_DECODED) && !(val(e->f, code)->prov & (P_FETCHED | P_ARG)))
        tell_here(e->f, &(struct note){ .kind = FACT_PKG_ENCODED,
                                        .subject = e->name,
                                        .because = print_value(e->f, code),
                                        .flags = PKG_SURE });
}

static void do_unpickle(struct effect_call *e)
{
    tell_encoded(e, object_bytes(e->f, e->c->store, e->a));
    use_bytes(e->f, e->c, subject_of(e), PKG_USE_LOAD, object_bytes(e->f, e->c->store, e->a), 0);
    call_may_raise(e->f, e->c, 0, e->out);
    give(e, effect_value(e));
}

/* Some take a URL in place of a path: pandas.read_pickle. */
static bool is_address(const struct flow *f, uint32_t v)
{
    struct span text = fv_string(&f->values, v);

    return span_starts(text, SPAN_LITERAL("https://")) ||
           span_starts(text, SPAN_LITERAL("http://"));
}

static void do_unpickle_path(struct effect_call *e)
{
    if (e->m->word && call_get(e->f, e->c, 2, e->m->word) != TRUE_) { /* numpy.load() */
        do_read_path(e);
        return;
    }
    if (is_address(e->f, e->a))
        use_bytes(e->f, e->c, subject_of(e), PKG_USE_LOAD, effect_fetch(e, e->a), 0);
    else if (val(e->f, e->a)->kind == V_OBJ || val(e->f, e->a)->kind == V_DATA)
        use_bytes(e->f, e->c, subject_of(e), PKG_USE_LOAD, object_bytes(e->f, e->c->store, e->a),
                  0);
    else
        use_path(e->f, e->c, subject_of(e), PKG_USE_LOAD, e->a);
    give(e, effect_value(e));
}

static bool makes_text(struct span name)
{
    return span_is(name, "chr") || span_is(name, "map") || span_is(name, "bytes") ||
           span_is(name, "bytearray") || span_is(name, ".translate");
}

/* "..."[::-1] */
static bool is_backwards(const struct flow *f, const struct value *x)
{
    const struct value *key = x->n == 2 ? val(f, x->items[1]) : NULL;
    const struct value *step = key && key->kind == V_TERM && key->sub == T_SLICE && key->n == 3
                                   ? val(f, key->items[2])
                                   : NULL;

    return step && step->kind == V_INT && fv_number(step) < 0 &&
           val(f, x->items[0])->kind == V_TEXT;
}

/* Code that is computed of constants alone: why, if not to hide it? */
static bool is_made_up(const struct flow *f, uint32_t v, unsigned depth)
{
    const struct value *x = val(f, v);

    if ((x->prov & ~(uint32_t)(P_DECODED | P_UNKNOWN)) || depth > 8)
        return false;
    if (x->kind == V_TERM && ((x->sub == T_BINARY && x->b == OP_XOR) ||
                              (x->sub == T_CALL && makes_text(flow_text(f, x->a)))))
        return true;
    if (x->kind == V_TERM && x->sub == T_SLICE && is_backwards(f, x))
        return true;
    for (uint32_t i = 0; i < x->n && i < 16; i++)
        if (is_made_up(f, x->items[i], depth + 1))
            return true;
    return false;
}

static void do_code(struct effect_call *e)
{
    struct flow *f = e->f;
    uint32_t code = object_bytes(f, e->c->store, e->a);

    if (e->m->word && strcmp(e->m->word, "compile") == 0) {
        give(e, fv_term1(&f->values, T_CODE, 0, code));
        return;
    }
    use_bytes(f, e->c, subject_of(e), PKG_USE_EXEC, code, 0);
    if (is_made_up(f, code, 0))
        code = fv_make(
            &f->values,
            (struct value){
                .kind = V_TERM, .sub = T_DECODED, .items = &code, .n = 1, .prov = P_DECODED });
    tell_encoded(e, code);
    call_may_raise(f, e->c, 0, e->out);
    give(e, effect_value(e));
}

static void do_run_path(struct effect_call *e)
{
    use_path(e->f, e->c, subject_of(e), PKG_USE_EXEC, e->a);
    call_may_raise(e->f, e->c, 0, e->out);
    give(e, effect_value(e));
}

static void add_path(struct effect_call *e, uint32_t path)
{
    struct flow *f = e->f;
    struct span text;
    uint32_t some; /* what stands in some file in it */

    path = file_path(f, path);
    some = store_get(f, e->c->store, slot_key(S_SOME, path, 0), NOTHING);
    text = print_value(f, path);
    if (span_is(text, ".") || span_starts(text, SPAN_LITERAL("..")) ||
        span_starts(text, SPAN_LITERAL("./.."))) /* as python -m does, and docs/conf.py */
        return;
    if (val(f, some)->prov & P_FETCHED)
        use_bytes(f, e->c, subject_of(e), PKG_USE_PATH, some, path);
    else if ((val(f, path)->prov & (P_HOME | P_TEMP | P_FETCHED | P_OWN | P_ENV)) ||
             place_of(f, path) == PLACE_WRITABLE ||
             (val(f, file_content(f, e->c->store, path))->prov & P_FETCHED))
        use_path(f, e->c, subject_of(e), PKG_USE_PATH, path);
}

static void do_path_add(struct effect_call *e)
{
    add_path(e, e->a);
    give(e, NONE_);
}

static void do_env_set(struct effect_call *e)
{
    static const char *const names[] = { "PATH",
                                         "PYTHONPATH",
                                         "LD_PRELOAD",
                                         "LD_LIBRARY_PATH",
                                         "DYLD_LIBRARY_PATH",
                                         "DYLD_INSERT_LIBRARIES" };
    struct span name = fv_string(&e->f->values, e->a);

    for (unsigned i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(name, names[i]))
            add_path(e, e->b);
    give(e, NONE_);
}

static void do_pip(struct effect_call *e)
{
    tell_here(e->f, &(struct note){ .kind = FACT_PKG_PIP,
                                    .subject = e->name,
                                    .detail = print_value(e->f, e->a) });
    give(e, effect_value(e));
}

static void do_decode(struct effect_call *e)
{
    uint32_t a = e->m->a == SELF ? e->c->self : e->a;

    give(e, fv_make(&e->f->values, (struct value){ .kind = V_TERM,
                                                   .sub = T_DECODED,
                                                   .a = ir_name(&e->f->names, e->name),
                                                   .items = &a,
                                                   .n = 1,
                                                   .prov = P_DECODED }));
}

/* What is private and no file: the clipboard, the keys that the system keeps. */
static void tell_private(struct effect_call *e, const char *what)
{
    tell_here(e->f, &(struct note){
                        .kind = FACT_PKG_READS, .subject = span_text(what), .flags = PKG_SURE });
}

static void do_clipboard(struct effect_call *e)
{
    tell_private(e, "clipboard");
    give(e, symbol(e, "the clipboard", P_PRIVATE));
}

static void do_private(struct effect_call *e)
{
    tell_private(e, "keyring");
    give(e, symbol(e, "what is private", P_PRIVATE));
}

static void do_environ(struct effect_call *e)
{
    give(e, symbol(e, "the environment", P_PRIVATE | P_ENVIRON));
}

typedef void effect_fn(struct effect_call *e);

static effect_fn *const effects[EFFECTS] = {
    [E_PURE] = do_pure,
    [E_SAME] = do_same,
    [E_NOTHING] = do_nothing,
    [E_PLATFORM] = do_platform,
    [E_RANDOM] = do_random,
    [E_EXIT] = do_exit,
    [E_JOIN] = do_join,
    [E_FOLDER] = do_folder,
    [E_BASE] = do_base,
    [E_SIBLING] = do_sibling,
    [E_HOME] = do_home,
    [E_USER_DIR] = do_user_dir,
    [E_EXPAND] = do_expand,
    [E_TEMP] = do_temp,
    [E_ENV] = do_env,
    [E_RESOURCE] = do_resource,
    [E_FORMAT] = do_format,
    [E_TABLE_GET] = do_table_get,
    [E_FETCH] = do_fetch,
    [E_FETCH_SESSION] = do_fetch,
    [E_FETCH_FILE] = do_fetch_file,
    [E_SEND] = do_send,
    [E_CLIENT] = do_client,
    [E_TLS_OFF] = do_tls_off,
    [E_OPEN] = do_open,
    [E_READ] = do_read,
    [E_WRITE] = do_write,
    [E_READ_PATH] = do_read_path,
    [E_WRITE_PATH] = do_write_path,
    [E_COPY] = do_copy,
    [E_MOVE] = do_move,
    [E_PUMP] = do_pump,
    [E_LINK] = do_copy,
    [E_REMOVE] = do_remove,
    [E_EXISTS] = do_exists,
    [E_LIST] = do_list,
    [E_CHMOD] = do_chmod,
    [E_SIZE] = do_size,
    [E_ARCHIVE] = do_archive,
    [E_EXTRACT] = do_extract,
    [E_UNPACK] = do_unpack,
    [E_MEMBERS] = do_members,
    [E_MEMBER] = do_member,
    [E_HASH] = do_hash,
    [E_HASH_NEW] = do_hash_new,
    [E_HASH_FILE] = do_hash_file,
    [E_UPDATE] = do_update,
    [E_DIGEST] = do_digest,
    [E_EQUAL] = do_equal,
    [E_CHECKSUM] = do_checksum,
    [E_VERIFY] = do_verify,
    [E_LOAD] = do_load,
    [E_IMPORT] = do_import,
    [E_UNPICKLE] = do_unpickle,
    [E_UNPICKLE_PATH] = do_unpickle_path,
    [E_CODE] = do_code,
    [E_RUN_PATH] = do_run_path,
    [E_PROCESS] = effect_process,
    [E_PATH_ADD] = do_path_add,
    [E_ENV_SET] = do_env_set,
    [E_PIP] = do_pip,
    [E_DECODE] = do_decode,
    [E_CLIPBOARD] = do_clipboard,
    [E_PRIVATE] = do_private,
    [E_FETCH_PINNED] = do_fetch_pinned,
    [E_FETCH_RUN] = do_fetch_run,
    [E_CALL] = do_call,
    [E_ENVIRON] = do_environ,
};

/* What a function without a row does: what it gives is made of what it is given. */
static void do_unknown(struct effect_call *e)
{
    uint32_t v = effect_value(e);

    call_may_raise(e->f, e->c, 0, e->out);
    give(e, v);
}

/* Any other method of a client whose answers are not files: what the server says. */
static bool client_other(struct effect_call *e)
{
    static const char *const silent[] = { ".write",  ".close", ".login",    ".select", ".quit",
                                          ".logout", ".send",  ".__init__", ".user",   ".pass_" };
    uint32_t data;

    for (unsigned i = 0; i < ARRAY_LEN(silent); i++)
        if (span_is(e->name, silent[i]))
            return false;
    data = effect_fetch(e, e->c->self);
    call_may_raise(e->f, e->c, 0, e->out);
    give(e, fv_term1(&e->f->values, T_CALL, ir_name(&e->f->names, e->name), data));
    return true;
}

/* server.system.method(...): the client that this is a method of. */
static bool root_client(struct effect_call *e)
{
    uint32_t v = e->c->self;

    for (unsigned i = 0; i < 4 && is_term(e->f, v, T_ATTR); i++)
        v = val(e->f, v)->items[0];
    if (!is_object(e->f, v, O_CLIENT) || !val(e->f, v)->a)
        return false;
    e->c->self = v;
    return client_other(e);
}

/* ---- pycurl ---- */

static uint32_t option_of(struct effect_call *e, const char *name)
{
    return store_get(e->f, e->c->store, slot_key(S_ATTR, e->c->self, flow_name(e->f, name)),
                     NOTHING);
}

/* c.setopt(c.URL, x): kept with the object, as if it were an attribute. */
static void set_option(struct effect_call *e)
{
    struct flow *f = e->f;
    uint32_t option = e->c->n > 1 ? e->c->args[0] : NOTHING;
    struct span text = fv_string(&f->values, option);
    uint32_t name = is_term(f, option, T_ATTR) ? val(f, option)->a : 0;

    if (span_starts(text, SPAN_LITERAL("pycurl.")))
        name = ir_name(&f->names, span_from(text, 7));
    if (name)
        e->c->store = store_set(f, e->c->store, slot_key(S_ATTR, e->c->self, name), e->c->args[1]);
    if (span_is(flow_text(f, name), "SSL_VERIFYPEER") && fv_truth(&f->values, e->c->args[1]) == 0)
        tell_here(
            f, &(struct note){ .kind = FACT_PKG_TLS_OFF, .subject = e->name, .flags = PKG_SURE });
    give(e, NONE_);
}

static void perform(struct effect_call *e)
{
    struct flow *f = e->f;
    struct call before = *e->c;
    uint32_t data = effect_fetch(e, option_of(e, "URL")), to = option_of(e, "WRITEDATA");

    call_may_raise(f, &before, 0, e->out);
    if (is_object(f, to, O_FILE))
        use_bytes(f, e->c, "write", PKG_USE_WRITE, data, val(f, to)->items[0]);
    e->c->store = object_write(f, e->c->store, to, data);
    e->c->args[0] = option_of(e, "WRITEFUNCTION");
    e->c->n = 1;
    hand_on(e, data);
    give(e, data);
}

/* Methods of an object that fetches. */
static bool client_method(struct effect_call *e)
{
    static const char *const first[] = { ".get", ".post", ".urlopen", ".open", ".head", ".put" };
    static const char *const second[] = { ".request", ".stream", ".send" };
    struct call *c = e->c;

    if (!is_object(e->f, c->self, O_CLIENT))
        return is_term(e->f, c->self, T_ATTR) && root_client(e);
    if (span_is(e->name, ".setopt")) {
        set_option(e);
        return true;
    }
    if (span_starts(e->name, SPAN_LITERAL(".perform"))) {
        perform(e);
        return true;
    }
    for (unsigned i = 0; i < ARRAY_LEN(first); i++)
        if (span_is(e->name, first[i])) {
            e->a = call_get(e->f, c, 0, "url");
            do_fetch(e);
            return true;
        }
    for (unsigned i = 0; i < ARRAY_LEN(second); i++)
        if (span_is(e->name, second[i])) {
            e->a = call_get(e->f, c, 1, "url");
            do_fetch(e);
            return true;
        }
    return val(e->f, c->self)->a && client_other(e);
}

/* Built-in names have their rows below "builtins". */
static const struct model *find_row(const struct flow *f, struct span dotted)
{
    const struct model *m = dotted.n ? models_find(&f->models, dotted) : NULL;
    char text[80];
    int n;

    if (m || dotted.n == 0 || memchr(dotted.p, '.', dotted.n))
        return m;
    n = snprintf(text, sizeof text, "builtins.%.*s", (int)dotted.n, (const char *)dotted.p);
    return n > 0 && (size_t)n < sizeof text ? models_find(&f->models, span_of(text, (size_t)n))
                                            : NULL;
}

void effect_run(struct flow *f, struct call *c, struct span dotted, struct outcomes *out)
{
    struct effect_call e = { .f = f, .c = c, .out = out, .name = dotted };

    if (client_method(&e) || effect_apply(&e) || effect_feed(&e) || effect_builtin(&e))
        return;
    e.m = find_row(f, dotted);
    if (e.m && e.m->effect == E_FETCH && e.m->a == NONE && e.m->a_key && dotted.p[0] == '.' &&
        !call_get(f, c, -9, e.m->a_key))
        e.m = NULL; /* another's method of that name */
    if (!e.m || !effects[e.m->effect]) {
        do_unknown(&e);
        return;
    }
    e.a = call_get(f, c, e.m->a, e.m->a_key);
    e.b = call_get(f, c, e.m->b, e.m->b_key);
    effects[e.m->effect](&e);
}
