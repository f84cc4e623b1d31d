/* pratique rules, pratique explain: the rule table, told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

static int finish(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return EXIT_ADMIT;
    complain("standard output cannot be written");
    return EXIT_UNDECIDED;
}

/* Our own tables' text as a JSON string. */
static void json_text(const char *key, const char *s, const char *after)
{
    printf("    \"%s\": \"", key);
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            putchar('\\');
        putchar(*s);
    }
    printf("\"%s\n", after);
}

static void rules_json(void)
{
    size_t n = pratique_rule_count();

    puts("[");
    for (size_t i = 0; i < n; i++) {
        const struct pratique_rule *r = pratique_rule_at(i);

        puts("  {");
        json_text("id", r->id, ",");
        json_text("name", r->name, ",");
        json_text("severity", pratique_severity_name(r->severity), ",");
        json_text("policy", pratique_rule_policy(r), ",");
        json_text("message", r->message, ",");
        json_text("why", r->why, ",");
        json_text("remedy", r->remedy, ",");
        json_text("reference", r->reference, "");
        puts(i + 1 < n ? "  }," : "  }");
    }
    puts("]");
}

/* The policy under which a rule counts, for people. */
static const char *policy_of(const struct pratique_rule *r)
{
    const char *name = pratique_rule_policy(r);

    return *name ? name : "every";
}

static int run_rules(const struct command *self, char **argv)
{
    enum pratique_format format = PRATIQUE_TEXT;
    const struct opt rows[] = {
        { "format", 'f', OPT_FORMAT, &format, "FORMAT", "text (as usual) or json" },
        { 0 },
    };
    size_t n;
    int status = opt_parse(self, rows, argv, &n);

    if (status != OPT_GO_ON)
        return status;
    if (n > 0 || format > PRATIQUE_JSON) {
        complain(n ? "rules: it takes no names; pratique explain ID tells one rule"
                   : "rules: --format is text or json");
        return EXIT_USAGE;
    }
    if (format == PRATIQUE_JSON)
        rules_json();
    for (size_t i = 0; format == PRATIQUE_TEXT && i < pratique_rule_count(); i++) {
        const struct pratique_rule *r = pratique_rule_at(i);

        printf("%-8s %-9s %-7s %s\n", r->id, pratique_severity_name(r->severity), policy_of(r),
               r->message);
    }
    return finish();
}

static void explain(const struct pratique_rule *r)
{
    static const char *const verdicts[] = {
        "none", "none", "undecided", "hold", "refuse", "refuse"
    };

    printf("%s  %s\n\n  %s\n\n", r->id, r->name, r->message);
    printf("  why       %s\n", r->why);
    printf("  do        %s\n", r->remedy);
    printf("  severity  %s (verdict: %s)\n", pratique_severity_name(r->severity),
           verdicts[r->severity]);
    printf("  policy    %s\n", policy_of(r));
    printf("  see       %s\n", r->reference);
}

static int run_explain(const struct command *self, char **argv)
{
    static const struct opt rows[] = { { 0 } };
    size_t n;
    int status = opt_parse(self, rows, argv, &n);

    if (status != OPT_GO_ON)
        return status;
    if (n == 0) {
        complain("explain: name a rule, such as %s",
                 pratique_rule_count() ? pratique_rule_at(0)->id : "PKL001");
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < n; i++) {
        const struct pratique_rule *r = pratique_rule_find(argv[i]);

        if (!r) {
            complain("explain: no rule is called '%s'; pratique rules lists them", argv[i]);
            return EXIT_USAGE;
        }
        fputs(i ? "\n" : "", stdout);
        explain(r);
    }
    return finish();
}

const struct command command_rules = { "rules", "[--format FORMAT]", "Lists what is looked for.",
                                       run_rules };
const struct command command_explain = { "explain", "ID...",
                                         "Tells a rule: what, why it matters, what to do.",
                                         run_explain };
