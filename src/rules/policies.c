/* See policies.h. */
#include "rules/policies.h"

#include <stdio.h>
#include <string.h>

#include "base/compiler.h"

static const struct pratique_policy policies[POLICIES] = {
#define POLICY(id, name, prefix, purpose) { name, prefix, purpose },
#define KIND(policy, format)
#define UNREAD(rule)
#include "rules/policies.def"
#undef UNREAD
#undef KIND
#undef POLICY
};

/* Formats that are judged by another policy than upload when none is named. */
static const struct {
    const char *format;
    unsigned policy;
} kinds[] = {
#define POLICY(id, name, prefix, purpose)
#define KIND(policy, format) { format, POLICY_BIT(policy) },
#define UNREAD(rule)
#include "rules/policies.def"
#undef UNREAD
#undef KIND
#undef POLICY
};

static const char *const unread[] = {
#define POLICY(id, name, prefix, purpose)
#define KIND(policy, format)
#define UNREAD(rule) #rule,
#include "rules/policies.def"
#undef UNREAD
#undef KIND
#undef POLICY
};

size_t pratique_policy_count(void)
{
    return POLICIES;
}

const struct pratique_policy *pratique_policy_at(size_t i)
{
    return i < POLICIES ? &policies[i] : NULL;
}

unsigned policy_find(struct span name)
{
    for (unsigned i = 0; i < POLICIES; i++)
        if (span_is(name, policies[i].name))
            return 1u << i;
    return 0;
}

unsigned policy_of_rule(const struct pratique_rule *rule)
{
    struct span id = span_text(rule->id);

    for (unsigned i = 0; i < POLICIES; i++)
        if (policies[i].prefix[0] && span_starts(id, span_text(policies[i].prefix)))
            return 1u << i;
    return 0;
}

const char *pratique_rule_policy(const struct pratique_rule *rule)
{
    unsigned set = policy_of_rule(rule);

    return set ? policies[__builtin_ctz(set)].name : "";
}

/*
 * What a model or a document among a package's data asks for, short of what it would be refused
 * for: no import reads it. XML that brings in a file is what XML parsers are tested with.
 */
static bool is_packaged_data(const struct pratique_rule *rule)
{
    bool held = rule->severity == PRATIQUE_MEDIUM || rule->severity == PRATIQUE_GAP;

    return strcmp(rule->id, "MDL262") == 0 ||
           (held && strncmp(rule->id, "MDL", 3) == 0 && strcmp(rule->id, "MDL100") >= 0);
}

bool policy_only_tells(unsigned in_force, const struct pratique_rule *rule, bool content)
{
    unsigned own = POLICY_BIT(ARCHIVE) | POLICY_BIT(PACKAGE);

    if (!(in_force & own) || in_force & ((POLICY_PYTHON | POLICY_BIT(MODEL)) & ~own))
        return false;
    if (content)
        return true;
    if (in_force & POLICY_BIT(PACKAGE) && is_packaged_data(rule))
        return true;
    if (in_force & POLICY_BIT(PACKAGE) && span_starts(span_text(rule->id), SPAN_LITERAL("PYS")))
        return false; /* that is what it reads */
    for (size_t i = 0; i < ARRAY_LEN(unread); i++)
        if (strcmp(rule->id, unread[i]) == 0)
            return true;
    return false;
}

/*
 * The policy of one of the formats that an artifact is: "zip (torch)"; the refinement counts
 * where there is one.
 */
static unsigned policy_of_format(struct span format)
{
    size_t open = span_find(format, 0, SPAN_LITERAL(" ("));
    struct span kind = format;

    if (span_starts(format, SPAN_LITERAL("model ("))) /* a folder, whatever it is a model for */
        return POLICY_BIT(MODEL);
    if (open != SIZE_MAX && span_ends(format, SPAN_LITERAL(")")))
        (void)span_sub(format, open + 2, format.n - open - 3, &kind);
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (span_is(kind, kinds[i].format) ||
            (span_starts(kind, span_text(kinds[i].format)) &&
             span_starts(span_from(kind, strlen(kinds[i].format)), SPAN_LITERAL(" ("))))
            return kinds[i].policy;
    return POLICY_BIT(UPLOAD);
}

unsigned policy_for_format(const char *format)
{
    const struct span plus = SPAN_LITERAL(" + ");
    struct span rest = span_text(format), one;
    unsigned all = 0;
    size_t at;

    do {
        at = span_find(rest, 0, plus);
        (void)span_sub(rest, 0, at == SIZE_MAX ? rest.n : at, &one);
        rest = at == SIZE_MAX ? SPAN_EMPTY : span_from(rest, at + plus.n);
        all |= policy_of_format(one);
    } while (rest.n);
    /* What is two things at once is judged as either only where both are that. */
    return all & (all - 1) ? POLICY_BIT(UPLOAD) : all;
}

void policy_set_name(char out[POLICY_SET_MAX], unsigned set)
{
    size_t n = 0;

    out[0] = '\0';
    for (unsigned i = 0; i < POLICIES; i++)
        if (set & 1u << i && n < POLICY_SET_MAX)
            n += (size_t)snprintf(out + n, POLICY_SET_MAX - n, "%s%s", n ? "," : "",
                                  policies[i].name);
}
