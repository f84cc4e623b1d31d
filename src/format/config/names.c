/*
 * Keys by which a loader is told to import and call something, wherever in a document they are:
 * Hydra and OmegaConf, Hugging Face, jsonpickle, jsonargparse and Lightning, latent diffusion and
 * NeMo. The names are told, and judged elsewhere; a value that is no name (an alias, something
 * that is put together when it is loaded) is told as it is written, so it is known to nobody.
 *
 * Spec: hydra.cc/docs/advanced/instantiate_objects; omegaconf.readthedocs.io (resolvers);
 * huggingface.co/docs/transformers/custom_models; jsonpickle.readthedocs.io (tags);
 * jsonargparse.readthedocs.io (class_path).
 */
#include "format/config/config.h"

#include <ctype.h>
#include <strings.h>

#include "base/compiler.h"
#include "format/path.h"

#define ANSWERS 8 /* keys that are asked for beside others */

struct answer {
    const char *key;
    doc_id id;
};

struct walk {
    const struct doc *d;
    struct config_seen seen;
    enum pratique_status status;
    unsigned pickles, templates;
    bool may_resolve, may_be_template; /* some text of the document */
    bool objects;                      /* asked for serialised objects alone */
    doc_id mapped; /* every value before it that is below an auto_map was told */
    doc_id object; /* the one that was asked last; its answers */
    struct answer answers[ANSWERS];
    size_t answers_n;
};

/* Once for each name and way of naming. */
static void code(struct walk *w, doc_id id, struct span name, const char *how, unsigned flags)
{
    if (name.n > 0 && config_is_new(&w->seen, name, flags))
        config_code(w->d, id, name, how, flags);
}

static bool is_text(const struct doc *d, doc_id id)
{
    return doc_kind(d, id) == DOC_STRING || doc_kind(d, id) == DOC_ALIAS;
}

/* Objects of more members are not asked for another one for each: that would be quadratic. */
#define BESIDE_MAX 1000

static doc_id beside(struct walk *w, doc_id id, const char *key)
{
    doc_id parent = doc_parent(w->d, id), found;

    if (doc_count(w->d, parent) > BESIDE_MAX)
        return DOC_NONE;
    if (doc_count(w->d, parent) <= ANSWERS) /* cheaper than to remember */
        return doc_get(w->d, parent, key);
    if (parent != w->object)
        w->answers_n = 0;
    w->object = parent;
    for (size_t i = 0; i < w->answers_n; i++)
        if (strcmp(w->answers[i].key, key) == 0)
            return w->answers[i].id;
    found = doc_get(w->d, parent, key);
    if (w->answers_n < ANSWERS)
        w->answers[w->answers_n++] = (struct answer){ key, found };
    return found;
}

/* ---- Hydra ---- */

/* Functions that hand on, or call, what their argument "path" names. */
static bool takes_path(struct span name)
{
    static const char *const ends[] = { "get_method", "get_class", "get_object",
                                        "get_static_method", "_locate" };

    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        if (span_ends(name, span_text(ends[i])))
            return true;
    return false;
}

static void tell_target(struct walk *w, doc_id id, const char *how)
{
    struct span name = doc_text(w->d, id);
    doc_id path;

    if (!is_text(w->d, id))
        return;
    code(w, id, name, how, MC_CALLS);
    path = takes_path(name) ? beside(w, id, "path") : DOC_NONE;
    if (is_text(w->d, path))
        code(w, path, doc_text(w->d, path), "path", MC_CALLS);
}

static void tell_hydra(struct walk *w, doc_id id)
{
    tell_target(w, id, "_target_");
}

/* "target" means a class only beside its arguments, or where NeMo wrote the file. */
static void tell_plain_target(struct walk *w, doc_id id)
{
    static const char *const signs[] = { "params", "kwargs", "init_args", "nemo_version" };
    bool called = doc_count(w->d, doc_parent(w->d, id)) > BESIDE_MAX;

    if (!is_text(w->d, id) || !config_is_dotted(doc_text(w->d, id)))
        return;
    for (size_t i = 0; i < ARRAY_LEN(signs) && !called; i++)
        called = beside(w, id, signs[i]) != DOC_NONE;
    if (called)
        tell_target(w, id, "target");
}

static void tell_class_path(struct walk *w, doc_id id)
{
    if (is_text(w->d, id) && config_is_dotted(doc_text(w->d, id)))
        code(w, id, doc_text(w->d, id), "class_path", MC_CALLS);
}

/* ---- Hugging Face ---- */

/* "module.Class" beside the model, "user/repo--module.Class" elsewhere. */
static void tell_remote_name(struct walk *w, doc_id id, const char *how)
{
    struct span name = doc_text(w->d, id);
    bool remote = span_find(name, 0, SPAN_LITERAL("--")) != SIZE_MAX;

    if (is_text(w->d, id))
        code(w, id, name, how, MC_ASKED | (remote ? MC_REMOTE : MC_BESIDE));
}

/* Every text below a value: {"AutoModel": "m.C", "AutoTokenizer": ["t.Slow", null]}. */
static void tell_all_below(struct walk *w, doc_id id, const char *how)
{
    doc_id top = id;

    tell_remote_name(w, id, how);
    for (unsigned n = 0; n < 1000 && (id = doc_walk(w->d, id)) != DOC_NONE &&
                         doc_parent(w->d, id) != DOC_NONE && doc_parent(w->d, id) >= top;
         n++)
        tell_remote_name(w, id, how);
    w->mapped = id;
}

/* One within another was told with it. */
static void tell_auto_map(struct walk *w, doc_id id)
{
    if (id >= w->mapped)
        tell_all_below(w, id, "auto_map");
}

static void tell_custom_pipelines(struct walk *w, doc_id id)
{
    for (doc_id task = doc_first(w->d, id); task != DOC_NONE; task = doc_next(w->d, task)) {
        doc_id impl = doc_get(w->d, task, "impl");

        if (impl != DOC_NONE)
            tell_remote_name(w, impl, "custom_pipelines");
    }
}

/* Files that transformers and sentence-transformers take their arguments from. */
static bool is_heeded(const struct doc *d)
{
    struct span base = path_base(d->s->name);

    return strcmp(d->notation, "JSON") == 0 &&
           (config_hub.matches(d) || config_modules.matches(d) ||
            span_ends(base, SPAN_LITERAL("config.json")));
}

/* In what a program of somebody's own reads, it is that program's argument. */
static void tell_trust(struct walk *w, doc_id id)
{
    static const struct span key = { (const uint8_t *)"trust_remote_code", 17 };

    if (doc_kind(w->d, id) == DOC_TRUE || doc_is(w->d, id, "true") || doc_is(w->d, id, "True"))
        doc_fact(w->d, is_heeded(w->d) ? FACT_CONFIG_TRUST_REMOTE : FACT_CONFIG_TRUST_ELSEWHERE, id,
                 key, SPAN_EMPTY);
}

/* PEFT imports this module, to take the class of the base model from it. */
static void tell_parent_library(struct walk *w, doc_id id)
{
    if (is_text(w->d, id))
        code(w, id, doc_text(w->d, id), "parent_library", MC_IMPORTS);
}

/* "user/repo": compiled code of another repository, in place of the library's own. */
static void tell_attention(struct walk *w, doc_id id)
{
    struct span name = doc_text(w->d, id);

    if (is_text(w->d, id) && name.n > 0 && memchr(name.p, '/', name.n))
        code(w, id, name, "attn_implementation", MC_REMOTE);
}

/* BentoML: "module:service", imported by the server. */
static void tell_service(struct walk *w, doc_id id)
{
    static const char *const signs[] = { "bentoml_version", "include", "python", "models" };
    bool bento = false;

    for (size_t i = 0; i < ARRAY_LEN(signs) && !bento; i++)
        bento = beside(w, id, signs[i]) != DOC_NONE;
    if (bento && is_text(w->d, id) && config_is_dotted(doc_text(w->d, id)))
        code(w, id, doc_text(w->d, id), "service", MC_BESIDE);
}

/* A template, or a list of {"name": ..., "template": ...}. */
static void tell_chat_template(struct walk *w, doc_id id)
{
    w->status = config_template(w->d, id, "chat_template");
    for (doc_id one = doc_first(w->d, id); one != DOC_NONE && w->status == PRATIQUE_OK;
         one = doc_next(w->d, one)) {
        doc_id template = doc_kind(w->d, one) == DOC_OBJECT ? doc_get(w->d, one, "template") : one;

        w->status = config_template(w->d, template, "chat_template");
    }
}

/* ---- jsonpickle ---- */

static void tell_py_object(struct walk *w, doc_id id)
{
    if (is_text(w->d, id))
        code(w, id, doc_text(w->d, id), "py/object", MC_CALLS);
}

static void tell_py_function(struct walk *w, doc_id id)
{
    if (is_text(w->d, id))
        code(w, id, doc_text(w->d, id), "py/function", MC_CALLS);
}

/* A type is called where it stands first in a py/reduce or is what an object is made of. */
static void tell_py_type(struct walk *w, doc_id id)
{
    uint8_t buf[DOC_NAME_MAX];
    doc_id list = doc_parent(w->d, doc_parent(w->d, id));
    bool called = span_is(doc_name(w->d, list, buf), "py/reduce");

    if (is_text(w->d, id))
        code(w, id, doc_text(w->d, id), "py/type", called ? MC_CALLS : MC_NAMES);
}

/* Old versions evaluate it: "module/expression". */
static void tell_py_repr(struct walk *w, doc_id id)
{
    if (is_text(w->d, id))
        doc_fact(w->d, FACT_CONFIG_EVALUATED, id, SPAN_LITERAL("py/repr"), doc_text(w->d, id));
}

/* ---- logging.config ---- */

/* Handlers and formatters of well-known packages: classes that write lines of text. */
static bool is_logger(struct span name)
{
    static const char *const packages[] = {
        "logging.",         "colorlog.",         "rich.logging.",          "pythonjsonlogger.",
        "uvicorn.logging.", "structlog.stdlib.", "concurrent_log_handler."
    };
    size_t last = name.n;

    while (last > 0 && name.p[last - 1] != '.')
        last--;
    for (size_t i = 0; i < ARRAY_LEN(packages); i++)
        if (span_starts(name, span_text(packages[i])))
            return last < name.n && isupper(name.p[last]);
    return false;
}

/* "ext://sys.stdout": an object of that name; the plain name where a factory is asked for. */
static void tell_logged(struct walk *w, doc_id id, const char *how, unsigned flags)
{
    struct span name = doc_text(w->d, id);

    if (!is_text(w->d, id))
        return;
    if (span_starts(name, SPAN_LITERAL("ext://")))
        name = span_from(name, 6);
    if (config_is_dotted(name) && !is_logger(name) && !span_starts(name, SPAN_LITERAL("sys.std")))
        code(w, id, name, how, flags);
}

static void tell_factory(struct walk *w, doc_id id)
{
    tell_logged(w, id, "()", MC_CALLS);
}

/* {"handlers": {"name": {"class": ...}}} */
static void tell_logging_class(struct walk *w, doc_id id)
{
    static const char *const parts[] = { "handlers", "formatters", "filters" };
    doc_id part = doc_parent(w->d, doc_parent(w->d, id));
    uint8_t buf[DOC_NAME_MAX];

    for (size_t i = 0; part != DOC_NONE && i < ARRAY_LEN(parts); i++)
        if (span_is(doc_name(w->d, part, buf), parts[i]) && beside(w, part, "version") != DOC_NONE)
            tell_logged(w, id, "class", MC_CALLS);
}

/* ---- LangChain ---- */

/* ["package", "module", "Class"] with dots between. */
static struct span dotted(const struct doc *d, doc_id list, char *buf, size_t size)
{
    size_t n = 0;

    for (doc_id id = doc_first(d, list); id != DOC_NONE && n + 1 < size; id = doc_next(d, id)) {
        struct span part = doc_text(d, id);

        if (n > 0)
            buf[n++] = '.';
        part.n = part.n < size - n ? part.n : size - n;
        if (part.n > 0)
            memcpy(buf + n, part.p, part.n);
        n += part.n;
    }
    return span_of((const uint8_t *)buf, n);
}

#define ARGUMENTS_MAX 64 /* more than any constructor has */

/* Where a secret belongs: an argument of that name, of an object that sends it to no other place.
 */
static bool is_own_secret(const struct doc *d, doc_id secret)
{
    static const char *const words[] = { "key", "token", "secret", "password", "credential" };
    doc_id kwargs = doc_parent(d, secret), object = doc_parent(d, kwargs);
    uint8_t buf[DOC_NAME_MAX];
    struct span name = doc_name(d, secret, buf);
    bool named = false;

    if (doc_count(d, kwargs) > ARGUMENTS_MAX || doc_count(d, object) > ARGUMENTS_MAX ||
        !doc_is(d, doc_get(d, object, "type"), "constructor"))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(words) && !named; i++)
        named = span_find(name, 0, span_text(words[i])) != SIZE_MAX;
    for (doc_id id = doc_first(d, kwargs); id != DOC_NONE && named; id = doc_next(d, id))
        named = span_find(doc_text(d, id), 0, SPAN_LITERAL("://")) == SIZE_MAX;
    return named;
}

/* {"lc": 1, "type": "constructor", "id": [...], "kwargs": {...}}, {"lc": 1, "type": "secret", ...}
 */
static void tell_langchain(struct walk *w, doc_id id)
{
    doc_id object = doc_parent(w->d, id), list, type;
    char buf[256], *copy;
    struct span name;
    bool made, own;

    /* Its object is asked once, however often it has the key. */
    if (doc_flags(w->d, id) & DOC_DUPLICATE || doc_kind(w->d, id) != DOC_NUMBER)
        return;
    list = doc_get(w->d, object, "id");
    type = doc_get(w->d, object, "type");
    made = doc_is(w->d, type, "constructor");
    if (doc_kind(w->d, list) != DOC_ARRAY || (!made && !doc_is(w->d, type, "secret")))
        return;
    own = !made && is_own_secret(w->d, object);
    name = dotted(w->d, list, buf, sizeof buf);
    if (!config_is_new(&w->seen, name, made ? 1u << 18 : own ? 1u << 19 : 1u << 20))
        return;
    copy = arena_printf(w->d->s->arena, "%.*s", (int)name.n, (const char *)name.p);
    name = copy ? span_text(copy) : SPAN_EMPTY;
    if (made)
        config_code(w->d, list, name, "lc", MC_CALLS);
    else
        doc_fact(w->d, own ? FACT_CONFIG_RESOLVER : FACT_CONFIG_SECRET, list, name,
                 SPAN_LITERAL("secret"));
}

/* Beside {"template_format": "jinja2"} every text is a template. */
static void tell_template_format(struct walk *w, doc_id id)
{
    doc_id parent = doc_parent(w->d, id);

    if (!doc_is(w->d, id, "jinja2") && !doc_is(w->d, id, "jinja"))
        return;
    for (doc_id one = doc_first(w->d, parent); one != DOC_NONE && w->status == PRATIQUE_OK;
         one = doc_next(w->d, one))
        if (doc_kind(w->d, one) == DOC_STRING)
            w->status = config_template(w->d, one, "template");
}

/* ---- the keys ---- */

static const struct {
    const char *key;
    void (*tell)(struct walk *w, doc_id id);
} keys[] = {
    { "_target_", tell_hydra },
    { "__target__", tell_hydra },
    { "target", tell_plain_target },
    { "class_path", tell_class_path },
    { "auto_map", tell_auto_map },
    { "custom_pipelines", tell_custom_pipelines },
    { "trust_remote_code", tell_trust },
    { "chat_template", tell_chat_template },
    { "parent_library", tell_parent_library },
    { "attn_implementation", tell_attention },
    { "_attn_implementation", tell_attention },
    { "service", tell_service },
    { "()", tell_factory },
    { "class", tell_logging_class },
    /* From here on: what is made again of any value, of a line of data as well. */
    { "lc", tell_langchain },
    { "template_format", tell_template_format },
    { "py/object", tell_py_object },
    { "py/function", tell_py_function },
    { "py/type", tell_py_type },
    { "py/repr", tell_py_repr },
};

#define OBJECTS_N 6 /* of them, at the end */

/* By the length of a key: the first letters of the keys that are so long. */
static void index_keys(uint32_t letters[DOC_NAME_MAX])
{
    memset(letters, 0, DOC_NAME_MAX * sizeof *letters);
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        letters[strlen(keys[i].key)] |= 1u << (keys[i].key[0] & 31);
}

static bool same_word(struct span a, const char *b)
{
    return a.n == strlen(b) && strncasecmp((const char *)a.p, b, a.n) == 0;
}

static void tell_key(struct walk *w, doc_id id, struct span key)
{
    for (size_t i = w->objects ? ARRAY_LEN(keys) - OBJECTS_N : 0; i < ARRAY_LEN(keys); i++) {
        if (!same_word(key, keys[i].key))
            continue;
        keys[i].tell(w, id);
        if (doc_flags(w->d, id) & DOC_DUPLICATE && config_is_new(&w->seen, key, 1u << 16))
            doc_fact(w->d, FACT_CONFIG_TWICE, id, key, doc_text(w->d, id));
        return;
    }
}

/* ---- what is put together as it is loaded ---- */

static bool is_word_of(struct span word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (same_word(word, words[i]))
            return true;
    return false;
}

/* "${name:argument}": the name of OmegaConf's resolver; empty for another use of the characters. */
static struct span resolver(struct span at)
{
    size_t n = 2;

    while (n < at.n && (isalnum(at.p[n]) || at.p[n] == '_' || at.p[n] == '.'))
        n++;
    if (n == 2 || n + 1 >= at.n || at.p[n] != ':' || memchr("-=?+", at.p[n + 1], 4))
        return SPAN_EMPTY; /* a shell's "${name:-default}" */
    return span_of(at.p + 2, n - 2);
}

static void tell_resolvers(struct walk *w, doc_id id)
{
    static const char *const plain[] = { "hydra",          "now",          "oc.select",
                                         "oc.decode",      "oc.create",    "oc.dict.keys",
                                         "oc.dict.values", "oc.deprecated" };
    static const char *const runs[] = { "eval",   "exec",   "python", "py",   "call",
                                        "import", "lambda", "shell",  "cmd",  "sh",
                                        "bash",   "system", "jndi",   "calc", "compute" };
    struct span text = doc_text(w->d, id);
    size_t off = 0;

    while ((off = span_find(text, off, SPAN_LITERAL("${"))) != SIZE_MAX) {
        struct span name = resolver(span_from(text, off));

        off += 2;
        if (name.n == 0 || is_word_of(name, plain, ARRAY_LEN(plain)))
            continue;
        if (config_is_new(&w->seen, name, 1u << 17))
            doc_fact(w->d,
                     is_word_of(name, runs, ARRAY_LEN(runs)) ? FACT_CONFIG_EVALUATED
                                                             : FACT_CONFIG_RESOLVER,
                     id, name, text);
    }
}

/* Whether any text may have a resolver. */
static bool may_resolve(struct span in)
{
    const uint8_t *hit;

    while (in.n > 1 && (hit = memchr(in.p, '$', in.n - 1))) {
        if (hit[1] == '{' || hit[1] == '\\')
            return true;
        in = span_from(in, (size_t)(hit - in.p) + 1);
    }
    return false;
}

/* ---- templates in texts ---- */

#define PLACED_MAX 256 /* more are told without their lines */

/* Whether any text may be a template. */
static bool may_be_template(struct span in)
{
    return span_find(in, 0, SPAN_LITERAL("{{")) != SIZE_MAX ||
           span_find(in, 0, SPAN_LITERAL("{%")) != SIZE_MAX;
}

/* Such are read as templates already: {"chat_template": [{"name": ..., "template": ...}]}. */
static bool is_in_chat_template(const struct doc *d, doc_id id)
{
    uint8_t buf[DOC_NAME_MAX];

    for (unsigned up = 0; up < 3 && id != DOC_NONE; up++, id = doc_parent(d, id))
        if (span_is(doc_name(d, id, buf), "chat_template"))
            return true;
    return false;
}

/* ---- pickles in texts ---- */

#define PICKLES_MAX 16

static void tell_pickle(struct walk *w, doc_id id)
{
    size_t had = w->d->s->facts->n;

    if (w->pickles == PICKLES_MAX)
        return;
    w->status = model_encoded(w->d->s, doc_text(w->d, id), SPAN_LITERAL("(text)"));
    w->pickles += w->d->s->facts->n > had;
}

/* ---- the walk ---- */

static bool matches(const struct doc *d)
{
    (void)d;
    return true;
}

/* What any text may be. */
static void tell_string(struct walk *w, doc_id id)
{
    if (span_starts(doc_text(w->d, id), SPAN_LITERAL("ext://")))
        tell_logged(w, id, "ext://", MC_IMPORTS);
    if (w->may_resolve)
        tell_resolvers(w, id);
    if (w->may_be_template && !is_in_chat_template(w->d, id))
        w->status = config_text(w->d, id, w->templates++ < PLACED_MAX);
    if (w->status == PRATIQUE_OK)
        tell_pickle(w, id);
}

static enum pratique_status tell(const struct doc *d)
{
    struct span side = span_of(d->side, d->side_n);
    struct walk w = { .d = d, .seen = { .s = d->s } };
    uint32_t letters[DOC_NAME_MAX];
    uint8_t buf[DOC_NAME_MAX];

    w.may_resolve = d->odd_escapes || may_resolve(d->in) || may_resolve(side);
    w.may_be_template = d->odd_escapes || may_be_template(d->in) || may_be_template(side);
    index_keys(letters);
    for (doc_id id = 0; id != DOC_NONE && w.status == PRATIQUE_OK; id = doc_walk(d, id)) {
        struct span key = doc_name(d, id, buf);

        if (key.n > 0 && key.n < DOC_NAME_MAX && letters[key.n] & 1u << (key.p[0] & 31))
            tell_key(&w, id, key);
        if (doc_kind(d, id) == DOC_STRING && w.status == PRATIQUE_OK)
            tell_string(&w, id);
    }
    config_seen_free(&w.seen);
    return w.status;
}

enum pratique_status config_objects(const struct doc *d, struct config_seen *seen)
{
    struct walk w = { .d = d, .seen = *seen, .objects = true };
    uint8_t buf[DOC_NAME_MAX];

    for (doc_id id = 0; id != DOC_NONE && w.status == PRATIQUE_OK; id = doc_walk(d, id)) {
        struct span key = doc_name(d, id, buf);

        if (key.n > 1 && (key.p[0] == 'l' || key.p[0] == 'p' || key.p[0] == 't'))
            tell_key(&w, id, key);
        if (doc_kind(d, id) == DOC_STRING && w.status == PRATIQUE_OK)
            tell_pickle(&w, id);
    }
    *seen = w.seen;
    return w.status;
}

const struct doc_reader config_names = { .name = NULL, .matches = matches, .tell = tell };
