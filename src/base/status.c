/* Names of statuses, verdicts and severities; see pratique.h. */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>

const char *pratique_version(void)
{
    return PRATIQUE_VERSION;
}

const char *pratique_status_name(enum pratique_status s)
{
    switch (s) {
    case PRATIQUE_OK:
        return "ok";
    case PRATIQUE_E_NOMEM:
        return "out of memory";
    case PRATIQUE_E_IO:
        return "input/output error";
    case PRATIQUE_E_FORMAT:
        return "broken";
    case PRATIQUE_E_LIMIT:
        return "limit reached";
    case PRATIQUE_E_USAGE:
        return "wrong use";
    }
    return "?";
}

const char *pratique_verdict_name(enum pratique_verdict v)
{
    switch (v) {
    case PRATIQUE_UNDECIDED:
        return "undecided";
    case PRATIQUE_ADMIT:
        return "admit";
    case PRATIQUE_HOLD:
        return "hold";
    case PRATIQUE_REFUSE:
        return "refuse";
    }
    return "?";
}

const char *pratique_severity_name(enum pratique_severity s)
{
    switch (s) {
    case PRATIQUE_INFO:
        return "info";
    case PRATIQUE_LOW:
        return "low";
    case PRATIQUE_GAP:
        return "gap";
    case PRATIQUE_MEDIUM:
        return "medium";
    case PRATIQUE_HIGH:
        return "high";
    case PRATIQUE_CRITICAL:
        return "critical";
    }
    return "?";
}

enum pratique_verdict pratique_verdict_worse(enum pratique_verdict a, enum pratique_verdict b)
{
    static const int rank[] = {
        [PRATIQUE_ADMIT] = 0, [PRATIQUE_HOLD] = 1, [PRATIQUE_UNDECIDED] = 2, [PRATIQUE_REFUSE] = 3
    };

    return rank[a] >= rank[b] ? a : b;
}

enum pratique_status error_set(struct pratique_error *err, enum pratique_status status,
                               uint64_t offset, const char *fmt, ...)
{
    va_list ap;

    if (!err)
        return status;
    err->status = status;
    err->offset = offset;
    va_start(ap, fmt);
    (void)vsnprintf(err->msg, sizeof err->msg, fmt, ap);
    va_end(ap);
    return status;
}
