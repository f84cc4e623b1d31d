/* Reports on what was verified or unpacked, judged by the same rules and in the same form as a
 * scan's. */
#include "scan/report.h"
#include "scan/wire.h"
#include "trust/trust.h"

void answer(const struct facts *facts, struct arena *arena, const char *path, const char *format,
            const char *policy, uint64_t bytes, uint64_t bytes_read, uint64_t time_us,
            pratique_report_fn *on_report, void *user)
{
    struct policy none = { .name = policy };
    struct span name = fact_printable(arena, span_text(path), WIRE_NAME_MAX);
    struct pratique_report r = { .path = arena_copy(arena, name.p, name.n),
                                 .format = format,
                                 .policy = policy,
                                 .bytes = bytes,
                                 .bytes_read = bytes_read,
                                 .time_us = time_us };

    if (!r.path || verdict_judge(&r.judged, arena, facts, &none) != PRATIQUE_OK ||
        !report_components(&r, arena, facts))
        r.judged.verdict = pratique_verdict_worse(r.judged.verdict, PRATIQUE_UNDECIDED);
    r.path = r.path ? r.path : "";
    on_report(user, &r);
}
