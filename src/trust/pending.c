/* Kinds that are not there yet. */
#include "base/status.h"
#include "trust/check.h"

enum pratique_status trustfile_add(struct keys *k, const char *path, struct span bytes,
                                   struct pratique_error *err)
{
    (void)k, (void)bytes;
    return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%.150s: trust file", path);
}
