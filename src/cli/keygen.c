/* pratique keygen: a pair of keys to sign with, as minisign has them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/passphrase.h"

struct making {
    const char *output, *comment;
    bool open; /* not encrypted */
    struct passphrase passphrase;
};

static int make(const char *secret, const char *public, struct making *m)
{
    struct pratique_error err = { 0 };
    enum pratique_status st = pratique_keygen(
        secret, public, m->comment, m->open ? NULL : passphrase_ask, &m->passphrase, &err);

    if (st != PRATIQUE_OK) {
        complain("keygen: %s", err.msg[0] ? err.msg : pratique_status_name(st));
        return st == PRATIQUE_E_USAGE ? EXIT_USAGE : EXIT_UNDECIDED;
    }
    printf("%s  secret%s: keep it where the files that it signs are not\n", secret,
           m->open ? ", NOT encrypted" : ", encrypted");
    printf("%s  public: give it to those who verify (--key %s)\n", public, public);
    return fflush(stdout) == 0 ? EXIT_ADMIT : EXIT_UNDECIDED;
}

static int run_keygen(const struct command *self, char **argv)
{
    struct making m = { .output = "pratique", .passphrase = { .twice = true } };
    const struct opt rows[] = {
        { "output", 'o', OPT_TEXT, &m.output, "NAME", "make NAME.key and NAME.pub (pratique)" },
        { "comment", 'c', OPT_TEXT, &m.comment, "TEXT", "first line of the public key" },
        { "passphrase-file", 0, OPT_TEXT, &m.passphrase.file, "FILE",
          "its first line is the passphrase; -: of standard input" },
        { "no-passphrase", 0, OPT_FLAG, &m.open, NULL, "the secret key is not encrypted" },
        { 0 },
    };
    char *secret = NULL, *public = NULL;
    size_t n;
    int status = opt_parse(self, rows, argv, &n);

    if (status != OPT_GO_ON)
        return status;
    if (n || (m.open && m.passphrase.file)) {
        complain(n ? "keygen: it takes no file; --output NAME names the pair"
                   : "keygen: --no-passphrase and --passphrase-file contradict each other");
        return EXIT_USAGE;
    }
    if (asprintf(&secret, "%s.key", m.output) < 0 || asprintf(&public, "%s.pub", m.output) < 0)
        status = EXIT_UNDECIDED;
    else
        status = make(secret, public, &m);
    free(secret);
    free(public);
    return status;
}

const struct command command_keygen = {
    "keygen", "[--output NAME] [--comment TEXT] [--no-passphrase]",
    "Makes a pair of keys to sign with, in the format of minisign.", run_keygen
};
