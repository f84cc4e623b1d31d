/* See wheel.h. */
#include "format/wheel/wheel.h"

void wheel_begin(struct scan *s)
{
    (void)s;
}

void wheel_member(struct scan *s, struct span name, struct span body)
{
    (void)s;
    (void)name;
    (void)body;
}

enum pratique_status wheel_end(struct scan *s)
{
    (void)s;
    return PRATIQUE_OK;
}
