/* OpenSSH's keys and signatures, inside: PROTOCOL.sshsig, RFC 4251, 4253, 5656, 8332, 8709. */
#ifndef PRATIQUE_TRUST_SSH_H
#define PRATIQUE_TRUST_SSH_H

#include "trust/sign/keys.h"

/* RFC 4251, 5: "string". Cuts one off the front. */
static inline bool ssh_take_string(struct span *in, struct span *out)
{
    struct span at = *in;
    uint32_t n;

    *out = SPAN_EMPTY;
    if (!take_u32be(&at, &n) || !take(&at, n, out))
        return false;
    *in = at;
    return true;
}

/* What an SSHSIG blob holds; all borrowed. */
struct sshsig {
    struct span public_key, space, reserved, hash, signature;
};

/* Undoes the armor: bytes into blob (as large as bytes). NULL, or why it is none. */
const char *sshsig_dearmor(struct span bytes, uint8_t *blob, size_t *n) NONNULL;
/* NULL, or why the blob is no signature. */
const char *sshsig_parse(struct sshsig *out, struct span blob) NONNULL;

/* Whether a word is the name of a kind of key, also of one that is not taken. */
bool sshkey_is_type(struct span word);
/* NULL, or why a key of this kind (its name in text, and its blob) cannot be one of ours. */
const char *sshkey_fault(struct span type, struct span blob);

enum sshkey_result {
    SSHKEY_HOLDS,
    SSHKEY_WRONG,
    SSHKEY_WEAK,       /* an algorithm that is not taken: SHA-1, another kind of signature */
    SSHKEY_NOT_PRESENT /* a hardware key signed without anybody touching it */
};
/* Whether signature (RFC 4253, 6.6) is one of data by the key, which sshkey_fault() found good. */
enum sshkey_result sshkey_verify(struct span blob, struct span data,
                                 struct span signature) MUST_CHECK;

/* Whether text matches one of the patterns ("a,*.b,!c"), and none that is negated: OpenSSH's. */
bool ssh_matches(const char *text, const char *patterns) NONNULL;

#endif
