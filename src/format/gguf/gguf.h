/* GGUF, and the formats of llama.cpp that came before it. */
#ifndef PRATIQUE_FORMAT_GGUF_GGUF_H
#define PRATIQUE_FORMAT_GGUF_GGUF_H

#include "format/format.h"

extern const struct format format_gguf, format_ggml;

#endif
