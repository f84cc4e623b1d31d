/* What documents can be: a new kind is one row. See doc.h. */
#include "base/compiler.h"
#include "format/array/array.h"
#include "format/config/config.h"
#include "format/doc/doc.h"
#include "format/keras/keras.h"
#include "format/model/index.h"
#include "format/mxnet/symbol.h"
#include "format/tensorflow/tensorflow.h"

static const struct doc_reader *const readers[] = {
    /* clang-format off: one row a line */
    &array_zarr_reader,
    &array_xgboost_reader,
    &config_tags,
    &config_names,
    &keras_reader,
    &tfjs_reader,
    &doc_reader_weights_index,
    &config_hub,
    &config_pipeline,
    &config_modules,
    &config_tokenizer,
    &config_vocabulary,
    &config_mlflow,
    &config_mar,
    &config_conda,
    &mxnet_symbol,
    &paddle_pir,
    &core_ml_manifest,
    NULL,
    /* clang-format on */
};

enum pratique_status doc_tell(const struct doc *d, const char **name)
{
    if (name)
        *name = NULL;
    for (size_t i = 0; readers[i]; i++) {
        enum pratique_status st;

        if (!readers[i]->matches(d))
            continue;
        if (name && !*name)
            *name = readers[i]->name;
        st = readers[i]->tell(d);
        if (st != PRATIQUE_OK)
            return st;
    }
    return PRATIQUE_OK;
}
