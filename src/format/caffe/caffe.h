/* Caffe: networks, as messages (.caffemodel) and as text (.prototxt). See caffe.c, prototxt.c. */
#ifndef PRATIQUE_FORMAT_CAFFE_CAFFE_H
#define PRATIQUE_FORMAT_CAFFE_CAFFE_H

#include "format/format.h"

extern const struct format format_caffe, format_caffe_text;

#endif
