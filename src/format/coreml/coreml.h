/* Core ML: a specification, and the weights beside it. See coreml.c, blob.c. */
#ifndef PRATIQUE_FORMAT_COREML_COREML_H
#define PRATIQUE_FORMAT_COREML_COREML_H

#include "format/format.h"

extern const struct format format_core_ml, format_core_ml_weights;

#endif
