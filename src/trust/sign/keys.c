/* The set of keys that a caller trusts: read once, each file told apart by what is in it. */
#include <stdlib.h>

#include "base/status.h"
#include "trust/sign/keys.h"

#define ARENA_BYTES ((size_t)64 << 20)

bool keys_any(const struct pratique_trust *trust)
{
    return trust->keys_n > 0 || trust->file;
}

struct key *keys_add(struct keys *k, enum key_kind kind, const char *name,
                     struct pratique_error *err)
{
    size_t size = k->size ? k->size * 2 : 8;
    struct key *list = k->list;

    if (k->n == KEYS_MAX) {
        (void)error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "%.150s: more than %d keys",
                        name, KEYS_MAX);
        return NULL;
    }
    if (k->n == k->size) {
        list = arena_array(&k->arena, size, sizeof *list);
        if (list && k->n)
            memcpy(list, k->list, k->n * sizeof *list);
        k->list = list ? list : k->list;
        k->size = list ? size : k->size;
    }
    if (!list) {
        (void)error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while reading %.150s", name);
        return NULL;
    }
    k->list[k->n] = (struct key){
        .kind = kind, .name = name, .id = "", .roles = TRUST_ANY, .blob = SPAN_EMPTY
    };
    return &k->list[k->n++];
}

enum pratique_status keys_add_bytes(struct keys *k, const char *name, struct span bytes,
                                    struct pratique_error *err)
{
    if (pem_is(bytes))
        return pem_add(k, name, bytes, err);
    if (openpgp_is_keyring(bytes))
        return openpgp_add(k, name, bytes, err);
    if (minisign_is_public(bytes))
        return minisign_add(k, name, bytes, err);
    return sshkeys_add(k, name, bytes, err);
}

typedef enum pratique_status add_fn(struct keys *k, const char *name, struct span bytes,
                                    struct pratique_error *err);

static enum pratique_status add_file(struct keys *k, const char *path, add_fn *add,
                                     struct pratique_error *err)
{
    struct buf file;
    enum pratique_status status = keyfile_read(path, KEYFILE_PUBLIC, &file, err);
    const char *name = arena_copy(&k->arena, path, strlen(path));

    if (status == PRATIQUE_OK && !name)
        status = error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while reading keys");
    if (status == PRATIQUE_OK)
        status = add(k, name, span_of(file.p, file.n), err);
    keyfile_wipe(&file); /* it may be a secret key, named by mistake */
    return status;
}

static const char *copy(struct keys *k, const char *s, bool *ok)
{
    const char *text = s ? arena_copy(&k->arena, s, strlen(s)) : NULL;

    *ok = *ok && (!s || text);
    return text;
}

enum pratique_status keys_load(struct keys **out, const struct pratique_trust *trust,
                               enum trust_role role, int64_t now, struct pratique_error *err)
{
    struct keys *k = calloc(1, sizeof *k);
    enum pratique_status status = PRATIQUE_OK;
    bool ok = k != NULL;

    *out = NULL;
    if (ok) {
        arena_init(&k->arena, ARENA_BYTES);
        k->role = role, k->now = now;
        k->identity = copy(k, trust->identity, &ok);
        k->space = copy(k, trust->space ? trust->space : "pratique-manifest", &ok);
    }
    if (!ok)
        status = error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while reading keys");
    if (status == PRATIQUE_OK && !keys_any(trust))
        status = error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                           "name the key whose signature counts");
    for (size_t i = 0; status == PRATIQUE_OK && i < trust->keys_n; i++)
        status = add_file(k, trust->keys[i], keys_add_bytes, err);
    if (status == PRATIQUE_OK && trust->file)
        status = add_file(k, trust->file, trustfile_add, err);
    if (status == PRATIQUE_OK)
        *out = k;
    else
        keys_free(k);
    return status;
}

void keys_free(struct keys *k)
{
    if (!k)
        return;
    for (size_t i = 0; i < k->n; i++) {
        EVP_PKEY_free(k->list[i].pkey);
        X509_free(k->list[i].certificate);
    }
    arena_reset(&k->arena);
    free(k);
}

static const char *role_name(enum trust_role role)
{
    return role == TRUST_MANIFEST   ? "manifests"
           : role == TRUST_ARTIFACT ? "artifacts"
                                    : "attestations";
}

enum signature_fault key_fit(const struct keys *k, const struct key *key, const char **why,
                             struct arena *arena)
{
    enum signature_fault fault = SIGNATURE_HOLDS;

    if (!(key->roles & (unsigned)k->role)) {
        fault = SIGNATURE_FORBIDDEN;
        *why = arena_printf(arena,
                            "the key %.100s may not sign %s: its roles in the trust file "
                            "do not say so",
                            key->name, role_name(k->role));
    } else if (key->expires_at && k->now >= key->expires_at) {
        fault = SIGNATURE_EXPIRED;
        *why = arena_printf(arena, "the last day of the key %.100s was %s, says the trust file",
                            key->name, key->expires);
    }
    if (fault != SIGNATURE_HOLDS && !*why)
        *why = "the key may not be used";
    return fault;
}

bool key_identity_is(const struct keys *k, const struct key *key, const char *who)
{
    return (!k->identity || strcmp(k->identity, who) == 0) &&
           (!key->identity || strcmp(key->identity, who) == 0);
}

bool key_owner_is(const struct keys *k, const struct key *key)
{
    return !k->identity || (key->identity && strcmp(k->identity, key->identity) == 0);
}
