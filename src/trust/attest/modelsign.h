/*
 * OpenSSF Model Signing v1.0: a sigstore bundle (v0.3, JSON) around a DSSE envelope around an
 * in-toto statement about the files of a model. As PyPI's model-signing 1.1.1 writes and reads
 * them; docs/MODEL-SIGNING.md says what is refused here and accepted there.
 */
#ifndef PRATIQUE_TRUST_MODELSIGN_H
#define PRATIQUE_TRUST_MODELSIGN_H

#include "trust/attest/dsse.h"
#include "trust/sign/keys.h"

#define BUNDLE_MEDIA_TYPE "application/vnd.dev.sigstore.bundle.v0.3+json"
#define MODELSIGN_TYPE    "https://model_signing/signature/v1.0"

#define BUNDLE_BYTES_MAX       ((size_t)384 * 1024 * 1024)
#define BUNDLE_CERTIFICATES    10u
#define BUNDLE_CERTIFICATE_MAX ((size_t)64 * 1024)

#define MODELSIGN_RESOURCES_MAX 1000000u
#define MODELSIGN_EXCUSED_MAX   10000u

/* What a bundle says. Either a hint or certificates. */
struct bundle {
    struct dsse envelope;
    struct span hint; /* of the key: hex of the SHA-256 of its PEM text */
    struct span certificates[BUNDLE_CERTIFICATES]; /* DER, the signer's first */
    size_t certificates_n;
};

/* In the child; told_readers. */
void bundle_read(struct span in, struct buf *out);
void modelsign_read(struct span statement, struct buf *out);

/* In the parent: the records of bundle_read(). NULL, or why they will not do. */
const char *bundle_heard(struct bundle *b, struct span records) NONNULL MUST_CHECK;

/*
 * The records of modelsign_read() as a manifest, with what else they say; *why is NULL, or why
 * they will not do (out->manifest is then NULL). E_NOMEM.
 */
enum pratique_status modelsign_heard(struct modelsign *out, const char **why, struct span records,
                                     struct arena *arena,
                                     struct pratique_error *err) NONNULL MUST_CHECK;

/* In the order of model_signing: by the parts between slashes. As qsort(3) wants it. */
int modelsign_compare(const char *a, const char *b) NONNULL;

/*
 * Whether the signature is one of message by the first certificate, which a root among the keys
 * vouches for at the keys' time. X.509 (RFC 5280), by libcrypto.
 */
enum pratique_status x509_check(enum signature_fault *fault, const char **why, struct signer *who,
                                const struct keys *k, const struct span *chain, size_t n,
                                struct span message, struct span signature, struct arena *arena,
                                struct pratique_error *err) NONNULL MUST_CHECK;

/* A certificate from exactly these DER bytes; NULL. X509_free(). */
X509 *x509_read(struct span der) MUST_CHECK;

#endif
