/*
 * Judges what readers of models tell alike: names of code and paths of files. Allow by
 * construction: a name is let through because it is known to build a part of a model. See
 * verdict.h, rules/model_code.def.
 */
#include "fact/model.h"

#include <ctype.h>

#include "base/compiler.h"
#include "rules/modelnames.h"
#include "rules/names.h"
#include "verdict/verdict.h"

bool verdict_is_model(enum fact_kind kind)
{
    return kind == FACT_MODEL_CODE || kind == FACT_MODEL_PATH || kind == FACT_MODEL_NEEDS ||
           kind == FACT_MODEL_SAYS || kind == FACT_ONNX_EXTERNAL || verdict_is_marshal(kind);
}

#define NAME_MAX_N 512

/* "package.module:Class" names the same as with a dot. */
static struct span with_dots(struct span name, uint8_t text[NAME_MAX_N])
{
    size_t n = name.n < NAME_MAX_N ? name.n : NAME_MAX_N;

    for (size_t i = 0; i < n; i++)
        text[i] = name.p[i] == ':' ? '.' : name.p[i];
    return span_of(text, n);
}

static bool is_trusted(const struct policy *policy, struct span name)
{
    for (size_t i = 0; i < policy->trust_classes_n; i++) {
        struct span package = span_text(policy->trust_classes[i]);

        if (package.n && span_starts(name, package) &&
            (name.n == package.n || name.p[package.n] == '.'))
            return true;
    }
    return false;
}

/* What can be imported: words and dots. Nothing else is known, however well it begins. */
static bool is_importable(struct span name)
{
    for (size_t i = 0; i < name.n; i++) {
        uint8_t c = name.p[i];

        if (!isalnum(c) && c != '_' && c != '.' && c < 0x80)
            return false;
    }
    return true;
}

/* Known to build: by the list of pickles' constructors, or a class of a package for models. */
static bool only_builds(const struct policy *policy, struct span name, unsigned uses, unsigned how)
{
    bool known = is_importable(name) && (modelnames_has(name) || is_trusted(policy, name));

    if (uses & (how & MC_CALLS ? USE_CALL | USE_NEW : USE_VALUE))
        return true;
    return known && (how & MC_CALLS ? modelnames_is_class(name) : true);
}

static const struct pratique_rule *judge_code(const struct fact *fact, const struct policy *policy,
                                              enum pratique_severity *severity)
{
    uint8_t text[NAME_MAX_N];
    struct span name = with_dots(fact->subject, text);
    struct name_facts known = name_look_up(name, true);

    if (fact->flags & MC_REMOTE)
        return rule_row(RULE_MDL103);
    if (fact->flags & MC_BESIDE)
        return rule_row(RULE_MDL102);
    if (known.deny) {
        *severity = known.deny->severity;
        return rule_row(RULE_MDL100);
    }
    return only_builds(policy, name, known.uses, fact->flags) ? NULL : rule_row(RULE_MDL101);
}

static const struct pratique_rule *judge_path(const struct fact *fact)
{
    const unsigned leaves = MP_ABSOLUTE | MP_DOTDOT | MP_DRIVE | MP_URL | MP_HOME | MP_DEVICE;

    return rule_row(fact->flags & leaves ? RULE_MDL104 : RULE_MDL105);
}

const struct pratique_rule *verdict_model(const struct fact *fact, const struct policy *policy,
                                          enum pratique_severity *severity)
{
    const struct pratique_rule *rule = NULL;

    *severity = PRATIQUE_INFO;
    if (verdict_is_marshal(fact->kind))
        rule = verdict_marshal(fact, severity);
    else if (fact->kind == FACT_MODEL_CODE)
        rule = judge_code(fact, policy, severity);
    else if (fact->kind == FACT_MODEL_PATH)
        rule = judge_path(fact);
    if (rule && *severity == PRATIQUE_INFO)
        *severity = rule->severity;
    return rule;
}
