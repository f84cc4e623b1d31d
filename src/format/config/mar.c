/*
 * MANIFEST.json of a TorchServe archive: the handler that a server imports when it takes the
 * model, and the files beside it.
 *
 * Spec: github.com/pytorch/serve, model-archiver (manifest); docs.pytorch.org/serve (default
 * handlers, custom service).
 */
#include "base/compiler.h"
#include "format/config/config.h"

static bool matches(const struct doc *d)
{
    doc_id model = doc_get(d, 0, "model");

    return doc_kind(d, model) == DOC_OBJECT && doc_get(d, model, "handler") != DOC_NONE &&
           (doc_get(d, model, "modelName") != DOC_NONE ||
            doc_get(d, 0, "archiverVersion") != DOC_NONE || doc_get(d, 0, "runtime") != DOC_NONE);
}

/* Those of the server's own. */
static bool is_default_handler(struct span name)
{
    static const char *const names[] = { "image_classifier", "image_segmenter", "object_detector",
                                         "text_classifier",  "base_handler",    "text_handler",
                                         "vision_handler" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(name, names[i]))
            return true;
    return name.n == 0;
}

static void tell_member(const struct doc *d, doc_id id)
{
    static const char *const files[] = { "serializedFile", "modelFile", "requirementsFile",
                                         "configFile" };
    uint8_t buf[DOC_NAME_MAX];
    struct span key = doc_name(d, id, buf), text = doc_text(d, id);

    if (doc_kind(d, id) != DOC_STRING || text.n == 0)
        return;
    if (span_is(key, "handler") && !is_default_handler(text)) {
        const uint8_t *colon = memchr(text.p, ':', text.n);
        struct span file = span_of(text.p, colon ? (size_t)(colon - text.p) : text.n);

        config_code(d, id, text, "handler", MC_BESIDE);
        if (model_path_flags(file))
            model_path(d->s, doc_where(d, id), file, "handler");
    }
    if (span_is(key, "modelFile") || span_is(key, "envelope"))
        config_code(d, id, text, "modelFile", MC_BESIDE);
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        if (span_is(key, files[i]) && model_path_flags(text))
            model_path(d->s, doc_where(d, id), text, files[i]);
}

static enum pratique_status tell(const struct doc *d)
{
    uint8_t buf[DOC_NAME_MAX];

    for (doc_id m = doc_first(d, 0); m != DOC_NONE; m = doc_next(d, m)) {
        if (!span_is(doc_name(d, m, buf), "model"))
            continue;
        for (doc_id id = doc_first(d, m); id != DOC_NONE; id = doc_next(d, id))
            tell_member(d, id);
    }
    return PRATIQUE_OK;
}

const struct doc_reader config_mar = { "torchserve manifest", matches, tell };
