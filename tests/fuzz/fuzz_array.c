/* Containers of arrays, trees and indexes: the format that an input looks like, or all by its
 * length. */
#include "format/array/array.h"

#include "harness.h"

static const struct format *const all[] = {
    &format_msgpack, &format_xgboost,    &format_xgboost_ubj,  &format_lightgbm, &format_catboost,
    &format_mxnet,   &format_rdata,      &format_faiss,        &format_fasttext, &format_word2vec,
    &format_hnswlib, &format_executorch, &format_torch_mobile, &format_ocdbt,    &format_annoy,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const size_t count = sizeof all / sizeof *all;
    bool any = false;

    for (size_t i = 0; i < count; i++) {
        if (!all[i]->looks_like(span_of(data, n)))
            continue;
        harness_run(all[i], data, n);
        any = true;
    }
    if (!any && n > 0) /* readers must stand what does not look like theirs */
        harness_run(all[data[0] % count], data, n);
    return 0;
}
