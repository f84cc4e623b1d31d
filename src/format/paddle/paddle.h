/* Paddle: programs, and the weights beside them. See paddle.c. */
#ifndef PRATIQUE_FORMAT_PADDLE_PADDLE_H
#define PRATIQUE_FORMAT_PADDLE_PADDLE_H

#include "format/format.h"

extern const struct format format_paddle, format_paddle_params;

#endif
