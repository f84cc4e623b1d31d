/* Safetensors: tensors and nothing else. See safetensors.c. */
#ifndef PRATIQUE_FORMAT_SAFETENSORS_SAFETENSORS_H
#define PRATIQUE_FORMAT_SAFETENSORS_SAFETENSORS_H

#include "format/format.h"

extern const struct format format_safetensors;

#endif
