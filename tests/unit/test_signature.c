/* src/trust/sign/signature.c: each fault has its fact and its rule. */
#include <stdlib.h>

#include "test.h"
#include "trust/trust.h"
#include "verdict/verdict.h"

TEST(signature_tell_fires_each_rule)
{
    static const struct {
        enum signature_fault fault;
        const char *rule;
        enum pratique_verdict verdict;
    } rows[] = {
        { SIGNATURE_MISSING, "SIG001", PRATIQUE_REFUSE },
        { SIGNATURE_MALFORMED, "SIG002", PRATIQUE_REFUSE },
        { SIGNATURE_WRONG, "SIG003", PRATIQUE_REFUSE },
        { SIGNATURE_UNKNOWN_KEY, "SIG004", PRATIQUE_REFUSE },
        { SIGNATURE_EXPIRED, "SIG005", PRATIQUE_REFUSE },
        { SIGNATURE_REVOKED, "SIG006", PRATIQUE_REFUSE },
        { SIGNATURE_FORBIDDEN, "SIG007", PRATIQUE_REFUSE },
        { SIGNATURE_HOLDS, "SIG008", PRATIQUE_ADMIT },
    };
    struct signer who = { "minisign", "a.pub", "RWQ", "", "timestamp:1", 1 };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct policy none = { .name = "" };
        struct judged judged;
        struct fact read = { .kind = FACT_READ, .offset = PRATIQUE_NO_OFFSET };
        const struct where *home;
        struct arena arena;
        struct facts facts;

        arena_init(&arena, 1 << 20);
        facts_init(&facts, &arena);
        home = facts_where(&facts, NULL, SPAN_LITERAL("m"));
        read.where = home;
        facts_add(&facts, &read);
        signature_tell(&facts, home, rows[i].fault, "m.minisig", "because", &who);
        CHECK(verdict_judge(&judged, &arena, &facts, &none) == PRATIQUE_OK, "judge");
        CHECK(judged.n == 1 && strcmp(judged.findings[0].rule->id, rows[i].rule) == 0, "%s: %zu",
              rows[i].rule, judged.n);
        CHECK(judged.verdict == rows[i].verdict, "%s: verdict %d", rows[i].rule,
              (int)judged.verdict);
        facts_free(&facts);
        arena_reset(&arena);
    }
}
