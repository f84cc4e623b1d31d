#ifndef PRATIQUE_FORMAT_TEXT_DENY_H
#define PRATIQUE_FORMAT_TEXT_DENY_H
#include "format/format.h"
enum pratique_status text_names(struct scan *s, struct span text, uint32_t line);
#endif
