/*
 * Manifest.json of a Core ML package (.mlpackage): where its items lie, below the folder "Data".
 *
 * Spec: coremltools/modelpackage/src/ModelPackage.cpp (version 1.0.0).
 */
#include "format/model/model.h"
#include "format/mxnet/symbol.h"

static bool is_manifest(const struct doc *d)
{
    return doc_kind(d, doc_get(d, 0, "itemInfoEntries")) == DOC_OBJECT &&
           doc_get(d, 0, "rootModelIdentifier") != DOC_NONE;
}

/* A path is of the folder "Data" beside the manifest; what is wrong with it is wrong anywhere. */
static enum pratique_status tell_manifest(const struct doc *d)
{
    doc_id items = doc_get(d, 0, "itemInfoEntries");

    for (doc_id item = doc_first(d, items); item != DOC_NONE; item = doc_next(d, item))
        for (doc_id id = doc_first(d, item); id != DOC_NONE; id = doc_next(d, id))
            if (span_is(doc_key(d, id), "path") && model_path_flags(doc_text(d, id)))
                model_path(d->s, doc_offset(d, id), doc_text(d, id), "an item of the package");
    return PRATIQUE_OK;
}

const struct doc_reader core_ml_manifest = { "Core ML manifest", is_manifest, tell_manifest };
