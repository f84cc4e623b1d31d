/* See packagenames.h. The tables are short and are searched from the front. */
#include "rules/packagenames.h"

#include "base/compiler.h"
#include "fact/package.h"
#include "rules/watchnames.h"

/* In a row: nothing is said. */
enum { PRATIQUE_NONE = -1 };

/* What is done with a download, the gravest first: USED(). */
enum use { USE_RUN, USE_EXTRACT, USE_WRITE };

#define WHENS 4 /* start, import, install, call */

struct row {
    int key; /* a kind of fact, a use, a rule of the policy upload */
    enum rule_id rule;
    unsigned near; /* of RUNS: calls */
    int severity[WHENS];
};

#define ROW(key, rule, near, a, b, c, d)                                                           \
    { key, RULE_##rule, near, { PRATIQUE_##a, PRATIQUE_##b, PRATIQUE_##c, PRATIQUE_##d } },
#define NO_ROW(...)
#define SURE NO_ROW /* but in sures[] */

static const struct row whens[] = {
#define WHEN(fact, rule, a, b, c, d) ROW(FACT_##fact, rule, 0, a, b, c, d)
#define USED                         NO_ROW
#define RUNS                         NO_ROW
#include "rules/package_when.def"
#undef RUNS
#undef USED
#undef WHEN
};

static const struct row uses[] = {
#define WHEN                        NO_ROW
#define USED(use, rule, a, b, c, d) ROW(USE_##use, rule, 0, a, b, c, d)
#define RUNS                        NO_ROW
#include "rules/package_when.def"
#undef RUNS
#undef USED
#undef WHEN
};

static const struct row runs[] = {
#define WHEN                                 NO_ROW
#define USED                                 NO_ROW
#define RUNS(upload, rule, near, a, b, c, d) ROW(RULE_##upload, rule, near, a, b, c, d)
#include "rules/package_when.def"
#undef RUNS
#undef USED
#undef WHEN
};

/* Of what has no time: by whether it is PKG_SURE. */
static const struct {
    enum fact_kind kind;
    enum rule_id rule;
    enum pratique_severity sure, other;
} sures[] = {
#undef SURE
#define SURE(fact, rule, sure, other)                                                              \
    { FACT_##fact, RULE_##rule, PRATIQUE_##sure, PRATIQUE_##other },
#define WHEN NO_ROW
#define USED NO_ROW
#define RUNS NO_ROW
#include "rules/package_when.def"
#undef RUNS
#undef USED
#undef WHEN
#undef SURE
};

static const char *const private_paths[] = {
#define PRIVATE(pattern) pattern,
#define PERSISTENT       NO_ROW
#include "rules/package_paths.def"
#undef PERSISTENT
#undef PRIVATE
};

static const char *const persistent_paths[] = {
#define PRIVATE             NO_ROW
#define PERSISTENT(pattern) pattern,
#include "rules/package_paths.def"
#undef PERSISTENT
#undef PRIVATE
};

/* The gravest time of several. */
static size_t when_of(uint32_t flags)
{
    return flags & PKG_ON_START ? 0 : flags & PKG_ON_IMPORT ? 1 : flags & PKG_ON_INSTALL ? 2 : 3;
}

static struct package_opinion find(const struct row *rows, size_t n, int key, uint32_t flags)
{
    for (size_t i = 0; i < n; i++) {
        int severity = rows[i].severity[when_of(flags)];

        if (rows[i].key != key)
            continue;
        return severity == PRATIQUE_NONE
                   ? (struct package_opinion){ 0 }
                   : (struct package_opinion){ rule_row(rows[i].rule),
                                               (enum pratique_severity)severity };
    }
    return (struct package_opinion){ 0 };
}

static enum use use_of(uint32_t flags)
{
    if (flags & (PKG_USE_LOAD | PKG_USE_EXEC | PKG_USE_PATH | PKG_USE_CHMOD))
        return USE_RUN;
    return flags & PKG_USE_EXTRACT ? USE_EXTRACT : USE_WRITE;
}

struct package_opinion package_opinion(enum fact_kind kind, uint32_t flags)
{
    for (size_t i = 0; i < ARRAY_LEN(sures); i++)
        if (sures[i].kind == kind)
            return (struct package_opinion){ rule_row(sures[i].rule),
                                             flags & PKG_SURE ? sures[i].sure : sures[i].other };
    if (kind == FACT_PKG_FETCH_USED)
        return find(uses, ARRAY_LEN(uses), (int)use_of(flags), flags);
    return find(whens, ARRAY_LEN(whens), (int)kind, flags);
}

struct package_opinion package_opinion_of_call(const struct pratique_rule *upload, uint32_t flags,
                                               unsigned calls)
{
    struct package_opinion o = find(runs, ARRAY_LEN(runs), (int)rule_index(upload), flags);

    for (size_t i = 0; o.rule && i < ARRAY_LEN(runs); i++)
        if (runs[i].key == (int)rule_index(upload) && calls > runs[i].near &&
            o.severity > PRATIQUE_LOW)
            o.severity = PRATIQUE_LOW;
    return o;
}

static bool is_one_of(struct span path, const char *const *patterns, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (watch_matches(path, span_text(patterns[i])))
            return true;
    return false;
}

bool package_is_private(struct span path)
{
    return is_one_of(path, private_paths, ARRAY_LEN(private_paths));
}

bool package_is_persistent(struct span path)
{
    return is_one_of(path, persistent_paths, ARRAY_LEN(persistent_paths)) ||
           watch_path_class(path, SPAN_EMPTY) == PLACE_PERSISTENT;
}
