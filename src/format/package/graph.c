/* See graph.h. */
#include "format/package/graph.h"

enum pratique_status graph_make(struct scan *s)
{
    (void)s;
    return PRATIQUE_OK;
}

enum pratique_status graph_tell(struct scan *s)
{
    return graph_make(s);
}

unsigned graph_when(const struct package *p, const struct package_module *m, uint32_t off)
{
    (void)p, (void)m, (void)off;
    return 0;
}

struct span graph_chain(struct package *p, const struct package_module *m, uint32_t off)
{
    (void)p, (void)m, (void)off;
    return SPAN_EMPTY;
}

struct span graph_chain_to(struct package *p, const struct package_module *m, uint32_t off,
                           uint32_t line, struct span name)
{
    (void)p, (void)m, (void)off, (void)line;
    return name;
}

unsigned graph_does(const struct package *p, const struct package_module *m, uint32_t off)
{
    (void)p, (void)m, (void)off;
    return ~0u;
}

unsigned graph_reaches(const struct package *p, const struct package_module *m, uint32_t off)
{
    (void)p, (void)m, (void)off;
    return ~0u;
}

const struct package_module *graph_module(const struct package *p,
                                          const struct package_module *from, unsigned level,
                                          struct span name)
{
    (void)p, (void)from, (void)level, (void)name;
    return NULL;
}
