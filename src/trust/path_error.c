/* Errors that name a file: see trust.h. */
#include <string.h>

#include "base/status.h"
#include "trust/trust.h"

#define PATH_SHOWN ((size_t)160) /* of a message's 240 bytes */

enum pratique_status path_error(struct pratique_error *err, enum pratique_status status,
                                const char *path, const char *why)
{
    size_t n = strlen(path), skip = n > PATH_SHOWN ? n - PATH_SHOWN : 0;

    return error_set(err, status, PRATIQUE_NO_OFFSET, "%s%s: %s", skip ? "..." : "", path + skip,
                     why);
}
