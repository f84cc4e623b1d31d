/* See rest.h. */
#include "format/rest.h"

#include "format/array/array.h"

enum pratique_status scan_rest(struct scan *s, const char *format, uint64_t offset,
                               struct span rest)
{
    if (rest.n == 0)
        return PRATIQUE_OK;
    if (!array_is_chunk(s)) /* shards are chunks one behind the other, and their index */
        facts_add(s->facts, &(struct fact){ .kind = FACT_TRAILING,
                                            .where = s->where,
                                            .offset = offset,
                                            .number = rest.n,
                                            .subject = span_text(format),
                                            .detail = SPAN_EMPTY });
    return scan_nested(s, rest, SPAN_LITERAL("bytes after the end"), ROLE_ANY);
}
