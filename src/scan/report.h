/* One artifact's answer, as pratique.h hands it out. */
#ifndef PRATIQUE_SCAN_REPORT_H
#define PRATIQUE_SCAN_REPORT_H

#include "scan/task.h"
#include "verdict/verdict.h"

struct pratique_report {
    const char *path, *format, *policy;
    uint64_t bytes, bytes_read, time_us;
    char sha256[SHA256_HEX]; /* "" when there is none */
    struct judged judged;
    struct pratique_component *components;
    size_t components_n;
    uint64_t components_omitted;
    struct pratique_trait *traits;
    size_t traits_n;
    bool whole; /* a folder that is a model */
    /* Of a watch; empty for a scan. */
    struct pratique_event *events;
    struct pratique_process *processes;
    struct pratique_layer *layers;
    size_t events_n, processes_n, layers_n;
    const char *isolation, *interpreter;
};

/* What a FACT_READ of a folder's report says beside the rest: the places of its refs. */
enum component_ref { COMPONENT_ROLE, COMPONENT_VERSION, COMPONENT_SHA256, COMPONENT_REFS };

/*
 * Judges a finished task. The report borrows from it. Without memory the report
 * is undecided and lacks findings or components.
 */
void report_fill(struct pratique_report *r, struct task *t, const struct policy *policy) NONNULL;

/* What was read, from the facts that say so; false without memory. */
bool report_components(struct pratique_report *r, struct arena *arena,
                       const struct facts *facts) NONNULL;

#endif
