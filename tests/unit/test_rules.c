/* src/rules/rules.c: the table is complete, in order, and found by id and name. */
#include "rules/rules.h"

#include "fact/package.h"
#include "rules/packagenames.h"
#include "test.h"
#include "verdict/verdict.h"

TEST(rules_are_in_the_order_of_their_ids)
{
    CHECK(pratique_rule_count() == RULES, "count %zu", pratique_rule_count());
    for (size_t i = 1; i < pratique_rule_count(); i++) {
        const char *before = pratique_rule_at(i - 1)->id, *id = pratique_rule_at(i)->id;

        CHECK(strcmp(before, id) < 0, "%s before %s", before, id);
    }
    CHECK(pratique_rule_at(RULES) == NULL, "past the end");
    CHECK(pratique_rule_at(SIZE_MAX) == NULL, "far past the end");
}

static bool is_stable_name(const char *s)
{
    return *s && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(s);
}

TEST(rules_say_all_they_must)
{
    for (size_t i = 0; i < pratique_rule_count(); i++) {
        const struct pratique_rule *r = pratique_rule_at(i);

        CHECK(strlen(r->id) == 6, "%s: length of the id", r->id);
        CHECK(is_stable_name(r->name), "%s: name \"%s\"", r->id, r->name);
        CHECK(r->message[0] && !strchr(r->message, '\n'), "%s: message", r->id);
        CHECK(r->why[0] && r->remedy[0] && r->reference[0], "%s: an empty text", r->id);
        CHECK(r->severity <= PRATIQUE_CRITICAL, "%s: severity", r->id);
        for (size_t k = 0; k < i; k++)
            CHECK(strcmp(pratique_rule_at(k)->name, r->name) != 0, "%s: name twice", r->id);
    }
}

TEST(rules_are_found_by_id_and_name_in_any_case)
{
    static const struct {
        const char *id, *want;
    } rows[] = {
        { "PKL001", "PKL001" },
        { "pkl001", "PKL001" },
        { "Pkl001", "PKL001" },
        { "pickle-process-execution", "PKL001" },
        { "PICKLE-PROCESS-EXECUTION", "PKL001" },
        { "pickle-unknown-call", "PKL021" },
        { "PKL", NULL },
        { "PKL0011", NULL },
        { "", NULL },
        { " PKL001", NULL },
        { NULL, NULL },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct pratique_rule *r = pratique_rule_find(rows[i].id);
        const char *id = r ? r->id : NULL;

        CHECK(rows[i].want ? id && strcmp(id, rows[i].want) == 0 : !id, "find \"%s\": %s",
              rows[i].id ? rows[i].id : "NULL", id ? id : "none");
    }
    CHECK(rule_row(RULE_PKL001) == pratique_rule_find("PKL001"), "row and find agree");
    CHECK(rule_row(RULES) == NULL, "row past the end");
}

/* Facts about packages: by tables of when and how sure, or by what they name; two only serve. */
static bool is_judged_of_package(enum fact_kind kind)
{
    return package_opinion(kind, PKG_ON_START).rule || kind == FACT_PKG_RUNS ||
           kind == FACT_PKG_READS || kind == FACT_PKG_WRITES || kind == FACT_NATIVE_BROKEN ||
           kind == FACT_PKG_PINNED || kind == FACT_PKG_SOURCES;
}

/* What readers of models tell alike, and what serves the folder around a file. */
static bool is_judged_of_model(enum fact_kind kind)
{
    return verdict_is_model(kind) || kind == FACT_SAFETENSORS_NAMES || kind == FACT_INDEX_SHARD ||
           kind == FACT_INDEX_SIZE || kind == FACT_TENSORS;
}

static bool is_judged(enum fact_kind kind)
{
    return kind == FACT_READ || kind == FACT_PICKLE_GLOBAL || kind == FACT_PICKLE_CALL ||
           kind == FACT_PICKLE_CALL_COMPUTED || kind == FACT_PICKLE_METHOD ||
           kind == FACT_PICKLE_BUILD || verdict_is_python(kind) || verdict_is_watch(kind) ||
           is_judged_of_package(kind) || is_judged_of_model(kind);
}

/* A fact that nothing answers would leave its artifact undecided without a reason. */
TEST(every_kind_of_fact_has_its_rule)
{
    for (unsigned k = 0; k < FACT_KINDS; k++)
        CHECK(is_judged((enum fact_kind)k) || rule_for_fact((enum fact_kind)k), "no rule for %s",
              fact_kind_name((enum fact_kind)k));
    CHECK(rule_for_fact(FACT_PICKLE_EXT) == rule_row(RULE_PKL032), "extension codes");
    CHECK(rule_for_fact(FACT_READ) == NULL, "what was read is no finding");
    CHECK(rule_for_fact(FACT_KINDS) == NULL, "past the end");
}
