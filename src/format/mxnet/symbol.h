/* Kinds of documents of models' graphs: MXNet symbols, Paddle's programs in JSON, Core ML's
 * manifest. */
#ifndef PRATIQUE_FORMAT_MXNET_SYMBOL_H
#define PRATIQUE_FORMAT_MXNET_SYMBOL_H

#include "format/doc/doc.h"

extern const struct doc_reader mxnet_symbol, paddle_pir, core_ml_manifest;

#endif
