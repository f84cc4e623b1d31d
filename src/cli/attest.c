/* pratique attest: what the gate thinks of an artifact, written down and signed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/passphrase.h"

struct settings {
    struct pratique_options options;
    struct pratique_attest_options attest;
    struct list trust_classes, policies;
    struct passphrase passphrase;
    struct reporting_options how;
};

/* The report of the one artifact, and what it makes of the attestation. */
struct attesting {
    struct reporting run;
    enum pratique_verdict verdict;
};

static void on_report(void *user, const struct pratique_report *r)
{
    struct attesting *a = user;

    a->verdict = pratique_report_verdict(r);
    reporting_add(&a->run, r);
}

static int attest_at(const struct settings *set, struct pratique_gate *gate, const char *artifact)
{
    struct attesting a = { .verdict = PRATIQUE_UNDECIDED };
    struct pratique_error err = { 0 };
    enum pratique_status st;
    int status = reporting_begin(&a.run, &set->how, gate);

    if (status != OPT_GO_ON)
        return status;
    st = pratique_attest(gate, artifact, &set->attest, on_report, &a, &err);
    progress_erase(&a.run.progress);
    if (st != PRATIQUE_OK)
        complain("attest: %s", err.msg[0] ? err.msg : pratique_status_name(st));
    status = reporting_end(&a.run, st);
    if (st == PRATIQUE_OK && a.verdict != PRATIQUE_ADMIT)
        complain("attest: nothing was written: only what is admitted is attested, and the verdict "
                 "is %s",
                 pratique_verdict_name(a.verdict));
    return st == PRATIQUE_E_USAGE ? EXIT_USAGE : status;
}

static int attest(const struct settings *set, const char *artifact)
{
    struct pratique_gate *gate;
    int status = gate_begin(&gate, &set->options);

    if (status != OPT_GO_ON)
        return status;
    status = attest_at(set, gate, artifact);
    pratique_gate_close(gate);
    return status;
}

static int check(const struct settings *set, size_t words)
{
    if (words == 1 && set->attest.key)
        return OPT_GO_ON;
    complain(words != 1 ? "attest: name one file (pratique attest --help)"
                        : "attest: name the secret key that signs it: --key FILE (pratique keygen "
                          "makes one)");
    return EXIT_USAGE;
}

static void settle(struct settings *set)
{
    set->options.workers = 1; /* there is one artifact */
    set->options.sha256 = true;
    set->options.trust_classes = set->trust_classes.items;
    set->options.trust_classes_n = set->trust_classes.n;
    set->options.policies = set->policies.items;
    set->options.policies_n = set->policies.n;
    set->options.today = today();
    set->attest.on_passphrase = passphrase_ask;
    set->attest.passphrase_user = &set->passphrase;
}

static int run_attest(const struct command *self, char **argv)
{
    struct settings set = { .how = { .format = PRATIQUE_TEXT } };
    struct pratique_limits *lim = &set.options.limits;
    size_t n;
    const struct opt rows[] = {
        { "key", 'k', OPT_TEXT, &set.attest.key, "SECRET",
          "the key to sign with: minisign, or EC in PEM" },
        { "passphrase-file", 0, OPT_TEXT, &set.passphrase.file, "FILE",
          "its first line is the passphrase; -: of standard input" },
        { "output", 'o', OPT_TEXT, &set.attest.output, "FILE",
          "the attestation (ARTIFACT.vsa.json)" },
        { "format", 'f', OPT_FORMAT, &set.how.format, "FORMAT",
          "of the report: text (as usual), json, sarif, html" },
        { "quiet", 'q', OPT_FLAG, &set.how.style.quiet, NULL,
          "text: nothing for what is admitted" },
        { "verbose", 'v', OPT_FLAG, &set.how.style.verbose, NULL,
          "text: everything that was seen" },
        { "color", 0, OPT_FLAG, &set.how.style.colour, NULL,
          "colours, also where it is no terminal" },
        { "no-color", 0, OPT_FLAG, &set.how.no_colour, NULL, "no colours (also: NO_COLOR=1)" },
        { "policy", 0, OPT_LIST, &set.policies, "NAME",
          "model, upload, source, archive; or A,B (by what it is)" },
        { "policy-file", 0, OPT_TEXT, &set.options.policy_file, "POLICY",
          "modes, severities, calls that are allowed" },
        { "mode", 0, OPT_TEXT, &set.options.mode, "MODE", "of the policy file (its default_mode)" },
        { "trust-classes", 0, OPT_LIST, &set.trust_classes, "PACKAGE",
          "classes of this package may be built (repeat)" },
        { "max-memory", 0, OPT_SIZE, &lim->memory_bytes, "BYTES", "of the worker (2G)" },
        { "max-output", 0, OPT_SIZE, &lim->output_bytes, "BYTES", "decompressed in all (16G)" },
        { "max-ratio", 0, OPT_COUNT, &lim->ratio, "N", "decompressed over compressed (400)" },
        { "max-members", 0, OPT_COUNT, &lim->members, "N", "of archives in all (1000000)" },
        { "max-depth", 0, OPT_COUNT32, &lim->depth, "N", "archives within archives (16)" },
        { "timeout", 0, OPT_SECONDS, &lim->time_ms, "SECONDS", "for the artifact (120)" },
        { "weak-sandbox-ok", 0, OPT_FLAG, &set.options.weak_sandbox_ok, NULL,
          "go on where the kernel lacks a layer" },
        { 0 },
    };
    int status = opt_parse(self, rows, argv, &n);

    settle(&set);
    if (status == OPT_GO_ON)
        status = check(&set, n);
    if (status == OPT_GO_ON)
        status = attest(&set, argv[0]);
    free(set.trust_classes.items);
    free(set.policies.items);
    return status;
}

const struct command command_attest = {
    "attest", "[options] --key SECRET ARTIFACT",
    "Scans a file and signs the verdict: a bill of health that travels with it.", run_attest
};
