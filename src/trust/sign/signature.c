/* Detached signatures: which kind it is, whether it holds, and how that is told. */
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/status.h"
#include "trust/manifest/manifest.h"
#include "trust/sign/check.h"

enum signature_fault check_fault(struct check *c, enum signature_fault fault, const char *fmt, ...)
{
    char text[600];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    c->why = arena_copy(c->arena, text, strlen(text));
    if (!c->why)
        c->why = "the signature does not hold";
    return fault;
}

const char *check_printable(struct check *c, struct span text)
{
    struct span s = fact_printable(c->arena, text, 200);
    const char *copy = arena_copy(c->arena, s.p, s.n);

    return copy ? copy : "";
}

enum signature_fault check_unknown_key(struct check *c, enum key_kind kind, const char *kind_name,
                                       const char *key)
{
    for (size_t i = 0; i < c->k->n; i++)
        if (c->k->list[i].kind == kind)
            return check_fault(c, SIGNATURE_UNKNOWN_KEY,
                               "it is by %s, which is none of the keys given", key);
    return check_fault(c, SIGNATURE_UNKNOWN_KEY,
                       "it is of the kind %s, and no such key was given; if there is another "
                       "signature, name it with --signature",
                       kind_name);
}

static enum signature_fault unknown(struct check *c)
{
    if (c->signature.n == 0)
        return check_fault(c, SIGNATURE_MALFORMED, "it is empty");
    if (c->signature.n > SIGNATURE_MAX)
        return check_fault(c, SIGNATURE_MALFORMED, "it is larger than 64 KiB, so it is none");
    if (c->signature.p[0] == '{')
        return check_fault(c, SIGNATURE_MALFORMED,
                           "it is JSON; a model-signing bundle is verified by its own name, in the "
                           "place of a manifest");
    return check_fault(c, SIGNATURE_MALFORMED,
                       "it is no signature of a known kind (minisign, OpenSSH, OpenPGP)");
}

static enum signature_fault dispatch(struct check *c)
{
    if (c->signature.n <= SIGNATURE_MAX && minisign_looks_like(c->signature))
        return minisign_check(c);
    if (c->signature.n <= SIGNATURE_MAX && sshsig_looks_like(c->signature))
        return sshsig_check(c);
    if (c->signature.n <= SIGNATURE_MAX && openpgp_looks_like(c->signature))
        return openpgp_check(c);
    return unknown(c);
}

enum pratique_status signature_check(enum signature_fault *fault, const char **why,
                                     struct signer *who, const struct keys *k, struct span message,
                                     const char *message_path, struct span signature,
                                     const char *name, struct arena *arena,
                                     struct pratique_error *err)
{
    struct check c = { .k = k,
                       .message = message,
                       .signature = signature,
                       .name = name,
                       .who = who,
                       .arena = arena,
                       .err = err };

    (void)message_path; /* gpgv is handed the bytes, too: a file could change in between */
    *who = (struct signer){ .kind = "", .key = "", .id = "", .who = "", .comment = "" };
    *fault = dispatch(&c);
    *why = *fault == SIGNATURE_HOLDS ? "" : c.why ? c.why : "the signature does not hold";
    if (c.status != PRATIQUE_OK)
        *fault = SIGNATURE_MALFORMED; /* whoever forgets the status must not find that it holds */
    return c.status;
}

const char *signature_beside(const char *path, struct arena *arena)
{
    static const char *const endings[] = { ".minisig", ".sig", ".asc" };

    for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
        const char *name = arena_printf(arena, "%s%s", path, endings[i]);

        if (name && access(name, F_OK) == 0)
            return name;
    }
    return NULL;
}

static enum fact_kind kind_of(enum signature_fault fault)
{
    switch (fault) {
    case SIGNATURE_HOLDS:
        return FACT_SIGNATURE_HOLDS;
    case SIGNATURE_MISSING:
        return FACT_SIGNATURE_MISSING;
    case SIGNATURE_MALFORMED:
        return FACT_SIGNATURE_MALFORMED;
    case SIGNATURE_WRONG:
        return FACT_SIGNATURE_WRONG;
    case SIGNATURE_UNKNOWN_KEY:
        return FACT_SIGNATURE_UNKNOWN_KEY;
    case SIGNATURE_EXPIRED:
        return FACT_SIGNATURE_EXPIRED;
    case SIGNATURE_REVOKED:
        return FACT_SIGNATURE_REVOKED;
    case SIGNATURE_FORBIDDEN:
        return FACT_SIGNATURE_FORBIDDEN;
    }
    return FACT_SIGNATURE_MALFORMED;
}

/* 'signed by release.pub (minisign RWQ...), alice@example.org, 2026-11-25T18:13:21Z, "build 7"' */
static const char *signed_by(const struct signer *who, struct arena *arena)
{
    const char *quote = *who->comment ? "\"" : "";
    char when[MANIFEST_TIME] = "";

    if (who->signed_at)
        manifest_time_write(who->signed_at, when);
    return arena_printf(arena, "signed by %s (%s%s%s)%s%s%s%s%s%s%s%s", who->key, who->kind,
                        *who->id ? " " : "", who->id, *who->who ? ", " : "", who->who,
                        *when ? ", " : "", when, *quote ? ", " : "", quote, who->comment, quote);
}

void signature_tell(struct facts *facts, const struct where *home, enum signature_fault fault,
                    const char *name, const char *why, const struct signer *who)
{
    const char *detail = fault == SIGNATURE_HOLDS ? signed_by(who, facts->arena) : why;
    struct fact f = { .kind = kind_of(fault),
                      .where = home,
                      .offset = PRATIQUE_NO_OFFSET,
                      .subject = span_text(name),
                      .detail = detail ? span_text(detail) : SPAN_EMPTY };

    facts_add(facts, &f);
}
