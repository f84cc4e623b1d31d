/*
 * Keras configurations: the walk over the document. See keras.h; object.c and lambda.c say what is
 * thought of as code.
 *
 * Left out: shapes and types, which no loader acts on before it fails.
 */
#include "format/keras/keras.h"

#include "base/compiler.h"
#include "format/keras/parts.h"
#include "format/model/model.h"

static uint64_t mix(uint64_t h, struct span text)
{
    for (size_t i = 0; i < text.n; i++)
        h = (h ^ text.p[i]) * 0x100000001B3;
    return (h ^ 0xFF) * 0x100000001B3;
}

/* Whether this was not told yet; what finds no room is told again. */
static bool is_new(struct keras *k, unsigned kind, struct span subject, struct span detail)
{
    uint64_t h = mix(mix(0xCBF29CE484222325 + kind, subject), detail) | 1;

    for (size_t i = 0; i < 8; i++) {
        uint64_t *slot = &k->seen[(h / 2 + i) % SEEN_SLOTS];

        if (*slot == h)
            return false;
        if (*slot == 0) {
            *slot = h;
            return true;
        }
    }
    return true;
}

void keras_fact(struct keras *k, enum fact_kind kind, doc_id id, struct span subject,
                const char *detail)
{
    if (is_new(k, kind, subject, span_text(detail)))
        doc_fact(k->d, kind, id, subject, span_text(detail));
}

void keras_code(struct keras *k, doc_id id, struct span name, const char *how)
{
    uint32_t line, column;

    if (!is_new(k, FACT_MODEL_CODE, name, span_text(how)))
        return;
    doc_place(k->d, id, &line, &column);
    model_code(k->s, doc_offset(k->d, id), line, column, name, how, MC_CALLS);
}

/* ---- the walk ---- */

static bool is_object(const struct doc *d, doc_id id)
{
    return doc_kind(d, id) == DOC_OBJECT && doc_kind(d, doc_get(d, id, "class_name")) == DOC_STRING;
}

/* Activations and losses by name are looked up; a dotted one asks for more than Keras has. */
static void tell_dotted(struct keras *k, doc_id id)
{
    static const char *const keys[] = { "activation", "recurrent_activation", "loss", "optimizer",
                                        "fn" };
    struct span key = doc_key(k->d, id), text = doc_text(k->d, id);

    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (span_is(key, keys[i]) && span_find(text, 0, SPAN_LITERAL(".")) != SIZE_MAX &&
            span_find(text, 0, SPAN_LITERAL(" ")) == SIZE_MAX)
            keras_code(k, id, text, keys[i]);
}

static enum pratique_status visit(struct keras *k, doc_id id)
{
    if (is_object(k->d, id))
        return keras_object(k, id);
    if (doc_kind(k->d, id) != DOC_STRING)
        return PRATIQUE_OK;
    tell_dotted(k, id);
    return keras_text(k, id);
}

static void say(struct keras *k, doc_id object)
{
    struct span version = doc_get_text(k->d, object, "keras_version");

    if (version.n) {
        model_says(k->s, "version", version);
        model_says(k->s, "library", SPAN_LITERAL("keras"));
    }
}

/* TF.js: a layers model names the files of its weights. */
static void tell_manifest(struct keras *k, doc_id root)
{
    doc_id group = doc_first(k->d, doc_get(k->d, root, "weightsManifest"));

    for (; group != DOC_NONE; group = doc_next(k->d, group)) {
        doc_id path = doc_first(k->d, doc_get(k->d, group, "paths"));

        for (; path != DOC_NONE; path = doc_next(k->d, path))
            if (doc_kind(k->d, path) == DOC_STRING)
                model_path(k->s, doc_offset(k->d, path), doc_text(k->d, path), "weights");
    }
}

/* A text that is JSON in itself: older files hold configurations so. */
static enum pratique_status walk(struct keras *k)
{
    enum pratique_status st = PRATIQUE_OK;
    uint64_t n = 0;

    for (doc_id id = 0; id != DOC_NONE && st == PRATIQUE_OK; id = doc_walk(k->d, id)) {
        if (++n % 65536 == 0 && !budget_time(k->s->budget))
            return scan_fail_budget(k->s, doc_offset(k->d, id));
        st = visit(k, id);
    }
    return st;
}

static enum pratique_status tell(const struct doc *d, const char *where)
{
    struct keras *k = scan_map(d->s, sizeof *k);
    enum pratique_status st;

    if (!k)
        return scan_fail_budget(d->s, 0);
    k->d = d;
    k->s = d->s;
    k->where = where;
    say(k, 0);
    model_says(k->s, "architecture", doc_get_text(d, 0, "class_name"));
    tell_manifest(k, 0);
    st = walk(k);
    if (st == PRATIQUE_OK)
        scan_read(k->s, "keras config", d->in.n, "%s, %llu objects", where,
                  (unsigned long long)k->objects);
    scan_unmap(d->s, k, sizeof *k);
    return st;
}

static bool matches(const struct doc *d)
{
    if (doc_get(d, 0, "keras_version") != DOC_NONE && doc_get(d, 0, "date_saved") != DOC_NONE)
        return true;
    for (doc_id id = 0; id != DOC_NONE; id = doc_walk(d, id))
        if (doc_kind(d, id) == DOC_OBJECT && is_object(d, id) &&
            (doc_get(d, id, "config") != DOC_NONE || doc_get(d, id, "layers") != DOC_NONE ||
             doc_get(d, id, "registered_name") != DOC_NONE))
            return true;
    return false;
}

static enum pratique_status tell_document(const struct doc *d)
{
    return tell(d, "a configuration");
}

const struct doc_reader keras_reader = {
    .name = "keras config",
    .matches = matches,
    .tell = tell_document,
};

enum pratique_status keras_config(struct scan *s, struct span json, const char *where)
{
    struct doc d;
    enum pratique_status st = doc_json(&d, s, json);

    if (st == PRATIQUE_OK)
        st = tell(&d, where);
    doc_free(&d);
    return st;
}

static bool looks_like(struct span in)
{
    return doc_looks_like_json(in);
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    return keras_config(s, in, "a member of a Keras archive");
}

const struct format format_keras_config = {
    .name = "keras config",
    .spec = "Keras 3, keras/src/saving/saving_lib.py: config.json and metadata.json",
    .looks_like = looks_like,
    .scan = scan,
};
