/* Facts of what was seen: those of a place at once, those of a use when all ways to it are known.
 */
#include "base/buf.h"
#include "format/package/flow_run.h"
#include "format/package/graph.h"

#define TOLD_MAX 1000
#define CODE_MAX 240

/* ---- texts ---- */

struct span print_value(struct flow *f, uint32_t v)
{
    struct buf b;
    char *copy;
    struct span out = SPAN_EMPTY;

    buf_init(&b, 600);
    fv_print(&f->values, v, &b);
    copy = b.n ? arena_copy(&f->arena, b.p, b.n) : NULL;
    if (copy)
        out = span_of(copy, b.n);
    buf_free(&b);
    return out;
}

static struct span kept(struct flow *f, const char *p)
{
    (void)f;
    return p ? span_text(p) : SPAN_EMPTY;
}

static uint32_t line_of(struct flow *f, uint32_t module, uint32_t off)
{
    return f->modules[module].ir ? ir_line(f->modules[module].ir, off) : 0;
}

struct span place_text(struct flow *f, uint32_t module, uint32_t off)
{
    struct span path = f->modules[module].from->path;

    return kept(f, arena_printf(&f->arena, "%.*s:%u", (int)(path.n < 300 ? path.n : 300),
                                (const char *)path.p, line_of(f, module, off)));
}

/* "Class.method"; empty for the module's body. */
static struct span function_text(struct flow *f, uint32_t module, uint32_t function)
{
    const struct ir_module *m = f->modules[module].ir;
    const struct ir_function *fn = &m->functions[function];
    struct span name = flow_text(f, fn->name), above = SPAN_EMPTY;

    if (function == 0)
        return SPAN_EMPTY;
    if (fn->kind == IR_LAMBDA)
        name = SPAN_LITERAL("<lambda>");
    if (m->functions[fn->parent].kind == IR_CLASS_BODY)
        above = flow_text(f, m->functions[fn->parent].name);
    return kept(f, arena_printf(&f->arena, "%.*s%s%.*s", (int)above.n, (const char *)above.p,
                                above.n ? "." : "", (int)name.n, (const char *)name.p));
}

static struct span last_part(struct span dotted)
{
    for (size_t i = dotted.n; i > 0; i--)
        if (dotted.p[i - 1] == '.')
            return span_from(dotted, i);
    return dotted;
}

static void print_frame(struct flow *f, const struct frame *fr, struct buf *b)
{
    struct span name, module = last_part(f->modules[fr->module].from->name), place;

    if (fr->function == 0) {
        place = place_text(f, fr->module, fr->off);
        buf_add(b, place.p, place.n);
        return;
    }
    name = function_text(f, fr->module, fr->function);
    if (fr->caller && fr->caller->module != fr->module)
        buf_printf(b, "%.*s.", (int)module.n, (const char *)module.p);
    buf_printf(b, "%.*s (%u)", (int)name.n, (const char *)name.p, line_of(f, fr->module, fr->off));
}

/* The outermost function, with how it comes to run; false: by somebody's call alone. */
static bool print_root(struct flow *f, const struct frame *fr, struct buf *b)
{
    const struct ir_function *fn = &f->modules[fr->module].ir->functions[fr->function];
    uint32_t off = fr->function ? fn->off : GRAPH_BODY;
    struct span chain;

    if (fr->caller || f->when == PKG_ON_CALL)
        return false;
    chain = graph_chain_to(f->p, f->modules[fr->module].from, off, line_of(f, fr->module, fr->off),
                           SPAN_EMPTY);
    if (span_ends(chain, SPAN_LITERAL(" -> ")))
        chain = span_of(chain.p, chain.n - 4);
    if (!chain.n)
        return false;
    buf_printf(b, "%.*s -> ", (int)chain.n, (const char *)chain.p);
    return true;
}

const char *chain_here(struct flow *f, struct span last)
{
    const struct frame *list[FRAMES_MAX + 1];
    uint32_t n = 0;
    struct buf b;
    char *copy;

    for (const struct frame *fr = f->frame; fr && n < FRAMES_MAX; fr = fr->caller)
        if (f->modules[fr->module].ir->functions[fr->function].kind != IR_CLASS_BODY)
            list[n++] = fr;
    buf_init(&b, 1000);
    if (n && print_root(f, list[n - 1], &b))
        n--;
    while (n > 0) {
        print_frame(f, list[--n], &b);
        buf_puts(&b, " -> ");
    }
    buf_add(&b, last.p, last.n);
    copy = b.n ? arena_copy(&f->arena, b.p, b.n) : NULL;
    buf_free(&b);
    return copy;
}

/* The source from a place on, to the end of its brackets, white space folded. */
static struct span code_at(struct flow *f, uint32_t module, uint32_t off)
{
    struct span text = span_from(f->modules[module].from->text, off);
    char out[CODE_MAX + 1] = { 0 };
    size_t n = 0;
    int depth = 0;
    bool blank = false;
    char *copy;

    for (size_t i = 0; i < text.n && n < CODE_MAX; i++) {
        uint8_t c = text.p[i];

        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            if (c == '\n' && depth <= 0)
                break;
            blank = true;
            continue;
        }
        if (blank && n)
            out[n++] = ' ';
        blank = false;
        out[n++] = (char)c;
        depth += c == '(' || c == '[' || c == '{';
        depth -= c == ')' || c == ']' || c == '}';
        if (depth == 0 && c == ')')
            break;
    }
    copy = arena_copy(&f->arena, out, n);
    return copy ? span_of(copy, n) : SPAN_EMPTY;
}

/* ---- one fact ---- */

static void put(struct flow *f, const struct told *t)
{
    const struct package_module *m = f->modules[t->module].from;
    uint32_t line = line_of(f, t->module, t->off), column = 0;
    struct fact fact = { .kind = t->kind,
                         .flags = t->flags,
                         .where = m->where,
                         .offset = t->off,
                         .line = line,
                         .count = 1,
                         .subject = t->subject,
                         .detail = t->detail,
                         .refs_n = PKG_REFS };

    if (line && f->modules[t->module].ir && line <= f->modules[t->module].ir->lines_n)
        column = t->off - f->modules[t->module].ir->lines[line - 1] + 1;
    fact.column = column;
    for (unsigned i = 0; i < PKG_REFS; i++)
        fact.refs[i] = SPAN_EMPTY;
    fact.refs[PY_REF_FUNCTION] = function_text(f, t->module, t->function);
    fact.refs[PY_REF_CALL] = code_at(f, t->module, t->off);
    fact.refs[PKG_REF_CHAIN] = kept(f, t->chain);
    fact.refs[PKG_REF_SOURCE] = t->source;
    fact.refs[PKG_REF_BECAUSE] = t->because;
    if (!fact.detail.n)
        fact.detail = fact.refs[PY_REF_CALL];
    facts_add(f->s->facts, &fact);
}

static bool told_before(struct flow *f, enum fact_kind kind, uint32_t module, uint32_t off,
                        struct span subject)
{
    uint64_t key = (((uint64_t)kind * 0x9e3779b97f4a7c15U + module) * 0xbf58476d1ce4e5b9U + off) *
                       0x94d049bb133111ebU +
                   ir_name(&f->names, subject);

    if (map_get(&f->maps, f->told_index, key, 0))
        return true;
    f->told_index = map_set(&f->maps, f->told_index, key, 1);
    return false;
}

void tell_here(struct flow *f, const struct note *n)
{
    struct told t = { .kind = n->kind,
                      .subject = n->subject,
                      .detail = n->detail,
                      .source = n->source,
                      .because = n->because,
                      .flags = n->flags | f->when };

    if (f->quiet || !f->frame || f->told_n >= TOLD_MAX ||
        told_before(f, n->kind, f->frame->module, f->frame->off, n->subject))
        return;
    f->told_n++;
    t.module = f->frame->module;
    t.off = f->frame->off;
    t.function = f->frame->function;
    t.chain = chain_here(f, n->subject);
    put(f, &t);
}

/* ---- uses ---- */

static unsigned gravity(unsigned flags)
{
    return flags & PKG_USE_EXEC      ? 6
           : flags & PKG_USE_LOAD    ? 5
           : flags & PKG_USE_PATH    ? 4
           : flags & PKG_USE_CHMOD   ? 3
           : flags & PKG_USE_EXTRACT ? 2
                                     : 1;
}

/* Of one use: the trails of those that came checked, and of those that did not. */
struct ways {
    uint32_t checked, open; /* trails joined */
    bool any_checked, any_open;
    enum checked best_open;
};

static struct ways ways_to(struct flow *f, uint32_t use, uint32_t token)
{
    struct ways w = { .checked = 0 };

    for (uint32_t i = 0; i < f->seen_n; i++) {
        const struct seen *s = &f->seen[i];

        if (s->use != use || (token == TOKENS_MAX) != (s->token == TOKENS_MAX))
            continue;
        if (s->status >= CHECKED_CIRCULAR) {
            w.checked = trail_join(f, w.checked, s->trail);
            w.any_checked = true;
        }
        if (s->token == token && s->status < CHECKED_CIRCULAR) {
            w.open = trail_join(f, w.open, s->trail);
            w.any_open = true;
        }
    }
    return w;
}

static void tell_use(struct flow *f, const struct use *u, enum fact_kind kind, struct span subject,
                     struct span source, struct span because, unsigned flags, const char *chain)
{
    struct told t = { .kind = kind,
                      .module = u->module,
                      .off = u->off,
                      .function = u->function,
                      .subject = subject,
                      .flags = flags | u->when,
                      .chain = chain ? chain : u->chain,
                      .source = source,
                      .because = because };

    if (!told_before(f, kind, u->module, u->off, subject))
        put(f, &t);
}

/* The same at the place of a decision or a fetch. */
static void tell_at(struct flow *f, const struct use *u, enum fact_kind kind, uint32_t module,
                    uint32_t off, struct span subject, struct span source, struct span because,
                    const char *chain)
{
    struct use at = *u;

    at.module = module;
    at.off = off;
    at.function = 0;
    if (f->modules[module].ir) {
        const struct ir_module *m = f->modules[module].ir;

        for (uint32_t i = 1; i < m->functions_n; i++)
            if (m->functions[i].kind == IR_FUNCTION && m->functions[i].off <= off &&
                off < m->functions[i].end)
                at.function = i;
    }
    tell_use(f, &at, kind, subject, source, because, PKG_SURE, chain);
}

struct past {
    struct flow *f;
    const struct use *u;
    uint32_t token;
    bool any_checked;
    uint32_t checked;
    struct span because;
    unsigned told;
};

/* Whether the place of a decision lets unchecked bytes past by itself. */
static bool is_open(const struct past *p, const struct decision *d)
{
    if (d->kind == D_MISMATCH)
        return d->name == p->token + 1;
    return d->kind == D_SKIPPED && (p->u->when != PKG_ON_CALL || gravity(p->u->flags) >= 3);
}

/* Whether it may be why bytes were not checked, as they were on ways that went elsewhere. */
static bool is_turned(const struct past *p, const struct decision *d, uint64_t key)
{
    if (!p->any_checked || map_get(&p->f->maps, p->checked, key, 0))
        return false;
    return d->kind == D_EXCEPT || (d->kind == D_MISSING && key % 4 == 2);
}

static void tell_decision(void *arg, uint64_t key, uint32_t value)
{
    struct past *p = arg;
    const struct decision *d = &p->f->decisions[key / 4];

    (void)value;
    if (key / 4 >= p->f->decisions_n)
        return;
    if (is_open(p, d) || is_turned(p, d, key)) {
        tell_at(p->f, p->u, FACT_PKG_FAIL_OPEN, d->module, d->off, code_at(p->f, d->module, d->off),
                SPAN_EMPTY, p->because, NULL);
        p->told++;
        return;
    }
    if (!p->any_checked || map_get(&p->f->maps, p->checked, key, 0))
        return;
    if (d->kind == D_ENV || d->kind == D_OFFLINE) {
        tell_at(p->f, p->u, FACT_PKG_SWITCH_OFF, d->module, d->off, flow_text(p->f, d->name),
                SPAN_EMPTY, p->because, NULL);
        p->told++;
    }
}

static void tell_past(struct flow *f, const struct use *u, uint32_t token, const struct ways *w)
{
    struct past p = {
        .f = f, .u = u, .token = token, .any_checked = w->any_checked, .checked = w->checked
    };

    p.because = kept(f, arena_printf(&f->arena, "%.*s at %.*s", (int)flow_text(f, u->subject).n,
                                     (const char *)flow_text(f, u->subject).p,
                                     (int)place_text(f, u->module, u->off).n,
                                     (const char *)place_text(f, u->module, u->off).p));
    map_each(&f->maps, w->open, tell_decision, &p);
}

/* ---- what else is to be said of a fetch that is used ---- */

struct offline {
    struct flow *f;
    uint32_t trail;
    bool avoids;
};

/* A variable that says offline and goes one way only where the fetch is. */
static void find_offline(void *arg, uint64_t key, uint32_t value)
{
    struct offline *o = arg;

    (void)value;
    if (key / 4 < o->f->decisions_n && o->f->decisions[key / 4].kind == D_OFFLINE &&
        !map_get(&o->f->maps, o->trail, key ^ 3, 0))
        o->avoids = true;
}

static void tell_fetch(struct flow *f, const struct use *u, const struct token *t)
{
    struct span url = print_value(f, t->url), subject = flow_text(f, t->subject);
    uint32_t env = env_of(f, t->url);
    struct offline o = { .f = f, .trail = t->trail };

    map_each(&f->maps, t->trail, find_offline, &o);
    if (!o.avoids && gravity(u->flags) >= 2)
        tell_at(f, u, FACT_PKG_NO_OFFLINE, t->module, t->off, subject, url, SPAN_EMPTY, t->chain);
    if (env)
        tell_at(f, u, FACT_PKG_REDIRECT, t->module, t->off, flow_text(f, env), url, SPAN_EMPTY,
                t->chain);
    if (span_starts(url, SPAN_LITERAL("http://")))
        tell_at(f, u, FACT_PKG_PLAIN_HTTP, t->module, t->off, subject, url, SPAN_EMPTY, t->chain);
}

static void tell_circular(struct flow *f, const struct use *u, const struct token *t)
{
    const struct token *from = &f->tokens[t->digest_from - 1];
    struct span a = print_value(f, t->url), b = print_value(f, from->url);
    size_t n = 0, base = 0;

    while (n < a.n && n < b.n && a.p[n] == b.p[n])
        if (a.p[n++] == '/')
            base = n;
    tell_at(f, u, FACT_PKG_CIRCULAR, from->module, from->off, flow_text(f, from->subject), b,
            from == t ? SPAN_LITERAL("both are of one answer")
            : base    ? span_of(a.p, base)
                      : SPAN_LITERAL("both are fetched"),
            from->chain);
}

/*
 * Somebody calls it, and says from where: a tool that runs what its user names. Nothing of the
 * address stands in the artifact, in the environment, or in what was decoded or fetched.
 */
static bool is_callers_choice(struct flow *f, const struct use *u, const struct token *t)
{
    const struct value *url = val(f, t->url);

    return u->when == PKG_ON_CALL && !url->constant && url->kind != V_UNKNOWN &&
           !(url->prov & (P_ENV | P_DECODED | P_FETCHED | P_FILE)) &&
           span_find(print_value(f, t->url), 0, SPAN_LITERAL("://")) == SIZE_MAX;
}

/* One use of one fetch: false when it was pinned on all ways. */
static bool tell_token(struct flow *f, uint32_t use, uint32_t token)
{
    const struct use *u = &f->uses[use];
    const struct token *t = &f->tokens[token];
    struct ways w = ways_to(f, use, token);
    bool circular = false;
    struct span because =
        kept(f, arena_printf(&f->arena, "fetched at %.*s", (int)place_text(f, t->module, t->off).n,
                             (const char *)place_text(f, t->module, t->off).p));

    for (uint32_t i = 0; i < f->seen_n; i++)
        if (f->seen[i].use == use && f->seen[i].token == token &&
            f->seen[i].status == CHECKED_CIRCULAR)
            circular = true;
    if ((!w.any_open && !circular) || is_callers_choice(f, u, t))
        return false;
    tell_use(f, u, FACT_PKG_FETCH_USED, flow_text(f, u->subject), print_value(f, t->url), because,
             (u->flags) | PKG_SURE | (w.any_checked ? PKG_CHECKED_ELSE : 0), t->chain);
    if (circular && t->digest_from)
        tell_circular(f, u, t);
    if (w.any_open)
        tell_past(f, u, token, &w);
    tell_fetch(f, u, t);
    return true;
}

/* The gravest use of a fetch that is not pinned. */
static void tell_gravest(struct flow *f, uint32_t token)
{
    uint32_t best = UINT32_MAX;

    for (uint32_t i = 0; i < f->seen_n; i++) {
        const struct seen *s = &f->seen[i];
        unsigned g = gravity(f->uses[s->use].flags);

        if (s->token != token || s->status == CHECKED_PIN || (g == 1 && f->tokens[token].checked))
            continue;
        if (best == UINT32_MAX || g > gravity(f->uses[best].flags))
            best = s->use;
    }
    if (best != UINT32_MAX && tell_token(f, best, token))
        f->tokens[token].told = true;
}

/* A fetch that is compared with a pin, and used nowhere else: other facts of it say little. */
static void tell_pinned(struct flow *f, const struct token *t)
{
    struct use u = { .module = t->module, .off = t->off, .when = t->when };

    if (t->pinned && !t->told && t->chain)
        tell_at(f, &u, FACT_PKG_PINNED, t->module, t->off, flow_text(f, t->subject),
                print_value(f, t->url), SPAN_EMPTY, t->chain);
}

/* Whether a download is put into a file of this path, or into a folder above it. */
static bool is_written(struct flow *f, uint32_t path, unsigned depth)
{
    const struct value *x = val(f, path);
    uint32_t folder = path;

    for (unsigned i = 0; i < 7; i++, folder = fv_folder(&f->values, folder))
        if (map_get(&f->maps, f->written, folder, 0))
            return true;
    if (x->kind != V_TERM || depth > 4)
        return false;
    if (x->sub == T_EACH || (x->sub == T_CALL && span_is(flow_text(f, x->a), "files")) ||
        x->sub == T_ITEM)
        return x->n && is_written(f, x->items[0], depth + 1);
    for (uint32_t i = 0; x->sub == T_EITHER && i < x->n; i++)
        if (is_written(f, x->items[i], depth + 1))
            return true;
    return false;
}

/* A file that nobody vouches for is loaded: out of a cache that downloads are put in, or not. */
static void tell_file(struct flow *f, const struct seen *s)
{
    const struct use *u = &f->uses[s->use];
    struct span subject = flow_text(f, u->subject), path = print_value(f, u->path);

    if (is_written(f, u->path, 0))
        tell_use(f, u, FACT_PKG_CACHED, subject, path, SPAN_EMPTY, u->flags | PKG_SURE, NULL);
    else if ((val(f, u->path)->prov & (P_HOME | P_TEMP)) ||
             (val(f, u->path)->constant && place_of(f, u->path) == PLACE_WRITABLE))
        tell_use(f, u, FACT_PKG_LOADS_WRITABLE, subject, path, SPAN_EMPTY, u->flags | PKG_SURE,
                 NULL);
}

void tell_uses(struct flow *f)
{
    for (uint32_t i = 0; i < f->tokens_n; i++)
        tell_gravest(f, i);
    for (uint32_t i = 0; i < f->tokens_n; i++)
        tell_pinned(f, &f->tokens[i]);
    for (uint32_t i = 0; i < f->seen_n; i++)
        if (f->seen[i].token == TOKENS_MAX && f->seen[i].status < CHECKED_CIRCULAR)
            tell_file(f, &f->seen[i]);
}
