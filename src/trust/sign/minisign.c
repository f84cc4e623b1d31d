/*
 * minisign's public keys and signatures: jedisct1.github.io/minisign, "Signature format" and
 * "Public key format". What minisign 0.11 reads is read, but for legacy signatures (see
 * minisign_check()) and for what follows the fourth line, which it does not look at.
 */
#include "trust/sign/minisign.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/status.h"
#include "trust/sign/base64.h"
#include "trust/sign/check.h"

#define UNTRUSTED SPAN_LITERAL("untrusted comment: ")
#define TRUSTED   SPAN_LITERAL("trusted comment: ")

/* Lines, as minisign bounds them; with the '\n'. */
#define UNTRUSTED_MAX 1023
#define TRUSTED_MAX   8191

#define PUBLIC_BYTES    (2 + MINISIGN_NUMBER_BYTES + ED25519_KEY_BYTES)
#define SIGNATURE_BYTES (2 + MINISIGN_NUMBER_BYTES + ED25519_SIGNATURE_BYTES)

/* The next line without its end ("\n", "\r\n"), which the last one may lack. */
static bool line_of(struct span *in, struct span *out)
{
    if (in->n == 0)
        return false;
    if (!take_line(in, out))
        (void)take(in, in->n, out);
    while (out->n && out->p[out->n - 1] == '\r')
        out->n--;
    return true;
}

static uint64_t number_of(const uint8_t number[MINISIGN_NUMBER_BYTES])
{
    struct span in = span_of(number, MINISIGN_NUMBER_BYTES);
    uint64_t n;

    return take_u64le(&in, &n) ? n : 0;
}

/* ---- public keys ---- */

bool minisign_is_public(struct span bytes)
{
    struct span line;

    if (span_starts(bytes, UNTRUSTED))
        return true;
    return line_of(&bytes, &line) && span_starts(line, SPAN_LITERAL("RW")) &&
           line.n == BASE64_SIZE(PUBLIC_BYTES) - 1;
}

static enum pratique_status no_key(struct pratique_error *err, const char *name, const char *why)
{
    return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                     "%.150s: no minisign public key: %s", name, why);
}

static enum pratique_status add(struct keys *k, const char *name, const uint8_t raw[PUBLIC_BYTES],
                                struct pratique_error *err)
{
    char id[BASE64_SIZE(PUBLIC_BYTES)];
    struct key *key;

    if (memcmp(raw, "Ed", 2) != 0)
        return no_key(err, name, "its algorithm is unknown");
    if (!ed25519_key_ok(raw + 2 + MINISIGN_NUMBER_BYTES))
        return no_key(err, name, "it is a weak one, with which anybody can sign");
    key = keys_add(k, KEY_MINISIGN, name, err);
    if (!key)
        return PRATIQUE_E_NOMEM;
    memcpy(key->number, raw + 2, sizeof key->number);
    memcpy(key->ed25519, raw + 2 + sizeof key->number, sizeof key->ed25519);
    base64_encode(span_of(raw, PUBLIC_BYTES), id);
    key->id = arena_copy(&k->arena, id, strlen(id));
    return key->id ? PRATIQUE_OK : error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "keys");
}

enum pratique_status minisign_add(struct keys *k, const char *name, struct span bytes,
                                  struct pratique_error *err)
{
    uint8_t raw[PUBLIC_BYTES];
    struct span line;

    if (minisign_is_secret(bytes))
        return no_key(err, name, "it is a secret one; name the public key, and keep this one away");
    if (span_starts(bytes, UNTRUSTED) && !line_of(&bytes, &line))
        return no_key(err, name, "there is none");
    if (!line_of(&bytes, &line))
        return no_key(err, name, "there is only a comment");
    if (!base64_exactly(line, raw, sizeof raw))
        return no_key(err, name, "the line that should hold it is not its 56 letters");
    while (line_of(&bytes, &line))
        if (line.n)
            return no_key(err, name, "something follows it; a file holds one");
    return add(k, name, raw, err);
}

/* ---- signatures ---- */

bool minisign_looks_like(struct span bytes)
{
    return span_starts(bytes, UNTRUSTED);
}

static const char *parse_signature(struct minisign *out, struct span line)
{
    uint8_t raw[SIGNATURE_BYTES];

    if (!base64_exactly(line, raw, sizeof raw))
        return "its second line is no signature";
    memcpy(out->algorithm, raw, 2);
    memcpy(out->number, raw + 2, sizeof out->number);
    memcpy(out->signature, raw + 2 + sizeof out->number, sizeof out->signature);
    if (memcmp(out->algorithm, "ED", 2) != 0 && memcmp(out->algorithm, "Ed", 2) != 0)
        return "its algorithm is unknown";
    return NULL;
}

const char *minisign_parse(struct minisign *out, struct span bytes)
{
    struct span line, in = bytes;
    const char *why;

    *out = (struct minisign){ .comment = SPAN_EMPTY };
    if (memchr(bytes.p, 0, bytes.n))
        return "it holds a zero byte";
    if (!line_of(&in, &line) || !span_starts(line, UNTRUSTED) || line.n >= UNTRUSTED_MAX)
        return "it does not begin with an untrusted comment";
    if (!line_of(&in, &line))
        return "it is broken off after its first line";
    if ((why = parse_signature(out, line)))
        return why;
    if (!line_of(&in, &line) || !span_starts(line, TRUSTED) || line.n >= TRUSTED_MAX)
        return "it has no trusted comment";
    out->comment = span_from(line, TRUSTED.n);
    if (!line_of(&in, &line) || !base64_exactly(line, out->global, sizeof out->global))
        return "its fourth line does not sign the trusted comment";
    return in.n ? "something follows its four lines" : NULL;
}

#define TIME_DIGITS 11 /* of seconds since 1970, so that its year has four */

/*
 * Takes "timestamp:1700000000", as minisign writes it, off the comment, with the tab behind it;
 * 0, and the comment stays: it does not begin like that.
 */
static int64_t take_time(struct span *comment)
{
    const struct span head = SPAN_LITERAL("timestamp:");
    struct span in = *comment;
    int64_t t = 0;
    size_t n = 0;

    if (!span_starts(in, head) || !skip(&in, head.n))
        return 0;
    for (; n < in.n && n < TIME_DIGITS && in.p[n] >= '0' && in.p[n] <= '9'; n++)
        t = t * 10 + (in.p[n] - '0');
    if (!skip(&in, n) || (in.n && in.p[0] != '\t'))
        return 0;
    (void)skip(&in, in.n ? 1 : 0);
    if (t)
        *comment = in;
    return t;
}

/* The fourth line signs the signature and the comment together. */
static bool global_holds(const struct minisign *m, const struct key *key)
{
    uint8_t both[ED25519_SIGNATURE_BYTES + TRUSTED_MAX];

    memcpy(both, m->signature, sizeof m->signature);
    if (m->comment.n)
        memcpy(both + sizeof m->signature, m->comment.p, m->comment.n);
    return ed25519_verify(key->ed25519, span_of(both, sizeof m->signature + m->comment.n),
                          m->global);
}

/* The trusted comment to be shown: minisign's own has tabs between its parts. */
static const char *shown(struct check *c, struct span comment)
{
    char *text = arena_copy(c->arena, comment.p, comment.n);

    for (size_t i = 0; text && i < comment.n; i++)
        if (text[i] == '\t')
            text[i] = ' ';
    return check_printable(c, text ? span_of(text, comment.n) : comment);
}

static enum signature_fault holds(struct check *c, const struct minisign *m, const struct key *key)
{
    struct span comment = m->comment;
    int64_t signed_at = take_time(&comment);

    *c->who = (struct signer){ .kind = "minisign",
                               .key = key->name,
                               .id = key->id,
                               .who = key->identity ? key->identity : "",
                               .comment = shown(c, comment),
                               .signed_at = signed_at };
    if (!key_owner_is(c->k, key))
        return check_fault(c, SIGNATURE_FORBIDDEN,
                           "nothing says that the minisign key %.100s is that of %.100s; a trust "
                           "file can say it",
                           key->name, c->k->identity);
    return key_fit(c->k, key, &c->why, c->arena);
}

/*
 * Keys are found by their number, which is no secret and not signed: what counts is that the
 * signature is one by that key. A legacy signature is one of the file itself: by cutting and
 * renaming, one of a hash or of a comment becomes such a signature, so none is accepted, unlike
 * in minisign without -H.
 */
enum signature_fault minisign_check(struct check *c)
{
    enum signature_fault fault = SIGNATURE_HOLDS;
    const struct key *last = NULL;
    struct minisign m;
    const char *why = minisign_parse(&m, c->signature);
    uint8_t digest[64];
    char text[64];

    if (why)
        return check_fault(c, SIGNATURE_MALFORMED, "it is no minisign signature: %s", why);
    if (memcmp(m.algorithm, "ED", 2) != 0)
        return check_fault(c, SIGNATURE_MALFORMED,
                           "it is a legacy signature, of the bytes and not of their hash; sign "
                           "again with minisign 0.10 or later, without -l");
    if (EVP_Digest(c->message.p, c->message.n, digest, NULL, EVP_blake2b512(), NULL) != 1) {
        c->status = error_set(c->err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "BLAKE2b failed");
        return SIGNATURE_MALFORMED;
    }
    for (size_t i = 0; i < c->k->n; i++) {
        const struct key *key = &c->k->list[i];

        if (key->kind != KEY_MINISIGN || memcmp(key->number, m.number, sizeof m.number) != 0)
            continue;
        last = key;
        if (!ed25519_verify(key->ed25519, span_of(digest, sizeof digest), m.signature) ||
            !global_holds(&m, key))
            continue;
        if ((fault = holds(c, &m, key)) == SIGNATURE_HOLDS)
            return fault;
    }
    if (fault != SIGNATURE_HOLDS) /* it is good, and none of its keys' entries lets it */
        return fault;
    if (last)
        return check_fault(c, SIGNATURE_WRONG,
                           "it names the key %016" PRIX64 " (%.100s), and is not its signature of "
                           "these bytes and this comment",
                           number_of(m.number), last->name);
    (void)snprintf(text, sizeof text, "the minisign key %016" PRIX64, number_of(m.number));
    return check_unknown_key(c, KEY_MINISIGN, "minisign", text);
}
