/* What the readers of configurations share. See config.h. */
#include "format/config/config.h"

#include <ctype.h>

#define SEEN_SLOTS 8192 /* a power of two */

void config_code(const struct doc *d, doc_id id, struct span name, const char *how, unsigned flags)
{
    uint32_t line, column;

    doc_place(d, id, &line, &column);
    model_code(d->s, doc_where(d, id), line, column, name, how, flags);
}

bool config_is_dotted(struct span name)
{
    bool dot = false, start = true;

    for (size_t i = 0; i < name.n; i++) {
        uint8_t c = name.p[i];
        bool separator = c == '.' || c == ':';

        if (separator ? start : !(isalnum(c) || c == '_' || c >= 0x80) || (start && isdigit(c)))
            return false;
        dot |= separator;
        start = separator;
    }
    return dot && !start;
}

void config_seen_free(struct config_seen *seen)
{
    scan_unmap(seen->s, seen->slots, SEEN_SLOTS * sizeof *seen->slots);
    seen->slots = NULL;
}

static uint64_t hash(struct span s, uint64_t h)
{
    h ^= UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ s.p[i]) * UINT64_C(0x100000001b3);
    return h ? h : 1;
}

bool config_is_new(struct config_seen *seen, struct span text, uint64_t kind)
{
    uint64_t h = hash(text, kind);

    if (!seen->slots)
        seen->slots = scan_map(seen->s, SEEN_SLOTS * sizeof *seen->slots);
    for (size_t i = 0; seen->slots && i < 64; i++) {
        uint64_t *slot = &seen->slots[(h + i) & (SEEN_SLOTS - 1)];

        if (*slot == h)
            return false;
        if (*slot == 0 && seen->n < SEEN_SLOTS / 2) {
            *slot = h;
            seen->n++;
            return true;
        }
    }
    return true;
}
