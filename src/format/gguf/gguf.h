/* GGUF: models of llama.cpp and its kin. */
#ifndef PRATIQUE_FORMAT_GGUF_GGUF_H
#define PRATIQUE_FORMAT_GGUF_GGUF_H

#include "format/format.h"

extern const struct format format_gguf;

#endif
