/* OpenSSH's signatures of files (ssh-keygen -Y sign): PROTOCOL.sshsig of OpenSSH 9.2. */
#include <stdio.h>

#include "base/digit.h"
#include "base/status.h"
#include "trust/sign/base64.h"
#include "trust/sign/check.h"
#include "trust/sign/ssh.h"

#define BEGIN SPAN_LITERAL("-----BEGIN SSH SIGNATURE-----\n")
#define END   SPAN_LITERAL("\n-----END SSH SIGNATURE-----")
#define MAGIC SPAN_LITERAL("SSHSIG")

bool sshsig_looks_like(struct span bytes)
{
    return span_starts(bytes, SPAN_LITERAL("-----BEGIN SSH SIGNATURE-----"));
}

/* Lines of base64 between the two marks, and at most a newline after them. */
const char *sshsig_dearmor(struct span bytes, uint8_t *blob, size_t *n)
{
    size_t end = span_find(bytes, 0, END), kept = 0;
    struct span rest = span_from(bytes, end == SIZE_MAX ? bytes.n : end + END.n);

    *n = 0;
    if (!span_starts(bytes, BEGIN))
        return "its first line is not the usual one";
    if (end == SIZE_MAX || end < BEGIN.n)
        return "it is broken off";
    if (rest.n && !span_is(rest, "\n"))
        return "something follows its last line";
    for (size_t i = BEGIN.n; i < end; i++)
        if (bytes.p[i] != '\n')
            blob[kept++] = bytes.p[i];
    /* in place: three bytes never take more room than the four letters they come from */
    if (!base64_decode(span_of(blob, kept), blob, kept, n))
        return "what is between its lines is not base64";
    return NULL;
}

const char *sshsig_parse(struct sshsig *out, struct span blob)
{
    uint32_t version;

    *out = (struct sshsig){ SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY };
    if (!span_starts(blob, MAGIC) || !skip(&blob, MAGIC.n))
        return "it is not of the kind SSHSIG";
    if (!take_u32be(&blob, &version) || version != 1)
        return "its version is not 1";
    if (!ssh_take_string(&blob, &out->public_key) || !ssh_take_string(&blob, &out->space) ||
        !ssh_take_string(&blob, &out->reserved) || !ssh_take_string(&blob, &out->hash) ||
        !ssh_take_string(&blob, &out->signature))
        return "it is broken off";
    if (blob.n)
        return "something follows in it";
    if (out->space.n == 0)
        return "it has no namespace";
    if (out->reserved.n) /* ssh-keygen passes over it: what it signs is an empty one */
        return "its reserved field is not empty";
    if (!span_is(out->hash, "sha256") && !span_is(out->hash, "sha512"))
        return "its hash is neither SHA-256 nor SHA-512";
    return NULL;
}

/* ---- what was signed ---- */

static void put_string(struct buf *out, struct span s)
{
    uint8_t n[4] = { (uint8_t)(s.n >> 24), (uint8_t)(s.n >> 16), (uint8_t)(s.n >> 8),
                     (uint8_t)s.n };

    (void)buf_add(out, n, sizeof n);
    (void)buf_add(out, s.p, s.n);
}

static bool signed_data(const struct sshsig *s, struct span message, struct buf *out)
{
    bool is_256 = span_is(s->hash, "sha256");
    uint8_t digest[64];

    if (EVP_Digest(message.p, message.n, digest, NULL, is_256 ? EVP_sha256() : EVP_sha512(),
                   NULL) != 1)
        return false;
    (void)buf_add(out, MAGIC.p, MAGIC.n);
    put_string(out, s->space);
    put_string(out, s->reserved);
    put_string(out, s->hash);
    put_string(out, span_of(digest, is_256 ? 32 : 64));
    return !out->failed;
}

/* ---- whether the key may say this ---- */

/* Principals say whose a key is; where a key stands alone, only a trust file can. */
static enum signature_fault principal_fits(struct check *c, const struct key *key)
{
    const char *wanted[] = { c->k->identity, key->identity };

    if (!key->principals && !key_owner_is(c->k, key))
        return check_fault(c, SIGNATURE_FORBIDDEN,
                           "nothing says that the key of %.100s is that of %.100s; an "
                           "allowed_signers file can say it",
                           key->name, c->k->identity);
    for (size_t i = 0; key->principals && i < ARRAY_LEN(wanted); i++)
        if (wanted[i] && !ssh_matches(wanted[i], key->principals))
            return check_fault(c, SIGNATURE_FORBIDDEN,
                               "%.100s, line %u: the key is not that of %.100s", key->name,
                               key->line, wanted[i]);
    return SIGNATURE_HOLDS;
}

static enum signature_fault line_fits(struct check *c, const struct sshsig *s,
                                      const struct key *key)
{
    const char *wanted = key->space ? key->space : c->k->space;

    if (!span_is(s->space, wanted))
        return check_fault(c, SIGNATURE_FORBIDDEN,
                           "it was made for the namespace \"%.100s\", not for \"%.100s\"",
                           check_printable(c, s->space), wanted);
    if (key->namespaces && !ssh_matches(wanted, key->namespaces))
        return check_fault(c, SIGNATURE_FORBIDDEN,
                           "%.100s, line %u: the key may not sign in the namespace \"%.100s\"",
                           key->name, key->line, wanted);
    if (key->valid_after && c->k->now < key->valid_after)
        return check_fault(c, SIGNATURE_EXPIRED, "%.100s, line %u: the key is not valid yet",
                           key->name, key->line);
    if (key->valid_before && c->k->now > key->valid_before)
        return check_fault(c, SIGNATURE_EXPIRED, "%.100s, line %u: the key is no longer valid",
                           key->name, key->line);
    if (principal_fits(c, key) != SIGNATURE_HOLDS)
        return SIGNATURE_FORBIDDEN;
    return key_fit(c->k, key, &c->why, c->arena);
}

static void tell_signer(struct check *c, const struct key *key)
{
    const char *who = c->k->identity    ? c->k->identity
                      : key->identity   ? key->identity
                      : key->principals ? key->principals
                                        : "";

    *c->who = (struct signer){ .kind = "ssh",
                               .key = key->name,
                               .id = key->id,
                               .who = check_printable(c, span_text(who)),
                               .comment = "" };
}

/* ---- the whole ---- */

static enum signature_fault told(struct check *c, enum sshkey_result result, const struct key *key)
{
    if (result == SSHKEY_WEAK)
        return check_fault(c, SIGNATURE_MALFORMED,
                           "its algorithm is not one that is taken for this key (RSA: rsa-sha2-256 "
                           "or rsa-sha2-512, never SHA-1)");
    if (result == SSHKEY_NOT_PRESENT)
        return check_fault(c, SIGNATURE_FORBIDDEN,
                           "the hardware key %.100s signed it without being touched", key->name);
    return check_fault(c, SIGNATURE_WRONG,
                       "it is by the key %.60s (%.100s), and not of these bytes", key->id,
                       key->name);
}

/* "the OpenSSH key SHA256:..." */
static enum signature_fault unknown_key(struct check *c, struct span blob)
{
    uint8_t digest[SHA256_BYTES];
    char id[BASE64_SIZE(sizeof digest)], text[96];

    if (EVP_Digest(blob.p, blob.n, digest, NULL, EVP_sha256(), NULL) != 1)
        memset(digest, 0, sizeof digest);
    base64_encode(span_of(digest, sizeof digest), id);
    id[strcspn(id, "=")] = '\0';
    (void)snprintf(text, sizeof text, "the OpenSSH key SHA256:%s", id);
    return check_unknown_key(c, KEY_SSH, "ssh", text);
}

/* The signature holds for the first line with its key that lets it; else the first one's fault. */
static enum signature_fault check_lines(struct check *c, const struct sshsig *s, struct span data)
{
    enum signature_fault first = SIGNATURE_HOLDS;
    const char *first_why = NULL;

    for (size_t i = 0; i < c->k->n; i++) {
        const struct key *key = &c->k->list[i];
        enum sshkey_result result;
        enum signature_fault fault;

        if (key->kind != KEY_SSH || !span_equal(key->blob, s->public_key))
            continue;
        result = sshkey_verify(key->blob, data, s->signature);
        if (result != SSHKEY_HOLDS)
            return told(c, result, key);
        fault = line_fits(c, s, key);
        if (fault == SIGNATURE_HOLDS) {
            tell_signer(c, key);
            return fault;
        }
        if (first == SIGNATURE_HOLDS)
            first = fault, first_why = c->why;
    }
    if (first == SIGNATURE_HOLDS)
        return unknown_key(c, s->public_key);
    c->why = first_why;
    return first;
}

static enum signature_fault no_memory(struct check *c)
{
    c->status = error_set(c->err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET,
                          "while reading the signature %.150s", c->name);
    return SIGNATURE_MALFORMED;
}

enum signature_fault sshsig_check(struct check *c)
{
    uint8_t *blob = arena_alloc(c->arena, c->signature.n);
    enum signature_fault fault;
    struct buf data;
    struct sshsig s;
    const char *why;
    size_t n;

    if (!blob)
        return no_memory(c);
    why = sshsig_dearmor(c->signature, blob, &n);
    if (!why)
        why = sshsig_parse(&s, span_of(blob, n));
    if (why)
        return check_fault(c, SIGNATURE_MALFORMED, "it is no OpenSSH signature: %s", why);
    buf_init(&data, SIGNATURE_MAX + 256);
    fault = signed_data(&s, c->message, &data) ? check_lines(c, &s, span_of(data.p, data.n))
                                               : no_memory(c);
    buf_free(&data);
    return fault;
}
