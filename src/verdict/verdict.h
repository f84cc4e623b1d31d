/*
 * Facts and rules give findings and a verdict. Pure: no input, no output, no
 * clock; the same facts give the same verdict on every machine.
 */
#ifndef PRATIQUE_VERDICT_VERDICT_H
#define PRATIQUE_VERDICT_VERDICT_H

#include "fact/fact.h"
#include "rules/policies.h"
#include "rules/rules.h"

struct policy_file;      /* verdict/policy_file.h */
struct pratique_threats; /* verdict/threats.h */

/* What of an entry of the policy file was seen in a run. */
enum allow_seen {
    ALLOW_CONCERNED = 1 << 0, /* an artifact of its package was judged */
    ALLOW_USED = 1 << 1,      /* it allowed something, or would have, had it not expired */
};

struct policy {
    const char *name;                 /* of those in force: "model", "upload,source" */
    unsigned in_force;                /* POLICY_BIT()s */
    const char *const *trust_classes; /* package names, see names.h */
    size_t trust_classes_n;
    const struct policy_file *file; /* NULL: none */
    const struct policy_mode *mode; /* of file; NULL: none */
    uint32_t today;                 /* 20261124 */
    uint8_t *allow_seen;            /* enum allow_seen of each of file's entries, added to */
    const struct pratique_threats *threats; /* NULL: none */
    const char *home;                       /* the artifact as the threats name it: "src/a.py" */
    const char *given;                      /* the path that the user named */
    const char *below; /* the artifact below it; its last name when it is that path */
};

/* What a fact fired, the gravest. */
struct fired {
    const struct pratique_rule *rule; /* NULL: nothing */
    enum pratique_severity severity;
};

struct judged {
    enum pratique_verdict verdict;
    struct pratique_finding *findings; /* in the arena; gravest first, then path, offset */
    size_t n;
    struct fired *fired; /* of each fact, in the arena; NULL unless the policy is "watch" */
};

/*
 * Judges the facts of one finished artifact. PRATIQUE_OK, or E_NOMEM with
 * out->verdict undecided. facts->full makes the verdict undecided at best.
 */
enum pratique_status verdict_judge(struct judged *out, struct arena *arena,
                                   const struct facts *facts, const struct policy *policy) NONNULL;

/* What findings of this severity make of an artifact. */
enum pratique_verdict verdict_of_severity(enum pratique_severity severity);

/*
 * What is said of the policy file at the end of a run (policy->file is not NULL): its
 * entries that were about an artifact and allowed nothing. PRATIQUE_OK, or E_NOMEM.
 */
enum pratique_status verdict_unused(struct judged *out, struct arena *arena,
                                    const struct policy *policy) NONNULL;

/*
 * Judges a fact about a pickle by the names table: the rule it fires, or NULL.
 * *severity is the rule's, or what the circumstances make of it.
 */
const struct pratique_rule *verdict_pickle(const struct fact *fact, const struct policy *policy,
                                           enum pratique_severity *severity) NONNULL;

/* A rule that a fact fires, and how grave that is. */
struct hit {
    const struct pratique_rule *rule;
    enum pratique_severity severity;
    const char *detail; /* in place of the fact's, in the arena; NULL: that one */
};

/* One fact fires one rule of each policy at the most. */
#define HITS_MAX 2

struct hits {
    struct hit list[HITS_MAX];
    size_t n;
    bool unknown; /* the fact is of no name that the tables know: it cannot be called harmless */
};

/* Whether facts of this kind are judged by verdict_model(). */
bool verdict_is_model(enum fact_kind kind);

/* The rule that a fact of any reader of models fires and how grave that is, or NULL. */
const struct pratique_rule *verdict_model(const struct fact *fact, const struct policy *policy,
                                          enum pratique_severity *severity) NONNULL MUST_CHECK;

/* Names of byte code: whether facts of this kind are judged by verdict_marshal(), and what is
 * thought of them; the same as verdict_model(), which asks them. */
bool verdict_is_marshal(enum fact_kind kind);
const struct pratique_rule *verdict_marshal(const struct fact *fact,
                                            enum pratique_severity *severity) NONNULL MUST_CHECK;

/* Whether facts of this kind are judged by verdict_python(). */
bool verdict_is_python(enum fact_kind kind);

/* Judges a fact about Python source, or about text that names Python's calls. */
void verdict_python(struct hits *out, const struct fact *fact, const struct policy *policy) NONNULL;

/*
 * The rule of the policy upload that a name in a fact fires (a FACT_PKG_RUNS has the flags and
 * refs of a FACT_PY_NAME), and how grave that would be there; NULL: none.
 */
const struct pratique_rule *verdict_python_upload(const struct fact *fact,
                                                  enum pratique_severity *severity) NONNULL;

/* Whether facts of this kind are about packages (FACT_PKG_*, FACT_WHL_*, FACT_NATIVE_*). */
bool verdict_is_package(enum fact_kind kind);

/*
 * What of all the facts bears on each of those: which downloads are pinned. Made once for the
 * facts (borrowed), in the arena; n log n. NULL: no memory.
 */
struct package_case *package_case_new(struct arena *arena,
                                      const struct facts *facts) NONNULL MUST_CHECK;

/* Judges one of those facts under the policy "package"; under others they say nothing. */
void verdict_package(struct hits *out, const struct package_case *c, const struct fact *fact,
                     const struct policy *policy) NONNULL;

/* Whether facts of this kind are what a watch saw (FACT_WATCH_*), judged by verdict_watch(). */
bool verdict_is_watch(enum fact_kind kind);

/*
 * What of all the facts of a watch bears on each of them: what was written and is then run, what
 * was looked for and found. Made once for the facts (borrowed), in the arena; n log n. NULL:
 * no memory.
 */
struct watch_case *watch_case_new(struct arena *arena,
                                  const struct facts *facts) NONNULL MUST_CHECK;

/* The function of the frame that a watch's fact is placed at; empty when no Python did it. */
struct span watch_function_of(const struct fact *fact) NONNULL;

/* Judges one of those facts; the rules are those of the policy "watch". */
void verdict_watch(struct hits *out, const struct watch_case *c, const struct fact *fact) NONNULL;

#endif
