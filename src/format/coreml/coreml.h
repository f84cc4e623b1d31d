/* Core ML: a model's specification. See coreml.c. */
#ifndef PRATIQUE_FORMAT_COREML_COREML_H
#define PRATIQUE_FORMAT_COREML_COREML_H

#include "format/format.h"

extern const struct format format_core_ml;

#endif
