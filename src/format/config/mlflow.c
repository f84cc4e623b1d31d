/*
 * MLmodel: how MLflow loads a model. Each flavor names what to import and which file holds the
 * model; "code" is a folder that is put on the import path.
 *
 * Spec: mlflow.org/docs/latest/ml/model (MLmodel, flavors, python_function).
 */
#include "format/config/config.h"

static bool matches(const struct doc *d)
{
    return doc_kind(d, doc_get(d, 0, "flavors")) == DOC_OBJECT;
}

static void tell_path(const struct doc *d, doc_id id, const char *what)
{
    if (doc_kind(d, id) == DOC_STRING && doc_text(d, id).n > 0)
        model_path(d->s, doc_where(d, id), doc_text(d, id), what);
}

static void tell_member(const struct doc *d, doc_id id)
{
    uint8_t buf[DOC_NAME_MAX];
    struct span key = doc_name(d, id, buf);

    if (span_is(key, "loader_module") && doc_kind(d, id) != DOC_NULL)
        config_code(d, id, doc_text(d, id), "loader_module", MC_IMPORTS);
    else if (span_is(key, "code") && doc_kind(d, id) == DOC_STRING && doc_text(d, id).n > 0)
        config_code(d, id, doc_text(d, id), "code", MC_BESIDE);
    else if (span_is(key, "model_code_path") && doc_kind(d, id) == DOC_STRING)
        config_code(d, id, doc_text(d, id), "model_code_path", MC_BESIDE);
    if (span_is(key, "model_path") || span_is(key, "pickled_model") || span_is(key, "data") ||
        span_is(key, "python_model") || span_is(key, "code") || span_is(key, "model_data"))
        tell_path(d, id, "a part of the MLflow model");
}

static void tell_flavor(const struct doc *d, doc_id flavor)
{
    for (doc_id id = doc_first(d, flavor); id != DOC_NONE; id = doc_next(d, id))
        tell_member(d, id);
}

static enum pratique_status tell(const struct doc *d)
{
    uint8_t buf[DOC_NAME_MAX];

    for (doc_id m = doc_first(d, 0); m != DOC_NONE; m = doc_next(d, m)) {
        if (!span_is(doc_name(d, m, buf), "flavors"))
            continue;
        for (doc_id id = doc_first(d, m); id != DOC_NONE; id = doc_next(d, id)) {
            model_says(d->s, "library", doc_key(d, id));
            tell_flavor(d, id);
        }
    }
    model_says(d->s, "version", doc_get_text(d, 0, "mlflow_version"));
    return PRATIQUE_OK;
}

const struct doc_reader config_mlflow = { "MLflow model", matches, tell };
