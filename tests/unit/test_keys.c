/* src/trust/sign/keys.c, pem.c, secret.c: keys in PEM, raw signatures, roles and dates. */
#include <fcntl.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"
#include "trust/sign/minisign.h"

static char *pem_of(EVP_PKEY *key, bool secret, const char *passphrase)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text, *copy;
    long n;

    if (secret)
        CHECK(PEM_write_bio_PKCS8PrivateKey(bio, key, passphrase ? EVP_aes_256_cbc() : NULL,
                                            passphrase, passphrase ? (int)strlen(passphrase) : 0,
                                            NULL, NULL) == 1,
              "write");
    else
        CHECK(PEM_write_bio_PUBKEY(bio, key) == 1, "write");
    n = BIO_get_mem_data(bio, &text);
    copy = strndup(text, (size_t)n);
    BIO_free(bio);
    return copy;
}

static void file_of(char *path, const char *text)
{
    int fd;

    strcpy(path, "/tmp/pratique-key-XXXXXX");
    fd = mkstemp(path);
    CHECK(fd != -1 && write(fd, text, strlen(text)) == (ssize_t)strlen(text), "write %s", path);
    close(fd);
}

static void keys_init(struct keys *k)
{
    *k = (struct keys){ .role = TRUST_ATTESTATION, .now = 1800000000, .space = "x" };
    arena_init(&k->arena, 1 << 22);
}

static void keys_reset(struct keys *k)
{
    for (size_t i = 0; i < k->n; i++)
        EVP_PKEY_free(k->list[i].pkey);
    arena_reset(&k->arena);
}

static char word[] = "correct horse";

static bool say(void *user, const char *what, char *text, size_t size)
{
    (void)what;
    (void)snprintf(text, size, "%s", (const char *)user);
    return true;
}

static void round_trip(const char *curve)
{
    EVP_PKEY *pkey = EVP_EC_gen(curve);
    char *public = pem_of(pkey, false, NULL), path[64];
    const struct span message = SPAN_LITERAL("DSSEv1 4 text 5 hello");
    struct pratique_error err = { 0 };
    enum signature_fault fault;
    struct secret *secret;
    struct signer who;
    struct buf sig;
    struct keys k;

    keys_init(&k);
    buf_init(&sig, 1024);
    CHECK(keys_add_bytes(&k, "k.pem", span_text(public), &err) == PRATIQUE_OK, "%s: %s", curve,
          err.msg);
    CHECK(span_is(k.list[0].blob, public), "%s: the PEM text", curve);
    for (int i = 0; i < 2; i++) {
        char *text = pem_of(pkey, true, i ? word : NULL);

        file_of(path, text);
        CHECK(secret_load(&secret, path, i ? say : NULL, word, &err) == PRATIQUE_OK, "%s: %s",
              curve, err.msg);
        buf_clear(&sig);
        CHECK(secret && secret_sign(secret, message, &sig, &err) == PRATIQUE_OK, "%s", curve);
        CHECK(secret && strcmp(secret_id(secret), k.list[0].id) == 0, "%s: id", curve);
        CHECK(keys_check_raw(&k, span_text(secret_id(secret)), message, span_of(sig.p, sig.n), &who,
                             &k.arena, &fault),
              "%s: %d", curve, (int)fault);
        CHECK(strcmp(who.key, "k.pem") == 0, "%s: %s", curve, who.key);
        CHECK(!keys_check_raw(&k, SPAN_LITERAL("00"), message, span_of(sig.p, sig.n), &who,
                              &k.arena, &fault) &&
                  fault == SIGNATURE_UNKNOWN_KEY,
              "%s: another id", curve);
        sig.p[sig.n - 1] ^= 1;
        CHECK(!keys_check_raw(&k, SPAN_EMPTY, message, span_of(sig.p, sig.n), &who, &k.arena,
                              &fault) &&
                  fault == SIGNATURE_WRONG,
              "%s: turned", curve);
        secret_free(secret);
        unlink(path);
        free(text);
    }
    buf_free(&sig);
    keys_reset(&k);
    free(public);
    EVP_PKEY_free(pkey);
}

TEST(keys_in_pem_go_both_ways)
{
    round_trip("P-256");
    round_trip("P-384");
    round_trip("P-521");
}

TEST(keys_in_pem_that_are_refused)
{
    EVP_PKEY *keys[] = { EVP_EC_gen("P-224"), EVP_EC_gen("secp256k1"), EVP_RSA_gen(2048),
                         EVP_PKEY_Q_keygen(NULL, NULL, "ED25519") };
    EVP_PKEY *good = EVP_EC_gen("P-256");
    char *rows[9], path[64];

    for (size_t i = 0; i < 4; i++)
        rows[i] = pem_of(keys[i], false, NULL);
    rows[4] = pem_of(good, true, NULL);
    rows[5] = pem_of(good, true, word);
    rows[6] = pem_of(good, false, NULL);
    rows[6][60] = '!';
    rows[7] = pem_of(good, false, NULL);
    rows[7][strlen(rows[7]) - 20] = '\0';
    rows[8] = strdup("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct pratique_error err = { 0 };
        struct keys k;

        keys_init(&k);
        CHECK(keys_add_bytes(&k, "k.pem", span_text(rows[i]), &err) == PRATIQUE_E_USAGE, "row %zu",
              i);
        CHECK(strncmp(err.msg, "k.pem: ", 7) == 0, "row %zu: %s", i, err.msg);
        keys_reset(&k);
        free(rows[i]);
    }
    for (size_t i = 0; i < 4; i++) {
        struct pratique_error err = { 0 };
        struct secret *secret;
        char *text = pem_of(keys[i], true, NULL);

        file_of(path, text);
        CHECK(secret_load(&secret, path, NULL, NULL, &err) == PRATIQUE_E_USAGE && !secret,
              "secret %zu", i);
        unlink(path);
        free(text);
        EVP_PKEY_free(keys[i]);
    }
    EVP_PKEY_free(good);
}

TEST(keys_secret_in_pem_needs_its_passphrase)
{
    EVP_PKEY *pkey = EVP_EC_gen("P-256");
    char *text = pem_of(pkey, true, "another"), path[64];
    struct pratique_error err = { 0 };
    struct secret *secret;

    file_of(path, text);
    CHECK(secret_load(&secret, path, NULL, NULL, &err) == PRATIQUE_E_USAGE &&
              strstr(err.msg, "no passphrase"),
          "%s", err.msg);
    CHECK(secret_load(&secret, path, say, word, &err) == PRATIQUE_E_USAGE &&
              strstr(err.msg, "does not open"),
          "%s", err.msg);
    chmod(path, 0640);
    CHECK(secret_load(&secret, path, say, word, &err) == PRATIQUE_E_USAGE &&
              strstr(err.msg, "chmod 600"),
          "%s", err.msg);
    unlink(path);
    free(text);
    EVP_PKEY_free(pkey);
}

TEST(keys_of_minisign_sign_raw_bytes)
{
    const struct span message = SPAN_LITERAL("DSSEv1 4 text 5 hello");
    struct pratique_error err = { 0 };
    struct secret s = { 0 };
    enum signature_fault fault;
    struct signer who;
    struct buf text, sig;
    struct keys k;

    keys_init(&k);
    buf_init(&text, 4096);
    buf_init(&sig, 4096);
    CHECK(minisign_generate(&s, &err) == PRATIQUE_OK && minisign_write_public(&s, "x", &text),
          "make");
    CHECK(keys_add_bytes(&k, "k", span_of(text.p, text.n), &err) == PRATIQUE_OK, "%s", err.msg);
    CHECK(secret_sign(&s, message, &sig, &err) == PRATIQUE_OK && sig.n == 64, "sign");
    CHECK(keys_check_raw(&k, span_text(secret_id(&s)), message, span_of(sig.p, sig.n), &who,
                         &k.arena, &fault),
          "%d", (int)fault);
    CHECK(keys_check_raw(&k, SPAN_EMPTY, message, span_of(sig.p, sig.n), &who, &k.arena, &fault),
          "without an id: %d", (int)fault);
    CHECK(!keys_check_raw(&k, SPAN_EMPTY, message, span_of(sig.p, 63), &who, &k.arena, &fault),
          "one byte less");
    k.list[0].roles = TRUST_MANIFEST;
    CHECK(!keys_check_raw(&k, SPAN_EMPTY, message, span_of(sig.p, sig.n), &who, &k.arena, &fault) &&
              fault == SIGNATURE_FORBIDDEN,
          "another role: %d", (int)fault);
    k.list[0].roles = TRUST_ATTESTATION;
    k.list[0].expires = "2027-01-14", k.list[0].expires_at = 1800000000;
    CHECK(!keys_check_raw(&k, SPAN_EMPTY, message, span_of(sig.p, sig.n), &who, &k.arena, &fault) &&
              fault == SIGNATURE_EXPIRED,
          "expired: %d", (int)fault);
    k.list[0].expires_at = 1800000001;
    k.identity = "alice";
    CHECK(!keys_check_raw(&k, SPAN_EMPTY, message, span_of(sig.p, sig.n), &who, &k.arena, &fault) &&
              fault == SIGNATURE_FORBIDDEN,
          "nobody says that it is hers: %d", (int)fault);
    k.list[0].identity = "alice";
    CHECK(keys_check_raw(&k, SPAN_EMPTY, message, span_of(sig.p, sig.n), &who, &k.arena, &fault) &&
              strcmp(who.who, "alice") == 0,
          "hers: %d", (int)fault);
    EVP_PKEY_free(s.pkey);
    buf_free(&text);
    buf_free(&sig);
    keys_reset(&k);
}

TEST(keys_load_says_what_is_missing)
{
    static const char *const nowhere[] = { "/nowhere/k.pub" };
    struct pratique_trust none = { 0 }, lost = { .keys = nowhere, .keys_n = 1 };
    struct pratique_error err = { 0 };
    struct keys *k;

    CHECK(!keys_any(&none) && keys_any(&lost), "any");
    CHECK(keys_load(&k, &none, TRUST_MANIFEST, 0, &err) == PRATIQUE_E_USAGE && !k, "%s", err.msg);
    CHECK(keys_load(&k, &lost, TRUST_MANIFEST, 0, &err) == PRATIQUE_E_IO && !k &&
              strstr(err.msg, "/nowhere/k.pub"),
          "%s", err.msg);
    keys_free(NULL);
}
