/* See flow.h. */
#include "format/package/flow.h"

enum pratique_status flow_tell(struct scan *s)
{
    (void)s;
    return PRATIQUE_OK;
}
