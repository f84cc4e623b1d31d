/* What the report formats share: the state of one run, and a table of three functions. */
#ifndef PRATIQUE_REPORT_WRITER_H
#define PRATIQUE_REPORT_WRITER_H

#include <pratique/pratique.h>

#include "report/json.h"
#include "report/out.h"

struct report_format {
    void (*begin)(struct pratique_writer *w);
    void (*add)(struct pratique_writer *w, const struct pratique_report *r);
    void (*end)(struct pratique_writer *w);
};

struct bom;

struct pratique_writer {
    const struct report_format *format;
    struct pratique_style style;
    const struct pratique_gate *gate; /* borrowed; may be NULL */
    struct out out;
    struct out aside; /* what a format writes at its end */
    struct json json; /* on out */
    struct json json_aside;
    struct bom *bom;        /* of CycloneDX; owned */
    bool *rules_used;       /* by position in the rule table */
    unsigned policies_used; /* bit i: policy i was in force for an artifact */
    uint64_t artifacts, bytes;
    uint64_t first_bytes; /* of the first report */
    uint64_t verdicts[PRATIQUE_REFUSE + 1];
    enum pratique_verdict worst; /* undecided while there is no artifact */
};

extern const struct report_format report_text, report_json, report_sarif, report_html,
    report_cyclonedx;

/* What a bill of materials holds back until its end; NULL is allowed. */
void bom_free(struct bom *b);

/* The position of a rule in the rule table, or pratique_rule_count(). */
size_t report_rule_index(const struct pratique_rule *rule) NONNULL;

/* The policies that a set's name ("upload,source") holds: bit i for policy i. */
unsigned report_policies(const char *names) NONNULL;

/* path without the artifact's own ("archive/data.pkl"); empty for the artifact itself. */
const char *report_inner_path(const struct pratique_report *r, const char *path) NONNULL;

/* The evidence of a finding: subject and detail, told once where one repeats the other. */
void report_evidence(struct out *o, const struct pratique_finding *f) NONNULL;

/* "in archive/data.pkl, line 3, column 1, in Loader.read(), 14 times": printable. */
void report_place(const struct pratique_report *r, const struct pratique_finding *f,
                  struct out *text) NONNULL;

/* Findings of one rule, at one severity, are told together. */
bool report_same_group(const struct pratique_finding *a, const struct pratique_finding *b) NONNULL;

/* Whether finding i is the first of its group. */
bool report_starts_group(const struct pratique_report *r, size_t i) NONNULL;

#endif
