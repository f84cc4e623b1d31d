/* pratique admit: one artifact, looked at and then put into a folder, or not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

struct settings {
    struct pratique_options gate;
    struct pratique_admit_options admit;
    struct pratique_watch_options watch;
    struct list policies, trust_classes, keys, attestors, with;
    bool watched;
    uint32_t workers;
    struct reporting_options how;
};

static enum pratique_status admit(const struct settings *set, struct pratique_gate *gate,
                                  const char *artifact, struct reporting *run, bool *admitted)
{
    struct pratique_error err = { 0 };
    enum pratique_status st;
    char note[512];

    (void)snprintf(note, sizeof note, "admitting %s", artifact);
    progress_note(&run->progress, note);
    st = pratique_admit(gate, artifact, &set->admit, reporting_add, run, admitted, &err);
    progress_erase(&run->progress);
    if (st != PRATIQUE_OK)
        complain("admit: %s", err.msg[0] ? err.msg : pratique_status_name(st));
    return st;
}

static int report(const struct settings *set, struct pratique_gate *gate, const char *artifact)
{
    struct reporting run;
    bool admitted = false;
    int status = reporting_begin(&run, &set->how, gate);
    enum pratique_status st;

    if (status != OPT_GO_ON)
        return status;
    st = admit(set, gate, artifact, &run, &admitted);
    status = reporting_end(&run, st);
    if (st == PRATIQUE_E_USAGE)
        return EXIT_USAGE;
    /* what was not put in place is never called admitted, whatever the reports add up to */
    return status == EXIT_ADMIT && !admitted ? EXIT_UNDECIDED : status;
}

static int open_gate(const struct settings *set, const char *artifact)
{
    struct pratique_gate *gate;
    int status = gate_begin(&gate, &set->gate);

    if (status != OPT_GO_ON)
        return status;
    status = report(set, gate, artifact);
    pratique_gate_close(gate);
    return status;
}

static void settle(struct settings *set)
{
    set->gate.workers = set->workers;
    set->gate.policies = set->policies.items;
    set->gate.policies_n = set->policies.n;
    set->gate.trust_classes = set->trust_classes.items;
    set->gate.trust_classes_n = set->trust_classes.n;
    set->gate.today = today();
    set->admit.trust.keys = set->keys.items;
    set->admit.trust.keys_n = set->keys.n;
    set->admit.attestors.keys = set->attestors.items;
    set->admit.attestors.keys_n = set->attestors.n;
    set->watch.with = set->with.items;
    set->watch.with_n = set->with.n;
    set->admit.watch = set->watched ? &set->watch : NULL;
}

static int parse(const struct command *self, struct settings *set, char **argv, size_t *n)
{
    struct pratique_limits *lim = &set->gate.limits;
    const struct opt rows[] = {
        REPORTING_ROWS(&set->how),
        { "to", 0, OPT_TEXT, &set->admit.to, "DIR",
          "the folder that it goes to: not there yet, or empty" },
        { "whole", 0, OPT_FLAG, &set->admit.whole, NULL,
          "the artifact itself, also where it is an archive" },
        { "key", 'k', OPT_LIST, &set->keys, "KEY", "demand a signature by this key (repeat)" },
        { "trust", 0, OPT_TEXT, &set->admit.trust.file, "FILE",
          "demand a signature by a key of this trust file" },
        { "identity", 'I', OPT_TEXT, &set->admit.trust.identity, "WHO", "who must have signed" },
        { "namespace", 'n', OPT_TEXT, &set->admit.trust.space, "NAME",
          "of OpenSSH signatures (pratique-manifest)" },
        { "signature", 's', OPT_TEXT, &set->admit.signature, "FILE", "(beside the artifact)" },
        { "require-attestation", 0, OPT_LIST, &set->attestors, "KEY",
          "demand an attestation by this key (repeat)" },
        { "attestation", 0, OPT_TEXT, &set->admit.attestation, "FILE", "(ARTIFACT.vsa.json)" },
        { "watch", 0, OPT_FLAG, &set->watched, NULL, "import the wheel in a sandbox as well" },
        { "python", 0, OPT_TEXT, &set->watch.python, "NAME", "watch: the interpreter (python3)" },
        { "with", 0, OPT_LIST, &set->with, "PATH",
          "watch: a wheel or site-packages it depends on (repeat)" },
        { "policy", 0, OPT_LIST, &set->policies, "NAME",
          "model, upload, source, archive, watch; or A,B (by what it is)" },
        { "policy-file", 0, OPT_TEXT, &set->gate.policy_file, "POLICY",
          "modes, severities, calls that are allowed" },
        { "mode", 0, OPT_TEXT, &set->gate.mode, "MODE", "of the policy file (its default_mode)" },
        { "threats", 0, OPT_TEXT, &set->gate.threats, "THREATS", "what excuses refer to" },
        { "trust-classes", 0, OPT_LIST, &set->trust_classes, "PACKAGE",
          "classes of this package may be built (repeat)" },
        { "workers", 0, OPT_COUNT32, &set->workers, "N", "processes that scan (1)" },
        { "max-memory", 0, OPT_SIZE, &lim->memory_bytes, "BYTES", "of a process that reads (2G)" },
        { "max-output", 0, OPT_SIZE, &lim->output_bytes, "BYTES", "decompressed in all (16G)" },
        { "max-ratio", 0, OPT_COUNT, &lim->ratio, "N", "decompressed over compressed (400)" },
        { "max-members", 0, OPT_COUNT, &lim->members, "N", "of archives in all (1000000)" },
        { "max-depth", 0, OPT_COUNT32, &lim->depth, "N", "archives within archives (16)" },
        { "timeout", 0, OPT_SECONDS, &lim->time_ms, "SECONDS", "for each step (120)" },
        { "weak-sandbox-ok", 0, OPT_FLAG, &set->gate.weak_sandbox_ok, NULL,
          "go on where the kernel lacks a layer" },
        { 0 },
    };

    return opt_parse(self, rows, argv, n);
}

static int check(const struct settings *set, size_t words)
{
    const char *wrong = NULL;

    if (words != 1)
        wrong = words ? "one artifact at a time" : "name the artifact";
    else if (!set->admit.to)
        wrong = "say where it is to go: --to DIR";
    else if (!set->watched && (set->watch.python || set->with.n))
        wrong = "--python and --with are for --watch";
    if (!wrong)
        return OPT_GO_ON;
    complain("admit: %s (pratique admit --help)", wrong);
    return EXIT_USAGE;
}

static int run_admit(const struct command *self, char **argv)
{
    struct settings set = { .how = { .style = { .steps = true } }, .workers = 1 };
    size_t n = 0;
    int status = parse(self, &set, argv, &n);

    settle(&set);
    if (status == OPT_GO_ON)
        status = check(&set, n);
    if (status == OPT_GO_ON)
        status = open_gate(&set, argv[0]);
    free(set.policies.items);
    free(set.trust_classes.items);
    free(set.keys.items);
    free(set.attestors.items);
    free(set.with.items);
    return status;
}

const struct command command_admit = {
    "admit", "[options] ARTIFACT --to DIR",
    "Inspects an artifact and, when nothing is against it, unpacks it: all of it or nothing.",
    run_admit
};
