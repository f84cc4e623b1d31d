/*
 * minisign's secret keys: opening them, making them, signing with them. As minisign 0.11 has them:
 * "Ed", how it is encrypted ("Sc": scrypt, or two zero bytes: not), "B2", salt, the cost of
 * scrypt, then number, seed, public key and a BLAKE2b hash of these, encrypted together.
 */
#include <inttypes.h>
#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/status.h"
#include "trust/sign/base64.h"
#include "trust/sign/blake2b.h"
#include "trust/sign/minisign.h"

#define SALT_BYTES   32
#define CHECK_BYTES  32
#define HIDDEN_BYTES (MINISIGN_NUMBER_BYTES + 2 * ED25519_KEY_BYTES + CHECK_BYTES)
#define HEAD_BYTES   (6 + SALT_BYTES + 8 + 8)
#define FILE_BYTES   (HEAD_BYTES + HIDDEN_BYTES)
#define COMMENT_MAX  1000

/* A file that asks for more than this is not opened: it would be a way to exhaust the machine. */
#define MEMORY_MAX ((uint64_t)2 << 30)
#define WORK_MAX   ((uint64_t)1 << 22) /* N * p; minisign's own keys: 2^20 */

#define PASSPHRASE_SIZE 1024 /* with the NUL, as in minisign */

static enum pratique_status refuse(struct pratique_error *err, const char *path, const char *why)
{
    return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%.150s: %s", path, why);
}

static enum pratique_status no_memory(struct pratique_error *err)
{
    return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while working with a secret key");
}

/* ---- what a key is made of ---- */

static void check_of(const uint8_t hidden[HIDDEN_BYTES], uint8_t out[CHECK_BYTES])
{
    struct span parts[] = { SPAN_LITERAL("Ed"), span_of(hidden, HIDDEN_BYTES - CHECK_BYTES) };

    blake2b(parts, 2, out, CHECK_BYTES);
}

bool minisign_secret_from(struct secret *out, const uint8_t seed[ED25519_KEY_BYTES],
                          const uint8_t number[MINISIGN_NUMBER_BYTES])
{
    struct span in = span_of(number, MINISIGN_NUMBER_BYTES);
    size_t n = ED25519_KEY_BYTES;
    uint64_t shown;

    *out = (struct secret){ .is_minisign = true };
    if (!take_u64le(&in, &shown))
        return false;
    memcpy(out->number, number, MINISIGN_NUMBER_BYTES);
    (void)snprintf(out->id, sizeof out->id, "%016" PRIX64, shown);
    out->pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, ED25519_KEY_BYTES);
    return out->pkey && EVP_PKEY_get_raw_public_key(out->pkey, out->ed25519, &n) == 1;
}

enum pratique_status minisign_generate(struct secret *out, struct pratique_error *err)
{
    uint8_t seed[ED25519_KEY_BYTES], number[MINISIGN_NUMBER_BYTES];
    bool ok = RAND_priv_bytes(seed, sizeof seed) == 1 && RAND_bytes(number, sizeof number) == 1 &&
              minisign_secret_from(out, seed, number);

    OPENSSL_cleanse(seed, sizeof seed);
    return ok ? PRATIQUE_OK : no_memory(err);
}

/* ---- scrypt ---- */

/* libsodium's crypto_pwhash_scryptsalsa208sha256: how N and p come of its two limits. r is 8. */
static bool scrypt_cost(struct minisign_cost cost, uint64_t *N, uint64_t *p)
{
    uint64_t ops = cost.opslimit < 32768 ? 32768 : cost.opslimit, most, passes;
    bool is_small = ops < cost.memlimit / 32;

    most = is_small ? ops / 32 : cost.memlimit / 1024;
    *N = 2;
    while (*N <= most / 2)
        *N *= 2;
    passes = ops / 4 / *N;
    *p = is_small ? 1 : (passes > 0x3fffffff ? 0x3fffffff : passes) / 8;
    return *p >= 1 && *N <= MEMORY_MAX / 1024 && *p <= WORK_MAX / *N;
}

/* Encrypts, or decrypts: the stream is the same. */
static bool scrypt_mask(uint8_t hidden[HIDDEN_BYTES], const char *passphrase,
                        const uint8_t salt[SALT_BYTES], struct minisign_cost cost)
{
    uint8_t stream[HIDDEN_BYTES];
    uint64_t N, p;
    bool ok = scrypt_cost(cost, &N, &p) &&
              EVP_PBE_scrypt(passphrase, strlen(passphrase), salt, SALT_BYTES, N, 8, p,
                             MEMORY_MAX + ((uint64_t)16 << 20), stream, sizeof stream) == 1;

    for (size_t i = 0; ok && i < sizeof stream; i++)
        hidden[i] ^= stream[i];
    OPENSSL_cleanse(stream, sizeof stream);
    return ok;
}

/* ---- opening ---- */

/* The line after the comment as the key's bytes. */
static bool decode(struct span bytes, uint8_t raw[FILE_BYTES])
{
    struct span line;

    if (!span_starts(bytes, SPAN_LITERAL("untrusted comment: ")) || !take_line(&bytes, &line))
        return false;
    if (!take_line(&bytes, &line))
        line = bytes;
    while (line.n && line.p[line.n - 1] == '\r')
        line.n--;
    return base64_exactly(line, raw, FILE_BYTES) && memcmp(raw, "Ed", 2) == 0;
}

bool minisign_is_secret(struct span bytes)
{
    uint8_t raw[FILE_BYTES];
    bool is = decode(bytes, raw);

    OPENSSL_cleanse(raw, sizeof raw);
    return is;
}

static enum pratique_status decrypt(uint8_t raw[FILE_BYTES], const char *path,
                                    pratique_passphrase_fn *on_passphrase, void *user,
                                    struct pratique_error *err)
{
    struct span costs = span_of(raw + 6 + SALT_BYTES, 16);
    char passphrase[PASSPHRASE_SIZE] = "";
    struct minisign_cost cost;
    uint64_t N, p;
    bool ok;

    if (!take_u64le(&costs, &cost.opslimit) || !take_u64le(&costs, &cost.memlimit) ||
        !scrypt_cost(cost, &N, &p))
        return refuse(err, path,
                      "to open it, this key demands more than 2 GiB of memory or minutes of time; "
                      "minisign makes no such key");
    if (!on_passphrase)
        return refuse(err, path, "this key is encrypted, and there is no passphrase");
    if (!on_passphrase(user, path, passphrase, sizeof passphrase)) {
        OPENSSL_cleanse(passphrase, sizeof passphrase);
        return refuse(err, path, "this key is encrypted, and no passphrase was given");
    }
    ok = scrypt_mask(raw + HEAD_BYTES, passphrase, raw + 6, cost);
    OPENSSL_cleanse(passphrase, sizeof passphrase);
    return ok ? PRATIQUE_OK : no_memory(err);
}

/*
 * A key that is not encrypted has no hash (minisign 0.11 leaves it zero), but its halves.
 * A public half that is not the seed's would turn a signature into a way to the seed. */
static bool halves_agree(const struct secret *s, const uint8_t hidden[HIDDEN_BYTES])
{
    return memcmp(s->ed25519, hidden + MINISIGN_NUMBER_BYTES + ED25519_KEY_BYTES,
                  ED25519_KEY_BYTES) == 0;
}

static enum pratique_status open_raw(struct secret *out, uint8_t raw[FILE_BYTES], const char *path,
                                     pratique_passphrase_fn *on_passphrase, void *user,
                                     struct pratique_error *err)
{
    bool encrypted = memcmp(raw + 2, "Sc", 2) == 0;
    const uint8_t *hidden = raw + HEAD_BYTES;
    uint8_t check[CHECK_BYTES];
    enum pratique_status status;

    if ((!encrypted && memcmp(raw + 2, "\0", 2) != 0) || memcmp(raw + 4, "B2", 2) != 0)
        return refuse(err, path, "this secret key is encrypted or checked in an unknown way");
    if (encrypted && (status = decrypt(raw, path, on_passphrase, user, err)) != PRATIQUE_OK)
        return status;
    check_of(hidden, check);
    if (encrypted && CRYPTO_memcmp(check, hidden + HIDDEN_BYTES - CHECK_BYTES, CHECK_BYTES) != 0)
        return refuse(err, path, "the passphrase does not open this key");
    if (!minisign_secret_from(out, hidden + MINISIGN_NUMBER_BYTES, hidden))
        return no_memory(err);
    if (!halves_agree(out, hidden))
        return refuse(err, path, "this secret key is damaged: its parts do not fit together");
    return PRATIQUE_OK;
}

enum pratique_status minisign_open(struct secret *out, const char *path, struct span bytes,
                                   pratique_passphrase_fn *on_passphrase, void *user,
                                   struct pratique_error *err)
{
    uint8_t raw[FILE_BYTES];
    enum pratique_status status;

    if (!decode(bytes, raw))
        status = refuse(err, path, "this is no minisign secret key, or it is broken off");
    else
        status = open_raw(out, raw, path, on_passphrase, user, err);
    OPENSSL_cleanse(raw, sizeof raw);
    return status;
}

/* ---- signing ---- */

static bool sign(const struct secret *s, struct span message, uint8_t out[ED25519_SIGNATURE_BYTES])
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    size_t n = ED25519_SIGNATURE_BYTES;
    bool ok = ctx && EVP_DigestSignInit(ctx, NULL, NULL, NULL, s->pkey) == 1 &&
              EVP_DigestSign(ctx, out, &n, message.p, message.n) == 1 &&
              n == ED25519_SIGNATURE_BYTES;

    EVP_MD_CTX_free(ctx);
    return ok;
}

static bool sign_comment(const struct secret *s, const uint8_t signature[ED25519_SIGNATURE_BYTES],
                         const char *comment, uint8_t out[ED25519_SIGNATURE_BYTES])
{
    struct buf both;
    bool ok;

    buf_init(&both, ED25519_SIGNATURE_BYTES + 2 * COMMENT_MAX);
    ok = buf_add(&both, signature, ED25519_SIGNATURE_BYTES) && buf_puts(&both, comment) &&
         sign(s, span_of(both.p, both.n), out);
    buf_free(&both);
    return ok;
}

enum pratique_status minisign_sign(const struct secret *s,
                                   const uint8_t digest[MINISIGN_DIGEST_BYTES], const char *comment,
                                   struct buf *out, struct pratique_error *err)
{
    uint8_t raw[2 + MINISIGN_NUMBER_BYTES + ED25519_SIGNATURE_BYTES] = "ED";
    uint8_t *signature = raw + 2 + MINISIGN_NUMBER_BYTES, global[ED25519_SIGNATURE_BYTES];
    char text[BASE64_SIZE(sizeof raw)], global_text[BASE64_SIZE(sizeof global)];

    if (strlen(comment) > COMMENT_MAX || comment[strcspn(comment, "\r\n")])
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "the comment must be one line of at most %d bytes", COMMENT_MAX);
    memcpy(raw + 2, s->number, sizeof s->number);
    if (!sign(s, span_of(digest, MINISIGN_DIGEST_BYTES), signature) ||
        !sign_comment(s, signature, comment, global))
        return no_memory(err);
    base64_encode(span_of(raw, sizeof raw), text);
    base64_encode(span_of(global, sizeof global), global_text);
    if (!buf_printf(out,
                    "untrusted comment: signature from minisign secret key %s\n%s\n"
                    "trusted comment: %s\n%s\n",
                    s->id, text, comment, global_text))
        return no_memory(err);
    return PRATIQUE_OK;
}

/* ---- making ---- */

bool minisign_write_public(const struct secret *s, const char *comment, struct buf *out)
{
    uint8_t raw[2 + MINISIGN_NUMBER_BYTES + ED25519_KEY_BYTES] = "Ed";
    char text[BASE64_SIZE(sizeof raw)];

    memcpy(raw + 2, s->number, sizeof s->number);
    memcpy(raw + 2 + sizeof s->number, s->ed25519, sizeof s->ed25519);
    base64_encode(span_of(raw, sizeof raw), text);
    if (comment)
        return buf_printf(out, "untrusted comment: %s\n%s\n", comment, text);
    return buf_printf(out, "untrusted comment: minisign public key %s\n%s\n", s->id, text);
}

static void put_u64le(uint8_t *out, uint64_t n)
{
    for (unsigned i = 0; i < 8; i++)
        out[i] = (uint8_t)(n >> (8 * i));
}

static bool fill(const struct secret *s, uint8_t raw[FILE_BYTES])
{
    uint8_t *hidden = raw + HEAD_BYTES, *seed = hidden + MINISIGN_NUMBER_BYTES;
    size_t n = ED25519_KEY_BYTES;

    memset(raw, 0, FILE_BYTES);
    memcpy(raw, "Ed\0\0B2", 6);
    memcpy(hidden, s->number, MINISIGN_NUMBER_BYTES);
    memcpy(seed + ED25519_KEY_BYTES, s->ed25519, ED25519_KEY_BYTES);
    if (EVP_PKEY_get_raw_private_key(s->pkey, seed, &n) != 1)
        return false;
    check_of(hidden, hidden + HIDDEN_BYTES - CHECK_BYTES);
    return true;
}

static bool encrypt(uint8_t raw[FILE_BYTES], const char *passphrase, struct minisign_cost cost)
{
    memcpy(raw + 2, "Sc", 2);
    put_u64le(raw + 6 + SALT_BYTES, cost.opslimit);
    put_u64le(raw + 6 + SALT_BYTES + 8, cost.memlimit);
    return RAND_bytes(raw + 6, SALT_BYTES) == 1 &&
           scrypt_mask(raw + HEAD_BYTES, passphrase, raw + 6, cost);
}

enum pratique_status minisign_write_secret(const struct secret *s, const char *comment,
                                           const char *passphrase, struct minisign_cost cost,
                                           struct buf *out, struct pratique_error *err)
{
    const char *usual = passphrase ? "minisign encrypted secret key" : "minisign secret key";
    uint8_t raw[FILE_BYTES];
    char text[BASE64_SIZE(FILE_BYTES)];
    bool ok = fill(s, raw) && (!passphrase || encrypt(raw, passphrase, cost));

    base64_encode(span_of(raw, sizeof raw), text);
    ok = ok && buf_printf(out, "untrusted comment: %s\n%s\n", comment ? comment : usual, text);
    OPENSSL_cleanse(raw, sizeof raw);
    OPENSSL_cleanse(text, sizeof text);
    return ok ? PRATIQUE_OK : no_memory(err);
}
