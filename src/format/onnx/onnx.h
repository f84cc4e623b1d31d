/* ONNX: graphs of operators, and the form of it that ONNX Runtime keeps. See onnx.c, value.c,
 * ort.c. */
#ifndef PRATIQUE_FORMAT_ONNX_ONNX_H
#define PRATIQUE_FORMAT_ONNX_ONNX_H

#include "format/format.h"

extern const struct format format_onnx, format_onnx_value, format_ort;

#endif
