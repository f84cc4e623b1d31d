/*
 * What calls what in a package, and so what runs when. Private to package/.
 *
 *   graph.c       the whole, in order; what others ask
 *   graph_name.c  the modules by their dotted names
 *   graph_link.c  what the outlines' paths (format/python/outline.h) mean in the other modules
 *   graph_edge.c  what a function calls
 *   graph_root.c  where running begins: .pth files, imports, setup.py, entry points
 *   graph_build.c ... as pyproject.toml and setup.cfg say
 *   graph_walk.c  the search from there, and the chains
 *   graph_tell.c  facts
 */
#ifndef PRATIQUE_FORMAT_PACKAGE_GRAPH_H
#define PRATIQUE_FORMAT_PACKAGE_GRAPH_H

#include "format/package/package.h"

/*
 * A function of a module is named by the byte of the module's text where its N_FUNCTION or
 * N_LAMBDA begins (py_node.off). Its body is what stands in no function; class bodies belong
 * to what they stand in.
 */
#define GRAPH_BODY UINT32_MAX

/* What the names of interest that a function calls are for. */
enum graph_does {
    GRAPH_FETCHES = 1 << 0, /* asks the network */
    GRAPH_LOADS = 1 << 1,   /* loads libraries, modules, pickles; runs code */
    GRAPH_STARTS = 1 << 2,  /* starts processes */
    GRAPH_WRITES = 1 << 3,  /* writes, unpacks, removes files */
};

/* A member goes by, of s->package: texts that say what is run are kept. */
void graph_member_text(struct scan *s, struct span name, struct span body) NONNULL;

/* Links s->package's modules and searches them; sets package->graph. E_LIMIT, E_NOMEM. */
enum pratique_status graph_make(struct scan *s) NONNULL MUST_CHECK;

/* Makes the graph, and tells FACT_PKG_RUNS and its kin of s->package. */
enum pratique_status graph_tell(struct scan *s) NONNULL MUST_CHECK;

/*
 * When a function runs: PKG_ON_* (fact/package.h), of several all; PKG_ON_CALL alone where
 * nothing calls it by itself; 0 for what never runs (below "if TYPE_CHECKING"). With PKG_SURE
 * when the gravest of them is reached by known steps alone.
 */
unsigned graph_when(const struct package *p, const struct package_module *m, uint32_t off) NONNULL;

/*
 * How it comes to run, by the gravest phase of graph_when():
 * "a3s_code/__init__.py:10 -> _bootstrap.ensure_native_loaded (178) -> _http_get". Lives in
 * the package's arena; for PKG_ON_CALL it is the function's own name. Whoever appends what is
 * called there writes " (LINE) -> NAME" behind it, or ":LINE -> NAME" behind a module's body,
 * which graph_chain_to() does.
 */
struct span graph_chain(struct package *p, const struct package_module *m, uint32_t off) NONNULL;
/* The same to something that is called in it at a line. */
struct span graph_chain_to(struct package *p, const struct package_module *m, uint32_t off,
                           uint32_t line, struct span name) NONNULL;

/* enum graph_does of the function itself, and of all that it calls within the package. */
unsigned graph_does(const struct package *p, const struct package_module *m, uint32_t off) NONNULL;
unsigned graph_reaches(const struct package *p, const struct package_module *m,
                       uint32_t off) NONNULL;
/* The same of all functions of a module by themselves; all of it where that is not known. */
unsigned graph_module_does(const struct package *p, const struct package_module *m) NONNULL;
/* Whether what some function of a module reaches is so; true where it is not known. */
bool graph_some_reaches(const struct package *p, const struct package_module *m,
                        bool (*is)(unsigned reaches)) NONNULL;

/*
 * The module of a dotted name as seen from a module: level 0 is absolute, 1 is "from .".
 * NULL: it is none of the package's. Of several the one in the likeliest root.
 */
const struct package_module *graph_module(const struct package *p,
                                          const struct package_module *from, unsigned level,
                                          struct span name) NONNULL;

#endif
