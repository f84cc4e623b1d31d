/*
 * Full names: each is kept once. Names of protocols 0 to 2 are what fix_imports
 * makes of them, as CPython's find_class has it (Modules/_pickle.c).
 */
#include "base/utf8.h"
#include "format/pickle/machine.h"

/* A longer name is cut, and marked so that it equals no known one. */
#define NAME_MAX_BYTES ((size_t)400)
/* More distinct names than any honest pickle has. */
#define GLOBALS_MAX 65536u

static const struct {
    const char *module, *name, *module3, *name3;
} compat[] = {
#define NAME(module, name, module3, name3) { module, name, module3, name3 },
#define MODULE(module, module3)            { module, NULL, module3, NULL },
#include "format/pickle/compat.def"
#undef NAME
#undef MODULE
};

/* Maps a Python 2 name in place; true when it changed. */
static bool fix_imports(struct span *module, struct span *name)
{
    for (size_t i = 0; i < ARRAY_LEN(compat); i++) {
        if (!span_is(*module, compat[i].module))
            continue;
        if (compat[i].name && !span_is(*name, compat[i].name))
            continue;
        *module = span_text(compat[i].module3);
        if (compat[i].name)
            *name = span_text(compat[i].name3);
        return true;
    }
    return false;
}

static struct span join(struct machine *m, struct span module, struct span name)
{
    size_t module_n = module.n < NAME_MAX_BYTES ? module.n : NAME_MAX_BYTES;
    size_t name_n = name.n < NAME_MAX_BYTES ? name.n : NAME_MAX_BYTES;
    const char *cut = module_n < module.n || name_n < name.n ? "\xE2\x80\xA6" : "";
    char *s = arena_printf(m->scan->arena, "%.*s%s%.*s%s", (int)module_n, (const char *)module.p,
                           module_n ? "." : "", (int)name_n, (const char *)name.p, cut);

    return s ? span_text(s) : SPAN_EMPTY;
}

static uint32_t hash_full(struct span s)
{
    uint64_t h = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < s.n; i++)
        h = (h ^ s.p[i]) * UINT64_C(1099511628211);
    return (uint32_t)(h ^ h >> 32);
}

static uint32_t *index_slot(const struct machine *m, struct span full)
{
    uint32_t mask = m->globals_slots - 1;

    for (uint32_t i = hash_full(full) & mask;; i = (i + 1) & mask) {
        uint32_t g = m->globals_index[i];

        if (g == 0 || span_equal(m->globals[g - 1].full, full))
            return &m->globals_index[i];
    }
}

static bool index_grow(struct machine *m)
{
    uint32_t slots = m->globals_slots ? m->globals_slots * 2 : 512;

    store_free(m, &m->index_store);
    if (!store_fit(m, &m->index_store, slots * sizeof(uint32_t))) {
        m->globals_slots = 0;
        return false;
    }
    m->globals_index = m->index_store.p;
    m->globals_slots = slots;
    for (uint32_t g = 0; g < m->globals_n; g++)
        *index_slot(m, m->globals[g].full) = g + 1;
    return true;
}

static bool room(struct machine *m)
{
    if (m->globals_n >= GLOBALS_MAX) {
        m->status = scan_fail(m->scan, PRATIQUE_E_LIMIT, m->base + m->op_off,
                              "more than %u different globals", GLOBALS_MAX);
        return false;
    }
    if ((m->globals_n + 1) * 2 > m->globals_slots && !index_grow(m))
        return false;
    if (!store_fit(m, &m->globals_store, (m->globals_n + 1) * sizeof *m->globals))
        return false;
    m->globals = m->globals_store.p;
    return true;
}

/*
 * printf stops at a NUL, and so would a comparison of C strings: a name with one
 * is escaped, which makes it a name that nothing is known of.
 */
static struct span without_nul(struct machine *m, struct span s)
{
    return s.n && memchr(s.p, 0, s.n) ? fact_printable(m->scan->arena, s, NAME_MAX_BYTES) : s;
}

static enum special special_of(struct span full)
{
    static const struct {
        const char *full;
        enum special special;
    } known[] = {
        { "copyreg._reconstructor", SPECIAL_RECONSTRUCTOR },
        { "copyreg.__newobj__", SPECIAL_NEWOBJ },
        { "copyreg.__newobj_ex__", SPECIAL_NEWOBJ_EX },
        { "numpy.dtype", SPECIAL_DTYPE },
        { "builtins.getattr", SPECIAL_GETATTR },
        { "torch.storage._load_from_bytes", SPECIAL_LOADS },
    };

    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (span_is(full, known[i].full))
            return known[i].special;
    if (span_ends(full, SPAN_LITERAL("._ufunc_reconstruct")))
        return SPECIAL_BY_NAME;
    return span_ends(full, SPAN_LITERAL("joblib.numpy_pickle.NumpyArrayWrapper"))
               ? SPECIAL_ARRAY_WRAPPER
               : SPECIAL_NONE;
}

uint32_t global_intern(struct machine *m, struct span module, struct span name, unsigned flags)
{
    struct span full, written = SPAN_EMPTY;
    uint32_t *slot;

    module = without_nul(m, module);
    name = without_nul(m, name);
    full = join(m, module, name);
    if (m->protocol < 3 && fix_imports(&module, &name)) {
        written = full;
        full = join(m, module, name);
    }
    if (!full.n || !room(m)) {
        if (m->status == PRATIQUE_OK)
            m->status = scan_fail(m->scan, PRATIQUE_E_LIMIT, m->base + m->op_off, "memory");
        return UINT32_MAX;
    }
    slot = index_slot(m, full);
    if (*slot == 0) {
        m->globals[m->globals_n] = (struct global){ .full = full,
                                                    .written = written,
                                                    .off = m->op_off,
                                                    .flags = flags,
                                                    .told = -1,
                                                    .special = special_of(full) };
        *slot = ++m->globals_n;
        m->wrappers |= m->globals[*slot - 1].special == SPECIAL_ARRAY_WRAPPER;
    }
    m->globals[*slot - 1].flags |= flags;
    if (name.n && memchr(name.p, '.', name.n))
        m->globals[*slot - 1].flags |= PK_DOTTED;
    return *slot - 1;
}

/* 64 bits, since these are compared without the names. */
static uint64_t hash_long(struct span s)
{
    uint64_t h = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < s.n; i++)
        h = (h ^ s.p[i]) * UINT64_C(1099511628211);
    return h;
}

bool globals_remember(struct machine *m)
{
    m->known_names_n = 0;
    if (!store_fit(m, &m->known_store, (m->globals_n + 1) * sizeof *m->known_names))
        return false;
    m->known_names = m->known_store.p;
    for (uint32_t g = 0; g < m->globals_n; g++)
        m->known_names[m->known_names_n++] = hash_long(m->globals[g].full);
    return true;
}

static bool may_be_name(struct span s)
{
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = s.p[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '_' || c == '.' || c >= 0x80))
            return false;
    }
    return s.n > 0 && utf8_valid(s.p, s.n);
}

bool global_is_news(const struct machine *m, uint32_t g)
{
    uint64_t h = hash_long(m->globals[g].full);

    for (uint32_t i = 0; i < m->known_names_n; i++)
        if (m->known_names[i] == h)
            return false;
    return may_be_name(m->globals[g].full);
}
