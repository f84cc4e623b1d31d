/*
 * Signing what a manifest lists as a bundle that `model_signing verify` accepts; see modelsign.h.
 * The files come in model_signing's order, so that the subject has the digest that it would give.
 */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>

#include "base/status.h"
#include "base/utf8.h"
#include "trust/attest/modelsign.h"
#include "trust/attest/statement.h"

/* One of the files. */
struct resource {
    const char *path;
    uint8_t digest[SHA256_BYTES];
};

struct resources {
    struct resource *list; /* owned */
    size_t n;
};

static enum pratique_status no_memory(struct pratique_error *err)
{
    return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while signing a model");
}

/* A slash sorts before everything else: "a/b" before "a.b". */
int modelsign_compare(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    if (*a == *b)
        return 0;
    if (!*a || !*b)
        return *a ? 1 : -1;
    if (*a == '/' || *b == '/')
        return *a == '/' ? -1 : 1;
    return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
}

static int by_parts(const void *a, const void *b)
{
    return modelsign_compare(((const struct resource *)a)->path,
                             ((const struct resource *)b)->path);
}

/* The last name of where the signature goes. */
static const char *signature_name(const struct pratique_sign_options *options)
{
    const char *output = options->output ? options->output : "model.sig";
    const char *slash = strrchr(output, '/');

    return slash ? slash + 1 : output;
}

/* JSON is UTF-8. */
static enum pratique_status check_names(const char *model, const char *signature,
                                        struct pratique_error *err)
{
    bool good = utf8_valid((const uint8_t *)model, strlen(model));

    if (good && utf8_valid((const uint8_t *)signature, strlen(signature)))
        return PRATIQUE_OK;
    return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                     "the name of the %s is not UTF-8, which a bundle has to name it in: rename it",
                     good ? "signature" : "model's folder");
}

/* What the manifest lists, and the manifest itself where it lies among them. */
static enum pratique_status collect(struct resources *out, const struct pratique_manifest *m,
                                    const char *own_name, const char *signature,
                                    struct pratique_error *err)
{
    out->list = calloc(m->n + 1, sizeof *out->list);
    if (!out->list)
        return no_memory(err);
    for (size_t i = 0; i < m->n; i++) {
        struct resource *r = &out->list[out->n++];

        r->path = m->artifacts[i].path;
        if (strcmp(r->path, signature) == 0)
            return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                             "the manifest lists %.100s, which the signature would replace: remove "
                             "it and make the manifest again, or name another --output",
                             r->path);
        if (!statement_digest(span_text(m->artifacts[i].sha256), r->digest))
            return error_set(err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                             "%.150s: its hash is no SHA-256", r->path);
    }
    if (own_name) {
        struct resource *r = &out->list[out->n++];

        r->path = own_name;
        if (!EVP_Digest(m->text.p ? m->text.p : "", m->text.n, r->digest, NULL, EVP_sha256(), NULL))
            return no_memory(err);
    }
    qsort(out->list, out->n, sizeof *out->list, by_parts);
    return PRATIQUE_OK;
}

/* ---- the statement ---- */

static bool digest_all(const struct resources *r, uint8_t out[SHA256_BYTES])
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL);

    for (size_t i = 0; ok && i < r->n; i++)
        ok = EVP_DigestUpdate(ctx, r->list[i].digest, SHA256_BYTES);
    ok = ok && EVP_DigestFinal_ex(ctx, out, NULL);
    EVP_MD_CTX_free(ctx);
    return ok;
}

static bool put_resource(struct buf *out, const struct resource *r, bool first)
{
    char hex[SHA256_HEX];

    sha256_hex(r->digest, hex);
    return buf_printf(out,
                      "%s{\"algorithm\":\"sha256\",\"digest\":\"%s\",\"name\":", first ? "" : ",",
                      hex) &&
           strict_put(out, span_text(r->path)) && buf_putc(out, '}');
}

/* What a manifest never lists: the repository, and the signature that is being made. */
static bool put_excused(struct buf *out, const char *signature)
{
    return buf_puts(out, "\"ignore_paths\":[\".git\",") && strict_put(out, span_text(signature)) &&
           buf_putc(out, ']');
}

static bool put_statement(struct buf *out, const struct resources *r, const char *model_name,
                          const char *signature)
{
    uint8_t digest[SHA256_BYTES];
    bool ok = digest_all(r, digest) &&
              statement_begin(out, span_text(model_name), digest, MODELSIGN_TYPE) &&
              buf_puts(out, "{\"serialization\":{\"method\":\"files\",\"hash_type\":\"sha256\","
                            "\"allow_symlinks\":false,") &&
              put_excused(out, signature) && buf_puts(out, "},\"resources\":[");

    for (size_t i = 0; ok && i < r->n; i++)
        ok = put_resource(out, &r->list[i], i == 0);
    return ok && buf_puts(out, "]}}");
}

/* ---- certificates ---- */

/* Adds the certificates of one PEM file; *leaf is set to the first of all. */
static enum pratique_status put_file(struct buf *out, const char *path, X509 **leaf, size_t *n,
                                     struct pratique_error *err)
{
    struct buf text;
    enum pratique_status st;
    BIO *bio = NULL;
    X509 *x = NULL;
    size_t before = *n;

    buf_init(&text, KEY_FILE_MAX);
    st = whole_read(path, KEY_FILE_MAX, &text, err);
    if (st == PRATIQUE_OK)
        bio = BIO_new_mem_buf(text.p ? text.p : "", (int)text.n);
    while (bio && (x = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
        unsigned char *der = NULL;
        int size = i2d_X509(x, &der);
        bool ok = size > 0 && buf_puts(out, *n ? ",{\"rawBytes\":\"" : "{\"rawBytes\":\"") &&
                  dsse_put_base64(out, span_of(der, (size_t)size)) && buf_puts(out, "\"}");

        OPENSSL_free(der);
        if (*n == 0 && X509_up_ref(x))
            *leaf = x;
        X509_free(x);
        ++*n;
        st = ok ? st : no_memory(err);
    }
    if (st == PRATIQUE_OK && *n == before)
        st = error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                       "%.180s: there is no certificate in PEM in it", path);
    BIO_free(bio);
    buf_free(&text);
    return st;
}

static enum pratique_status put_certificates(struct buf *out,
                                             const struct pratique_sign_options *options,
                                             X509 **leaf, struct pratique_error *err)
{
    enum pratique_status st = PRATIQUE_OK;
    size_t n = 0;

    if (!buf_puts(out, "\"x509CertificateChain\":{\"certificates\":["))
        return no_memory(err);
    for (size_t i = 0; st == PRATIQUE_OK && i < options->certificates_n; i++)
        st = put_file(out, options->certificates[i], leaf, &n, err);
    if (st == PRATIQUE_OK && n > BUNDLE_CERTIFICATES)
        st = error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                       "%zu certificates; %u are as many as a verifier takes", n,
                       BUNDLE_CERTIFICATES);
    if (st == PRATIQUE_OK && !buf_puts(out, "]}"))
        st = no_memory(err);
    return st;
}

/* ---- the bundle ---- */

/* How the key is found: by its hint, or by its certificate, which has to be the key's own. */
static enum pratique_status put_material(struct buf *out, const struct secret *secret,
                                         const struct pratique_sign_options *options,
                                         struct pratique_error *err)
{
    enum pratique_status st = PRATIQUE_OK;
    X509 *leaf = NULL;

    if (options->certificates_n == 0)
        return buf_printf(out, "\"publicKey\":{\"hint\":\"%s\"}", secret_id(secret))
                   ? PRATIQUE_OK
                   : no_memory(err);
    st = put_certificates(out, options, &leaf, err);
    if (st == PRATIQUE_OK && EVP_PKEY_eq(X509_get0_pubkey(leaf), secret->pkey) != 1)
        st = error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                       "%.100s: the certificate is not that of the key %.100s",
                       options->certificates[0], options->key);
    X509_free(leaf);
    return st;
}

static enum pratique_status put_envelope(struct buf *out, struct span statement,
                                         const struct secret *secret, struct pratique_error *err)
{
    struct dsse d = { .type = SPAN_LITERAL(DSSE_IN_TOTO),
                      .payload = statement,
                      .keyid = SPAN_EMPTY,
                      .signature = SPAN_EMPTY };
    struct buf signed_bytes, signature;
    enum pratique_status st;

    buf_init(&signed_bytes, DSSE_PAYLOAD_MAX + DSSE_NAME_MAX);
    buf_init(&signature, DSSE_SIGNATURE_MAX);
    st = dsse_pae(&signed_bytes, d.type, d.payload) ? PRATIQUE_OK : no_memory(err);
    if (st == PRATIQUE_OK)
        st = secret_sign(secret, span_of(signed_bytes.p, signed_bytes.n), &signature, err);
    d.signature = span_of(signature.p, signature.n);
    if (st == PRATIQUE_OK && !dsse_write(out, &d))
        st = no_memory(err);
    buf_free(&signed_bytes);
    buf_free(&signature);
    return st;
}

static enum pratique_status put_bundle(struct buf *out, struct span statement,
                                       const struct secret *secret,
                                       const struct pratique_sign_options *options,
                                       struct pratique_error *err)
{
    enum pratique_status st;

    if (secret->is_minisign)
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "%.120s: OpenSSF Model Signing takes EC keys (openssl ecparam -name "
                         "prime256v1 -genkey -noout), not minisign's",
                         options->key);
    if (!buf_puts(out, "{\"mediaType\":\"" BUNDLE_MEDIA_TYPE "\",\"verificationMaterial\":{"))
        return no_memory(err);
    st = put_material(out, secret, options, err);
    if (st == PRATIQUE_OK && !buf_puts(out, ",\"tlogEntries\":[]},\"dsseEnvelope\":"))
        st = no_memory(err);
    if (st == PRATIQUE_OK)
        st = put_envelope(out, statement, secret, err);
    return st == PRATIQUE_OK && !buf_puts(out, "}\n") ? no_memory(err) : st;
}

enum pratique_status modelsign_sign(const struct pratique_manifest *m, const char *own_name,
                                    const char *model_name,
                                    const struct pratique_sign_options *options, struct buf *out,
                                    struct pratique_error *err)
{
    struct resources resources = { 0 };
    struct secret *secret = NULL;
    struct buf statement;
    enum pratique_status st;

    buf_init(&statement, DSSE_PAYLOAD_MAX);
    st = check_names(model_name, signature_name(options), err);
    if (st == PRATIQUE_OK)
        st = secret_load(&secret, options->key, options->on_passphrase, options->user, err);
    if (st == PRATIQUE_OK)
        st = collect(&resources, m, own_name, signature_name(options), err);
    if (st == PRATIQUE_OK && resources.n > MODELSIGN_RESOURCES_MAX)
        st = error_set(err, PRATIQUE_E_LIMIT, PRATIQUE_NO_OFFSET,
                       "more than %u files cannot be signed as a bundle", MODELSIGN_RESOURCES_MAX);
    if (st == PRATIQUE_OK &&
        !put_statement(&statement, &resources, model_name, signature_name(options)))
        st = no_memory(err);
    if (st == PRATIQUE_OK)
        st = put_bundle(out, span_of(statement.p, statement.n), secret, options, err);
    free(resources.list);
    buf_free(&statement);
    secret_free(secret);
    return st;
}
