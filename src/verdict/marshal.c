/*
 * Judges what marshalled code names: any two of its words that make a dangerous name ("os" and
 * "system") count, whatever the order of its instructions. See verdict.h, format/marshal.
 */
#include "base/compiler.h"
#include "rules/names.h"
#include "verdict/verdict.h"

#define WORDS_MAX 256
#define NAME_SIZE 512

bool verdict_is_marshal(enum fact_kind kind)
{
    return kind == FACT_MARSHAL_NAMES || kind == FACT_BYTECODE_NAMES;
}

static size_t split(struct span text, struct span words[WORDS_MAX])
{
    size_t n = 0;

    while (text.n > 0 && n < WORDS_MAX) {
        size_t end = span_find(text, 0, SPAN_LITERAL(" "));

        (void)take(&text, end == SIZE_MAX ? text.n : end, &words[n++]);
        (void)skip(&text, 1);
    }
    return n;
}

/* Functions that need no module to be named. */
static bool is_builtin(struct span word)
{
    static const char *const names[] = { "eval",         "exec",       "__import__",
                                         "execfile",     "breakpoint", "open",
                                         "__builtins__", "__loader__", "__globals__" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(word, names[i]))
            return true;
    return false;
}

/* Every class has some of them: they say nothing beside another word. */
static bool is_dunder(struct span word)
{
    return span_starts(word, SPAN_LITERAL("__")) && span_ends(word, SPAN_LITERAL("__"));
}

static const struct pratique_rule *danger_of(struct span module, struct span name)
{
    uint8_t text[NAME_SIZE];

    if (module.n + 1 + name.n > sizeof text || is_dunder(module) || is_dunder(name))
        return NULL;
    memcpy(text, module.p, module.n);
    text[module.n] = '.';
    memcpy(text + module.n + 1, name.p, name.n);
    return name_look_up(span_of(text, module.n + 1 + name.n), false).deny;
}

static void raise_to(enum pratique_severity *worst, const struct pratique_rule *rule)
{
    if (rule && rule->severity > *worst)
        *worst = rule->severity;
}

const struct pratique_rule *verdict_marshal(const struct fact *fact,
                                            enum pratique_severity *severity)
{
    struct span words[WORDS_MAX];
    size_t n = split(fact->detail, words);
    enum pratique_severity worst = PRATIQUE_INFO;
    const struct pratique_rule *rule =
        rule_row(fact->kind == FACT_MARSHAL_NAMES ? RULE_MDL111 : RULE_MDL112);

    for (size_t i = 0; i < n; i++) {
        if (is_builtin(words[i]))
            worst = worst < PRATIQUE_HIGH ? PRATIQUE_HIGH : worst;
        for (size_t j = 0; j < n; j++)
            if (i != j)
                raise_to(&worst, danger_of(words[i], words[j]));
    }
    if (worst < PRATIQUE_HIGH)
        return NULL;
    *severity = fact->kind == FACT_MARSHAL_NAMES ? worst : rule->severity;
    return rule;
}
