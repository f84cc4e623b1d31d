/*
 * OpenSSH's files of public keys: a key as "ssh-ed25519 AAAA... comment", or lines of
 * allowed_signers (ssh-keygen(1), ALLOWED SIGNERS). What is not understood is an error, with its
 * line; so are certificate authorities, which are not taken.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/status.h"
#include "trust/sign/base64.h"
#include "trust/sign/ssh.h"

struct reader {
    struct keys *k;
    const char *name;
    unsigned line;
    struct pratique_error *err;
};

static enum pratique_status wrong(const struct reader *r, const char *why)
{
    return error_set(r->err, PRATIQUE_E_USAGE, r->line, "%.150s:%u: %s", r->name, r->line, why);
}

static enum pratique_status no_memory(const struct reader *r)
{
    return error_set(r->err, PRATIQUE_E_NOMEM, r->line, "while reading %.150s", r->name);
}

/* ---- words ---- */

static void skip_blanks(struct span *in)
{
    while (in->n && (in->p[0] == ' ' || in->p[0] == '\t'))
        (void)skip(in, 1);
}

/* Up to the next blank that stands outside of quotes; false when a quote is left open. */
static bool take_word(struct span *in, struct span *out)
{
    bool quoted = false;
    size_t n = 0;

    skip_blanks(in);
    for (; n < in->n && (quoted || (in->p[n] != ' ' && in->p[n] != '\t')); n++) {
        if (in->p[n] == '\\' && n + 1 < in->n && in->p[n + 1] == '"')
            n++;
        else if (in->p[n] == '"')
            quoted = !quoted;
    }
    return take(in, n, out) && !quoted;
}

/* ---- patterns ---- */

/* '*' and '?', by going back to the last '*': no more steps than the product of the lengths. */
static bool glob(const char *text, const char *pattern, size_t n)
{
    size_t p = 0, star = SIZE_MAX, t = 0, from = 0;

    while (text[t]) {
        if (p < n && pattern[p] == '*') {
            star = p++, from = t;
        } else if (p < n && (pattern[p] == '?' || pattern[p] == text[t])) {
            p++, t++;
        } else if (star != SIZE_MAX) {
            p = star + 1, t = ++from;
        } else {
            return false;
        }
    }
    while (p < n && pattern[p] == '*')
        p++;
    return p == n;
}

bool ssh_matches(const char *text, const char *patterns)
{
    bool found = false;

    for (const char *p = patterns; *p; p += strspn(p, ",")) {
        size_t n = strcspn(p, ",");
        bool negated = *p == '!';

        if (glob(text, p + negated, n - negated)) {
            if (negated)
                return false;
            found = true;
        }
        p += n;
    }
    return found;
}

/* ---- dates ---- */

static bool digits(const char *s, size_t n, int *out)
{
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return false;
        *out = *out * 10 + (s[i] - '0');
    }
    return true;
}

/* "20261231", "202612312359", "20261231235959", in local time, or with a Z in UTC. 0: no date. */
static int64_t date_of(const char *text)
{
    size_t n = strlen(text);
    bool utc = n && (text[n - 1] == 'Z' || text[n - 1] == 'z');
    struct tm tm = { .tm_isdst = -1 }, asked;
    time_t t;

    n -= utc;
    if ((n != 8 && n != 12 && n != 14) || !digits(text, 4, &tm.tm_year) ||
        !digits(text + 4, 2, &tm.tm_mon) || !digits(text + 6, 2, &tm.tm_mday) ||
        (n >= 12 && (!digits(text + 8, 2, &tm.tm_hour) || !digits(text + 10, 2, &tm.tm_min))) ||
        (n == 14 && !digits(text + 12, 2, &tm.tm_sec)))
        return 0;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    asked = tm;
    t = utc ? timegm(&tm) : mktime(&tm);
    /* a 31st of April would have become another day */
    if (t <= 0 || tm.tm_mday != asked.tm_mday || tm.tm_mon != asked.tm_mon || asked.tm_hour > 23 ||
        asked.tm_min > 59 || asked.tm_sec > 59)
        return 0;
    return t;
}

/* ---- options ---- */

/* name="value"; the quotes and the backslashes before quotes are taken off. */
static bool take_option(struct reader *r, struct span *in, struct span *name, const char **value)
{
    size_t n = 0, kept = 0;
    char *text;

    while (n < in->n && in->p[n] != '=' && in->p[n] != ',')
        n++;
    *value = NULL;
    if (!take(in, n, name) || n == 0)
        return false;
    if (in->n == 0 || in->p[0] == ',')
        return true;
    if (!skip(in, 1) || in->n == 0 || in->p[0] != '"' || !skip(in, 1))
        return false;
    text = arena_alloc(&r->k->arena, in->n + 1);
    if (!text)
        return false;
    for (n = 0; n < in->n && in->p[n] != '"'; n++) {
        if (in->p[n] == '\\' && n + 1 < in->n && in->p[n + 1] == '"')
            n++;
        text[kept++] = (char)in->p[n];
    }
    *value = text;
    return n < in->n && skip(in, n + 1) && (in->n == 0 || in->p[0] == ',') && *text;
}

static bool is_option(struct span name, const char *want)
{
    return name.n == strlen(want) && strncasecmp((const char *)name.p, want, name.n) == 0;
}

/* NULL, or what is wrong. Options are for one key; whatever is there twice is refused. */
static const char *read_option(struct key *out, struct span name, const char *value)
{
    bool after = is_option(name, "valid-after"), before = is_option(name, "valid-before");
    int64_t *date = after ? &out->valid_after : &out->valid_before;

    if (is_option(name, "cert-authority"))
        return "cert-authority is not taken; list the keys themselves";
    if (is_option(name, "namespaces")) {
        if (!value || out->namespaces)
            return "namespaces should be there once, as namespaces=\"...\"";
        out->namespaces = value;
        return NULL;
    }
    if (!after && !before)
        return "an option that is not known; there are namespaces, valid-after and valid-before";
    if (!value || *date)
        return "a date should be there once, as valid-before=\"20261231\"";
    *date = date_of(value);
    return *date ? NULL : "no date; one is written as 20261231 or 20261231235959Z";
}

static const char *read_options(struct reader *r, struct span in, struct key *out)
{
    const char *value, *why;
    struct span name;

    for (;;) {
        if (!take_option(r, &in, &name, &value))
            return "the options should be as in namespaces=\"a,b\",valid-before=\"20261231\"";
        if ((why = read_option(out, name, value)))
            return why;
        if (in.n == 0)
            break;
        (void)skip(&in, 1);
    }
    return out->valid_after && out->valid_before && out->valid_before <= out->valid_after
               ? "valid-before is not after valid-after"
               : NULL;
}

/* ---- lines ---- */

static bool name_key(struct reader *r, struct key *key, struct span blob)
{
    uint8_t digest[SHA256_BYTES];
    char text[BASE64_SIZE(sizeof digest)];

    if (EVP_Digest(blob.p, blob.n, digest, NULL, EVP_sha256(), NULL) != 1)
        return false;
    base64_encode(span_of(digest, sizeof digest), text);
    text[strcspn(text, "=")] = '\0';
    key->id = arena_printf(&r->k->arena, "SHA256:%s", text);
    key->blob = blob;
    return key->id != NULL;
}

/* "ssh-ed25519 AAAA... comment": type is cut off already. said: what was read before it. */
static enum pratique_status read_key(struct reader *r, struct span type, struct span rest,
                                     const struct key *said)
{
    struct span text, blob;
    const char *why;
    uint8_t *bytes;
    struct key *key;
    size_t n;

    if (!take_word(&rest, &text) || text.n == 0)
        return wrong(r, "a key should follow its kind");
    bytes = arena_alloc(&r->k->arena, text.n);
    if (!bytes)
        return no_memory(r);
    if (!base64_decode(text, bytes, text.n, &n))
        return wrong(r, "what should be a key is not base64");
    blob = span_of(bytes, n);
    if ((why = sshkey_fault(type, blob)))
        return wrong(r, why);
    key = keys_add(r->k, KEY_SSH, r->name, r->err);
    if (!key)
        return PRATIQUE_E_NOMEM;
    key->principals = said->principals, key->namespaces = said->namespaces;
    key->valid_after = said->valid_after, key->valid_before = said->valid_before;
    key->line = r->line;
    return name_key(r, key, blob) ? PRATIQUE_OK : no_memory(r);
}

/* Principals, with the quotes round them taken off. */
static const char *read_principals(struct reader *r, struct span word)
{
    if (word.n >= 2 && word.p[0] == '"' && word.p[word.n - 1] == '"')
        word = span_of(word.p + 1, word.n - 2);
    if (word.n == 0 || memchr(word.p, '"', word.n) || memchr(word.p, '=', word.n) ||
        span_is(word, "cert-authority"))
        return NULL;
    return arena_copy(&r->k->arena, word.p, word.n);
}

static enum pratique_status read_signer(struct reader *r, struct span first, struct span rest)
{
    struct key said = { .principals = read_principals(r, first) };
    struct span word;
    const char *why;

    if (!said.principals)
        return wrong(r, "a line should be a key, or begin with principals, as in "
                        "allowed_signers: alice@example.org ssh-ed25519 AAAA...");
    if (!take_word(&rest, &word) || word.n == 0)
        return wrong(r, "no key of a kind that is known: minisign, OpenSSH, OpenPGP or PEM");
    if (!sshkey_is_type(word)) {
        if ((why = read_options(r, word, &said)))
            return wrong(r, why);
        if (!take_word(&rest, &word) || !sshkey_is_type(word))
            return wrong(r, "a key should follow the options");
    }
    return read_key(r, word, rest, &said);
}

static enum pratique_status read_line(struct reader *r, struct span line)
{
    struct key said = { .principals = NULL };
    struct span word;

    while (line.n && line.p[line.n - 1] == '\r')
        line.n--;
    skip_blanks(&line);
    if (line.n == 0 || line.p[0] == '#')
        return PRATIQUE_OK;
    if (memchr(line.p, 0, line.n))
        return wrong(r, "no key of a kind that is known: minisign, OpenSSH, OpenPGP or PEM");
    if (!take_word(&line, &word))
        return wrong(r, "a quote is left open");
    return sshkey_is_type(word) ? read_key(r, word, line, &said) : read_signer(r, word, line);
}

enum pratique_status sshkeys_add(struct keys *k, const char *name, struct span bytes,
                                 struct pratique_error *err)
{
    struct reader r = { .k = k, .name = name, .err = err };
    enum pratique_status status = PRATIQUE_OK;
    size_t before = k->n;
    struct span line;

    if (span_starts(bytes, SPAN_LITERAL("-----BEGIN OPENSSH PRIVATE KEY-----")))
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "%.150s: it is a secret key; name the public one (.pub)", name);
    while (status == PRATIQUE_OK && bytes.n) {
        if (!take_line(&bytes, &line))
            (void)take(&bytes, bytes.n, &line);
        r.line++;
        status = read_line(&r, line);
    }
    if (status == PRATIQUE_OK && k->n == before)
        status =
            error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%.150s: no key is in it", name);
    return status;
}
