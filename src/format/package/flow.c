/*
 * What a package fetches, and how that is checked before it is used: the modules that may have
 * to do with it are lowered and run over values, from where Python begins: bodies of modules,
 * then functions that nobody of the package calls. See flow.h, flow_run.h.
 */
#include "format/package/flow.h"

#include "format/package/flow_run.h"
#include "format/package/graph.h"

#define ARENA_MAX ((size_t)192 * 1024 * 1024)
/* Of a package whose sources are smaller all bodies are run. */
#define SMALL ((uint64_t)256 * 1024)
/* One that is larger is seldom followed to its end, and seldom written to deceive. */
#define LARGE ((uint64_t)4096 * 1024)
/* Instructions: of one root, and of all, by the bytes of text that are of interest. */
#define FUEL_ROOT  ((int64_t)40000)
#define FUEL_SMALL ((int64_t)120000) /* ... of a small package */
/* ... and of a body that is run for its globals alone. */
#define FUEL_BODY  ((int64_t)8000)
#define FUEL_LEAST ((int64_t)400000)
#define FUEL_MAX   ((int64_t)450000)

uint32_t flow_name(struct flow *f, const char *text)
{
    return ir_name(&f->names, span_text(text));
}

struct span flow_text(const struct flow *f, uint32_t name)
{
    return ir_name_text(&f->names, name);
}

/* ---- modules ---- */

const struct ir_module *flow_module_ir(struct flow *f, uint32_t module)
{
    struct flow_module *m = &f->modules[module];
    const char *why;

    if (m->tried)
        return m->ir;
    m->tried = true;
    f->fuel_all -= (int64_t)(m->from->text.n / 64);
    if (f->fuel_all <= 0)
        return NULL;
    if (ir_lower(f->s, &f->arena, &f->names, m->from->text, &m->ir, &why) == PRATIQUE_OK &&
        (m->ran = arena_array(&f->arena, m->ir->functions_n, sizeof *m->ran)))
        return m->ir;
    m->ir = NULL;
    return NULL;
}

static void keep_slot(void *arg, uint64_t key, uint32_t value)
{
    struct flow *f = arg;
    unsigned kind = (unsigned)(key >> 60);

    if (kind == S_GLOBAL || kind == S_ATTR || kind == S_CELL || kind == S_ITEMS || kind == S_FILE ||
        kind == S_TREE || kind == S_SOME || kind == S_STATUS)
        f->base = map_set(&f->maps, f->base, key, value);
}

/* Runs a body; what its globals come to is joined into *store. */
static bool run_body(struct flow *f, uint32_t module, uint32_t *store)
{
    struct outcomes out = { .n = 0 };
    bool any = false;

    run_function(f, &(struct activation){ .module = module }, &out, NULL);
    for (uint32_t i = 0; i < out.n; i++) {
        if (out.list[i].raised)
            continue;
        if (!any || !store_join(f, *store, out.list[i].store, true, store))
            *store = any ? *store : out.list[i].store;
        any = true;
    }
    return any;
}

int64_t flow_fuel_take(struct flow *f, int64_t most)
{
    int64_t left = f->fuel > most ? f->fuel - most : 0;

    f->fuel -= left;
    return left;
}

void flow_fuel_give(struct flow *f, int64_t left)
{
    f->fuel = (f->fuel > 0 ? f->fuel : 0) + left;
}

void flow_module_run(struct flow *f, uint32_t module)
{
    struct flow_module *m = &f->modules[module];
    struct frame *frame = f->frame;
    bool quiet = f->quiet;
    uint32_t depth = f->depth, store = 0;
    const char *starved = f->starved;
    int64_t left;

    if (m->state != MODULE_NEW || !flow_module_ir(f, module) || f->depth_modules > 12)
        return;
    m->state = MODULE_RUNNING;
    f->quiet = true;
    f->frame = NULL;
    f->depth = 0;
    f->depth_modules++;
    left = flow_fuel_take(f, FUEL_BODY);
    if (run_body(f, module, &store))
        map_each(&f->maps, store, keep_slot, f);
    flow_fuel_give(f, left);
    f->starved = starved;
    f->depth_modules--;
    f->depth = depth;
    f->frame = frame;
    f->quiet = quiet;
    m->state = MODULE_DONE;
}

uint32_t flow_module_find(const struct flow *f, struct span dotted)
{
    uint32_t name = ir_name_find(&f->names, dotted), i;

    if (!name)
        return UINT32_MAX;
    i = map_get(&f->maps, f->module_index, name, 0);
    return i ? i - 1 : UINT32_MAX;
}

static bool list_modules(struct flow *f)
{
    f->modules = arena_array(&f->arena, f->p->modules_n, sizeof *f->modules);
    if (!f->modules)
        return false;
    for (const struct package_module *m = f->p->first; m; m = m->next) {
        struct flow_module *fm = &f->modules[f->modules_n++];

        fm->from = m;
        fm->name = ir_name(&f->names, m->name);
        if (fm->name && !map_get(&f->maps, f->module_index, fm->name, 0))
            f->module_index = map_set(&f->maps, f->module_index, fm->name, f->modules_n);
    }
    return true;
}

/* ---- what is of interest ---- */

/* Words by which a text fetches, and those by which it makes use of what was fetched. */
static const char *const fetches[] = { "urlopen",     "urlretrieve", "requests", "httpx",
                                       "http.client", "urllib3",     "aiohttp",  "curl",
                                       "wget",        "socket",      "ftplib",   "download" };
static const char *const uses[] = {
    "ctypes",         "dlopen",     "exec(",     "ExtensionFileLoader",
    "spec_from_file", "subprocess", "os.system", "chmod",
    "extractall",     "sys.path",   "marshal",   "pickle"
};

/*
 * All of a list's words are looked for at once (S. Wu, U. Manber, A Fast Algorithm for
 * Multi-Pattern Searching, 1994): by the last two of four bytes one knows how far the next word
 * may be.
 */
#define WORD_LEAST 4 /* bytes of the shortest word */
#define WORD_PAIRS 4096u

struct words {
    const char *const *list;
    size_t n;
    uint8_t skip[WORD_PAIRS];
};

static unsigned pair_at(const uint8_t *p)
{
    return (p[0] ^ (unsigned)p[1] << 5) & (WORD_PAIRS - 1);
}

static void words_make(struct words *w, const char *const *list, size_t n)
{
    w->list = list;
    w->n = n;
    memset(w->skip, WORD_LEAST - 1, sizeof w->skip);
    for (size_t i = 0; i < n; i++)
        for (uint8_t at = 0; at + 2 <= WORD_LEAST; at++) {
            uint8_t *skip = &w->skip[pair_at((const uint8_t *)list[i] + at)];

            if (*skip > WORD_LEAST - 2 - at)
                *skip = (uint8_t)(WORD_LEAST - 2 - at);
        }
}

static bool word_stands(const struct words *w, struct span at)
{
    for (size_t i = 0; i < w->n; i++)
        if (span_starts(at, span_text(w->list[i])))
            return true;
    return false;
}

static bool has_word(const struct words *w, struct span text)
{
    for (size_t at = 0; text.n - at >= WORD_LEAST;) { /* at grows by three at the most */
        uint8_t skip = w->skip[pair_at(text.p + at + WORD_LEAST - 2)];

        if (!skip && word_stands(w, span_of(text.p + at, text.n - at)))
            return true;
        at += skip ? skip : 1u;
    }
    return false;
}

/* Whether what comes of it may be told: something is fetched, and run, loaded or kept. */
static bool is_grave(unsigned reaches)
{
    return (reaches & GRAPH_FETCHES) && (reaches & (GRAPH_LOADS | GRAPH_STARTS | GRAPH_WRITES));
}

/* Whether a module's functions are followed even if nothing calls them; words are asked last. */
static bool is_interesting(const struct flow *f, const struct words w[2],
                           const struct package_module *m)
{
    return f->p->text_bytes < SMALL ||
           (graph_module_does(f->p, m) && graph_some_reaches(f->p, m, is_grave) &&
            has_word(&w[0], m->text) && has_word(&w[1], m->text));
}

/* ---- roots ---- */

static void starve_check(struct flow *f, uint32_t module, uint32_t function, bool left_out)
{
    const struct ir_function *fn = &f->modules[module].ir->functions[function];
    struct span name = flow_text(f, fn->name);

    const char *why = f->starved;
    unsigned flags = f->p->text_bytes < LARGE || left_out ? PKG_SURE : 0;
    unsigned reaches =
        graph_reaches(f->p, f->modules[module].from, function ? fn->off : GRAPH_BODY);

    bool small = f->p->text_bytes < SMALL && (reaches & (GRAPH_LOADS | GRAPH_STARTS));

    /* What has not fetched by then may in a small package; in others it is as a rule not so. */
    if (!why || !is_grave(reaches) || (!f->fetched && !small))
        return;
    f->starved = NULL;
    if (f->quiet)
        return;
    {
        struct frame fr = { .module = module, .function = function, .off = fn->off };

        f->frame = &fr;
        tell_here(f, &(struct note){ .kind = FACT_PKG_NOT_FOLLOWED,
                                     .subject = name.n ? name : f->modules[module].from->name,
                                     .detail = span_text(why),
                                     .flags = flags });
        f->frame = NULL;
    }
}

static bool root_begin(struct flow *f, unsigned when)
{
    f->when = when;
    f->root_when = when;
    f->starved = NULL;
    if (f->fuel_all <= 0 || f->values.full || f->maps.full)
        return false;
    f->fetched = false;
    f->fuel = f->p->text_bytes < SMALL ? FUEL_SMALL : FUEL_ROOT;
    if (f->fuel > f->fuel_all)
        f->fuel = f->fuel_all;
    f->fuel_all -= f->fuel;
    return true;
}

static void root_end(struct flow *f, uint32_t module, uint32_t function)
{
    f->fuel_all += f->fuel > 0 ? f->fuel : 0;
    starve_check(f, module, function, false);
}

/*
 * A root for which nothing is left. What a module does by itself as it is imported is to be
 * followed whatever lies before it: a package may be padded.
 */
static void root_left_out(struct flow *f, uint32_t module, uint32_t function)
{
    bool early = function == 0 && f->when != PKG_ON_CALL;

    f->fetched = early && is_grave(graph_module_does(f->p, f->modules[module].from));
    f->starved = "too many steps before it";
    starve_check(f, module, function, f->fetched);
}

/* A body runs; its module does something grave by itself: then there is a little for it always. */
static void root_body(struct flow *f, uint32_t module, unsigned when, bool grave)
{
    struct flow_module *m = &f->modules[module];
    uint32_t store = 0;

    if (!flow_module_ir(f, module))
        return;
    if (grave && f->fuel_all <= 0)
        f->fuel_all = FUEL_BODY;
    if (!root_begin(f, when)) {
        root_left_out(f, module, 0);
        return;
    }
    m->state = MODULE_RUNNING;
    if (run_body(f, module, &store))
        map_each(&f->maps, store, keep_slot, f);
    m->state = MODULE_DONE;
    root_end(f, module, 0);
}

/* When a function or body runs by itself; else it is called. */
static unsigned when_of(const struct flow *f, uint32_t module, uint32_t off)
{
    unsigned when = graph_when(f->p, f->modules[module].from, off) & PKG_WHEN;

    if (when & PKG_ON_START)
        return PKG_ON_START;
    if (when & PKG_ON_IMPORT)
        return PKG_ON_IMPORT;
    return when & PKG_ON_INSTALL ? PKG_ON_INSTALL : PKG_ON_CALL;
}

/* A method is called on an instance that was made without anybody's arguments. */
static uint32_t root_callee(struct flow *f, uint32_t module, uint32_t function)
{
    const struct ir_module *m = f->modules[module].ir;
    const struct ir_function *fn = &m->functions[function], *above = &m->functions[fn->parent];
    uint32_t v;
    struct outcomes out = { .n = 0 };
    struct call c = { .more = true };

    if (fn->parent == 0)
        return global_get(f, 0, module, fn->name);
    if (above->kind != IR_CLASS_BODY || above->parent != 0)
        return NOTHING;
    c.callee = global_get(f, 0, module, above->name);
    if (val(f, c.callee)->kind != V_CLASS)
        return NOTHING;
    f->quiet = true;
    call_run(f, &c, &out);
    f->quiet = false;
    for (uint32_t i = 0; i < out.n; i++)
        if (!out.list[i].raised) {
            f->root_store = out.list[i].store;
            v = attr_get(f, out.list[i].store, out.list[i].value, fn->name);
            return val(f, v)->kind == V_BOUND ? v : NOTHING;
        }
    return NOTHING;
}

static void root_function(struct flow *f, uint32_t module, uint32_t function)
{
    const struct ir_function *fn = &f->modules[module].ir->functions[function];
    struct outcomes out = { .n = 0 };
    struct call c = { .off = fn->off };
    struct frame *none = NULL;

    if (!root_begin(f, when_of(f, module, fn->off))) {
        root_left_out(f, module, function);
        return;
    }
    f->frame = none;
    f->root_store = 0;
    c.callee = root_callee(f, module, function);
    c.store = f->root_store;
    if (val(f, c.callee)->kind == V_FUNC || val(f, c.callee)->kind == V_BOUND ||
        val(f, c.callee)->kind == V_WRAP)
        call_run(f, &c, &out);
    root_end(f, module, function);
}

/* A set of names; those that came later are not in it. */
/* Names that somebody calls or hands on. */
static void names_used(struct name_set *set, const struct ir_module *m)
{
    for (uint32_t k = 0; k < m->functions_n; k++)
        for (uint32_t i = 0; i < m->functions[k].ins_n; i++) {
            const struct ir_ins *in = &m->functions[k].ins[i];

            if ((in->op == IR_LOAD || in->op == IR_ATTR || in->op == IR_IMPORT_FROM) &&
                in->name < set->n)
                set->has[in->name] = true;
        }
}

static bool is_used(const struct name_set *set, uint32_t name)
{
    return name < set->n && set->has[name];
}

/* Whether a function takes a digest, or calls one that is known to. */
static bool is_checker(const struct name_set *checkers, const struct ir_function *fn)
{
    for (uint32_t i = 0; i < fn->ins_n; i++)
        if ((fn->ins[i].op == IR_LOAD || fn->ins[i].op == IR_ATTR) &&
            is_used(checkers, fn->ins[i].name))
            return true;
    return false;
}

/* Names by which something is checked: own functions, and those that call them. */
static bool find_checkers(struct flow *f)
{
    static const char *const digests[] = { "hexdigest", "digest", "compare_digest" };
    struct name_set *set = &f->checkers;

    set->n = f->names.n;
    set->has = arena_array(&f->arena, set->n, sizeof *set->has);
    for (unsigned i = 0; set->has && i < ARRAY_LEN(digests); i++)
        if (flow_name(f, digests[i]) < set->n)
            set->has[flow_name(f, digests[i])] = true;
    for (unsigned round = 0; set->has && round < 2; round++)
        for (uint32_t k = 0; k < f->modules_n; k++) {
            const struct ir_module *m = f->modules[k].ir;

            for (uint32_t i = 1; m && i < m->functions_n; i++)
                if (m->functions[i].kind == IR_FUNCTION && m->functions[i].name < set->n &&
                    m->functions[i].name && is_checker(set, &m->functions[i]))
                    set->has[m->functions[i].name] = true;
        }
    return set->has;
}

static void roots_called(struct flow *f, uint32_t module, const struct name_set *used,
                         bool used_too)
{
    const struct ir_module *m = f->modules[module].ir;

    for (uint32_t k = 1; m && k < m->functions_n; k++) {
        const struct ir_function *fn = &m->functions[k];

        if (fn->kind != IR_FUNCTION || !fn->name || f->modules[module].ran[k] ||
            (f->p->text_bytes >= SMALL &&
             !is_grave(graph_reaches(f->p, f->modules[module].from, fn->off))) ||
            is_used(used, fn->name) != used_too)
            continue;
        root_function(f, module, k);
    }
}

/* Whether a body, or what it calls, does anything that is asked about. */
static bool body_matters(const struct flow *f, uint32_t module)
{
    const struct package_module *m = f->modules[module].from;

    return f->p->text_bytes < SMALL || is_grave(graph_reaches(f->p, m, GRAPH_BODY));
}

/* Lowers what is of interest. *used: the names that it makes use of. */
static bool pick_modules(struct flow *f, struct name_set *used)
{
    struct words w[2];

    words_make(&w[0], fetches, ARRAY_LEN(fetches));
    words_make(&w[1], uses, ARRAY_LEN(uses));
    for (uint32_t i = 0; i < f->modules_n; i++)
        f->modules[i].interesting =
            is_interesting(f, w, f->modules[i].from) && flow_module_ir(f, i);
    used->n = f->names.n;
    used->has = arena_array(&f->arena, used->n, sizeof *used->has);
    for (uint32_t i = 0; used->has && i < f->modules_n; i++)
        if (f->modules[i].interesting)
            names_used(used, f->modules[i].ir);
    return used->has;
}

/* In which turn a body is run: what its module does by itself comes first, as long as there is
 * fuel. */
#define TURNS 3
static int turn_of(const struct flow *f, uint32_t module)
{
    unsigned does = graph_module_does(f->p, f->modules[module].from);

    return is_grave(does) ? 0 : does ? 1 : 2;
}

static void run_roots(struct flow *f)
{
    struct name_set used;

    if (!pick_modules(f, &used) || !find_checkers(f))
        return;
    for (int turn = 0; turn < TURNS; turn++)
        for (uint32_t i = 0; i < f->modules_n; i++)
            if (turn_of(f, i) == turn && body_matters(f, i))
                root_body(f, i, when_of(f, i, GRAPH_BODY), turn == 0);
    for (int used_too = 0; used_too < 2; used_too++)
        for (uint32_t i = 0; i < f->modules_n; i++)
            if (f->modules[i].interesting)
                roots_called(f, i, &used, used_too);
}

static int64_t fuel_for(const struct package *p)
{
    int64_t fuel = FUEL_LEAST + (int64_t)p->text_bytes / 16;

    return fuel < FUEL_MAX ? fuel : FUEL_MAX;
}

static bool begin(struct flow *f, struct scan *s)
{
    f->s = s;
    f->p = s->package;
    f->fuel_all = fuel_for(s->package);
    f->fuel = FUEL_ROOT;
    arena_init(&f->arena, ARENA_MAX);
    return ir_names_init(&f->names, &f->arena) && fv_init(&f->values, &f->arena, &f->names) &&
           maps_init(&f->maps, &f->arena) && models_init(&f->models, &f->arena) && list_modules(f);
}

enum pratique_status flow_tell(struct scan *s)
{
    struct flow *f;

    if (!s->package->first)
        return PRATIQUE_OK;
    f = scan_map(s, sizeof *f);
    if (!f)
        return scan_fail_budget(s, 0);
    if (begin(f, s)) {
        run_roots(f);
        tell_uses(f);
    }
    arena_reset(&f->arena);
    scan_unmap(s, f, sizeof *f);
    return PRATIQUE_OK;
}
