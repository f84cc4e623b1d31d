/* ONNX: graphs of operators. See onnx.c. */
#ifndef PRATIQUE_FORMAT_ONNX_ONNX_H
#define PRATIQUE_FORMAT_ONNX_ONNX_H

#include "format/format.h"

extern const struct format format_onnx;

#endif
