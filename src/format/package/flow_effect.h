/* One call of a function outside of the artifact. Private to flow_effect*.c. */
#ifndef PRATIQUE_FORMAT_PACKAGE_FLOW_EFFECT_H
#define PRATIQUE_FORMAT_PACKAGE_FLOW_EFFECT_H

#include "format/package/flow_run.h"

struct effect_call {
    struct flow *f;
    struct call *c;
    struct outcomes *out;
    bool private;          /* what a program gives is private */
    struct span name;      /* "urllib.request.urlopen", ".read" */
    const struct model *m; /* its row */
    uint32_t a, b;         /* the arguments that the row names */
};

/* A value that is made of all its arguments. */
uint32_t effect_value(struct effect_call *e) NONNULL;
/* A fetch of this URL: its bytes. */
uint32_t effect_fetch(struct effect_call *e, uint32_t url) NONNULL;
/* Tells where private things are among the arguments. */
void effect_sends(struct effect_call *e) NONNULL;

/* flow_builtin.c: built-in functions, and methods of texts; false: it is none of them. */
bool effect_builtin(struct effect_call *e) NONNULL;

/* flow_apply.c: what calls others, or is code where it was fetched; false: it is none of them. */
bool effect_apply(struct effect_call *e) NONNULL;

/* flow_process.c: what a process that takes orders is told on its standard input */
bool effect_feed(struct effect_call *e) NONNULL;

/* flow_process.c: E_PROCESS */
void effect_process(struct effect_call *e) NONNULL;

#endif
