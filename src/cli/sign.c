/* pratique manifest sign, pratique signature sign, pratique signature verify. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/passphrase.h"
#include "cli/sign.h"

#define MANIFEST "MANIFEST.json"

/* ---- sign ---- */

struct signing {
    struct pratique_sign_options options;
    struct list certificates;
    struct passphrase passphrase;
    const char *kind;
};

static bool kind_of(const char *word, enum pratique_signature_kind *out)
{
    static const char *const names[] = { "auto", "minisign", "ssh", "model-signing" };

    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(word, names[i]) == 0) {
            *out = (enum pratique_signature_kind)i;
            return true;
        }
    return false;
}

static int sign(const struct command *self, struct signing *s, const char *path)
{
    struct pratique_error err = { 0 };
    enum pratique_status st;

    s->options.certificates = s->certificates.items;
    s->options.certificates_n = s->certificates.n;
    s->options.on_passphrase = passphrase_ask;
    s->options.user = &s->passphrase;
    st = pratique_sign(path, &s->options, &err);
    if (st == PRATIQUE_OK)
        return EXIT_ADMIT;
    complain("%s: %s", self->name, err.msg[0] ? err.msg : pratique_status_name(st));
    return st == PRATIQUE_E_USAGE ? EXIT_USAGE : EXIT_UNDECIDED;
}

static int wrong(const struct command *self, const char *why)
{
    complain("%s: %s (pratique %s --help)", self->name, why, self->name);
    return EXIT_USAGE;
}

/* path NULL: a file must be named. */
static int run_sign(const struct command *self, char **argv, const char *path)
{
    struct signing s = { .kind = "auto" };
    const struct opt rows[] = {
        { "key", 'k', OPT_TEXT, &s.options.key, "SECRET",
          "of minisign, OpenSSH (or the .pub of one in an agent), PEM" },
        { "output", 'o', OPT_TEXT, &s.options.output, "FILE",
          "signature's file (beside the file: .minisig, .sig; model.sig)" },
        { "kind", 0, OPT_TEXT, &s.kind, "KIND",
          "minisign, ssh, model-signing (as usual: by the key)" },
        { "comment", 'c', OPT_TEXT, &s.options.comment, "TEXT", "minisign: trusted comment" },
        { "namespace", 'n', OPT_TEXT, &s.options.space, "NAME", "of OpenSSH (pratique-manifest)" },
        { "certificate", 0, OPT_LIST, &s.certificates, "PEM",
          "model-signing: the signer's, then those that vouch for it" },
        { "root", 0, OPT_TEXT, &s.options.root, "DIR",
          "model-signing: the model (the manifest's folder)" },
        { "passphrase-file", 0, OPT_TEXT, &s.passphrase.file, "FILE",
          "its first line is the passphrase; -: of standard input" },
        { 0 },
    };
    size_t n;
    int status = opt_parse(self, rows, argv, &n);

    if (status == OPT_GO_ON) {
        path = n ? argv[0] : path;
        if (n > 1 || !path)
            status = wrong(self, "name one file");
        else if (!s.options.key)
            status = wrong(self, "name the key to sign with: --key SECRET");
        else if (!kind_of(s.kind, &s.options.kind))
            status = wrong(self, "--kind is minisign, ssh or model-signing");
        else
            status = sign(self, &s, path);
    }
    free(s.certificates.items);
    return status;
}

static int run_manifest_sign(const struct command *self, char **argv)
{
    return run_sign(self, argv, MANIFEST);
}

static int run_signature_sign(const struct command *self, char **argv)
{
    return run_sign(self, argv, NULL);
}

const struct command command_manifest_sign = {
    "manifest sign", "[MANIFEST.json] --key SECRET [--output FILE] [--kind KIND]",
    "Signs a manifest, so that others can tell who made it.", run_manifest_sign
};

static const struct command signature_sign = { "signature sign",
                                               "FILE --key SECRET [--output FILE] [--kind KIND]",
                                               "Signs a file, with a detached signature beside it.",
                                               run_signature_sign };

/* ---- verify ---- */

struct verifying {
    struct pratique_trust trust;
    struct list keys;
    const char *signature;
    struct reporting_options how;
};

static int verify(struct verifying *v, const char *path)
{
    struct pratique_error err = { 0 };
    struct reporting run;
    enum pratique_status st;
    int status = reporting_begin(&run, &v->how, NULL);

    if (status != OPT_GO_ON)
        return status;
    v->trust.keys = v->keys.items;
    v->trust.keys_n = v->keys.n;
    st = pratique_signature_verify(path, &v->trust, v->signature, reporting_add, &run, &err);
    progress_erase(&run.progress);
    if (st != PRATIQUE_OK)
        complain("signature verify: %s", err.msg[0] ? err.msg : pratique_status_name(st));
    status = reporting_end(&run, st);
    return st == PRATIQUE_E_USAGE ? EXIT_USAGE : status;
}

static int run_signature_verify(const struct command *self, char **argv)
{
    struct verifying v = { .signature = NULL };
    const struct opt rows[] = {
        { "key", 'k', OPT_LIST, &v.keys, "FILE",
          "who may have signed: public key, allowed_signers, keyring (repeat)" },
        { "trust", 0, OPT_TEXT, &v.trust.file, "FILE", "keys with names, roles and expiry" },
        { "signature", 's', OPT_TEXT, &v.signature, "FILE",
          "instead of the one beside the file (.minisig, .sig, .asc)" },
        { "identity", 'I', OPT_TEXT, &v.trust.identity, "WHO", "who must have signed it" },
        { "namespace", 'n', OPT_TEXT, &v.trust.space, "NAME", "of OpenSSH (pratique-manifest)" },
        REPORTING_ROWS(&v.how),
        { 0 },
    };
    size_t n;
    int status = opt_parse(self, rows, argv, &n);

    if (status == OPT_GO_ON)
        status = n == 1 ? verify(&v, argv[0]) : wrong(self, "name one file");
    free(v.keys.items);
    return status;
}

static const struct command signature_verify = {
    "signature verify", "FILE --key KEY... [--signature FILE] [--identity WHO]",
    "Verifies the detached signature of a file.", run_signature_verify
};

/* ---- both ---- */

static const struct command *const commands[] = { &signature_sign, &signature_verify, NULL };

static int run_signature(const struct command *self, char **argv)
{
    return command_group(self, commands,
                         "Who made a file, by a signature in a file of its own: docs/SIGNING.md.",
                         "sign or verify", argv);
}

const struct command command_signature = { "signature", "sign|verify FILE --key KEY",
                                           "Signs a file, or verifies its detached signature.",
                                           run_signature };
