/* OpenVINO IR: a graph in XML, its weights in a file beside it. See openvino.c. */
#ifndef PRATIQUE_FORMAT_OPENVINO_OPENVINO_H
#define PRATIQUE_FORMAT_OPENVINO_OPENVINO_H

#include "format/format.h"

extern const struct format format_openvino;

#endif
