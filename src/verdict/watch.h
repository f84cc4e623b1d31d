/* What the files of the policy "watch" share: watch.c, watch_exec.c, watch_net.c, watch_file.c. */
#ifndef PRATIQUE_VERDICT_WATCH_H
#define PRATIQUE_VERDICT_WATCH_H

#include "fact/watch.h"
#include "rules/watchnames.h"
#include "verdict/verdict.h"

/* What is thought of one fact; a rule that is NULL: nothing worth saying. */
struct ruling {
    const struct pratique_rule *rule;
    enum pratique_severity severity;
    const char *note; /* said beside the evidence; static, or NULL */
};

/* By the rule's own severity; by another; by another, and why. */
#define RULING_OF(id, at, reason)    ((struct ruling){ rule_row(RULE_##id), at, reason })
#define RULING(id)                   RULING_OF(id, rule_row(RULE_##id)->severity, NULL)
#define RULING_AT(id, at)            RULING_OF(id, PRATIQUE_##at, NULL)
#define RULING_NOTED(id, at, reason) RULING_OF(id, PRATIQUE_##at, reason)
#define RULING_NONE                  ((struct ruling){ NULL, PRATIQUE_INFO, NULL })

/* What the other facts of a watch have to say about one: found by kind and texts. */
enum mark_kind {
    MARK_WRITTEN,   /* text: a path that was opened for writing, renamed or linked to */
    MARK_LEFT,      /* text: a path that is different afterwards */
    MARK_RUN,       /* text: a program that ran, a library that was loaded */
    MARK_FOUND,     /* text: the file name of a program that was found; more: its arguments */
    MARK_MISSING,   /* the same of one that was not */
    MARK_CONNECTED, /* text: what was connected to */
    MARK_BOUND,     /* text: the watched one's own socket */
    MARK_ROOT,      /* text: the first part of an import root */
};

struct mark {
    enum mark_kind kind;
    struct span text, more;
    const struct fact *fact;
};

struct watch_case {
    struct arena *arena;
    const struct mark *marks; /* sorted by kind, texts, fact */
    size_t marks_n;
    bool command; /* a command was watched, as a build is: programs and files are its work */
    size_t roots, imported;
    const struct fact *failure; /* of the first root that failed */
};

/* The first fact that left such a mark, or NULL. */
const struct fact *case_find(const struct watch_case *c, enum mark_kind kind, struct span text,
                             struct span more) NONNULL;
bool case_has(const struct watch_case *c, enum mark_kind kind, struct span text) NONNULL;

/* One step less grave: CRITICAL, HIGH, MEDIUM, LOW, INFO; a gap stays one. */
enum pratique_severity severity_below(enum pratique_severity s);

/* A command line, cut into its words; quotes around a whole word are taken off. */
#define WORDS_MAX 64
struct words {
    struct span list[WORDS_MAX];
    size_t n;
    bool whole; /* all of it is there, and every quote is closed */
};
void words_split(struct words *out, struct span line) NONNULL;

/* The arguments of an EXEC or OUTLIVES fact, without the program's own name. */
struct span exec_arguments(const struct fact *fact) NONNULL;

struct ruling watch_exec(const struct watch_case *c, const struct fact *fact) NONNULL;
struct ruling watch_outlives(const struct watch_case *c, const struct fact *fact) NONNULL;
struct ruling watch_net(const struct watch_case *c, const struct fact *fact) NONNULL;
struct ruling watch_file(const struct watch_case *c, const struct fact *fact) NONNULL;
struct ruling watch_left(const struct watch_case *c, const struct fact *fact) NONNULL;
struct ruling watch_load(const struct watch_case *c, const struct fact *fact) NONNULL;

#endif
