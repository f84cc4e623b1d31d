/* The statement about a model's files, in the child and as the parent hears it: modelsign.h. */
#include <openssl/evp.h>
#include <stdlib.h>

#include "base/status.h"
#include "trust/attest/modelsign.h"
#include "trust/attest/statement.h"
#include "trust/manifest/manifest.h"

/* ---- the child ---- */

static bool tell_excused(const json_t *serialization, struct buf *out)
{
    const json_t *list = json_object_get(serialization, "ignore_paths"), *one;
    size_t i;

    if (!list || json_is_null(list))
        return true;
    if (!json_is_array(list))
        return told_fault(out, "its ignore_paths are no list");
    if (json_array_size(list) > MODELSIGN_EXCUSED_MAX)
        return told_fault(out, "it has more than %u ignore_paths", MODELSIGN_EXCUSED_MAX);
    json_array_foreach(list, i, one)
    {
        if (!json_is_string(one))
            return told_fault(out, "one of its ignore_paths is no string");
        told_put(out, TOLD_EXCUSED, strict_span(one));
    }
    return true;
}

static bool tell_serialization(const json_t *serialization, struct buf *out)
{
    const json_t *links = json_object_get(serialization, "allow_symlinks");
    struct span method, hash;

    if (!strict_text(serialization, "method", &method, out) ||
        !strict_text(serialization, "hash_type", &hash, out))
        return false;
    if (span_is(method, "shards"))
        return told_fault(out, "it hashes pieces of files (method shards), which is not supported; "
                               "sign it with model-signing's usual method, files");
    if (!span_is(method, "files"))
        return told_fault(out, "its method is '%.100s', not files", (const char *)method.p);
    if (!span_is(hash, "sha256"))
        return told_fault(out, "its hash_type is '%.100s'; only sha256 is supported",
                          (const char *)hash.p);
    if (!json_is_boolean(links))
        return told_fault(out, "its allow_symlinks is neither true nor false");
    told_put(out, TOLD_LINKS, json_is_true(links) ? SPAN_LITERAL("1") : SPAN_LITERAL("0"));
    return tell_excused(serialization, out);
}

static bool tell_resource(const json_t *resource, struct buf *out)
{
    struct span name, algorithm, digest;

    if (!json_is_object(resource))
        return told_fault(out, "a resource is no object");
    if (!strict_text(resource, "name", &name, out) ||
        !strict_text(resource, "algorithm", &algorithm, out) ||
        !strict_text(resource, "digest", &digest, out))
        return false;
    if (!span_is(algorithm, "sha256"))
        return told_fault(out, "the algorithm for '%.100s' is '%.60s'; only sha256 is supported",
                          (const char *)name.p, (const char *)algorithm.p);
    told_put(out, TOLD_RESOURCE, name);
    told_put(out, TOLD_DIGEST, digest);
    return true;
}

static bool tell(const json_t *root, struct buf *out)
{
    const json_t *predicate = statement_predicate(root, MODELSIGN_TYPE, out), *how, *list;
    size_t n;

    how = predicate ? strict_object(predicate, "serialization", out) : NULL;
    if (!how || !tell_serialization(how, out))
        return false;
    list = strict_array(predicate, "resources", out);
    if (!list)
        return false;
    n = json_array_size(list);
    if (n == 0)
        return told_fault(out, "it declares no file (its resources are empty)");
    if (n > MODELSIGN_RESOURCES_MAX)
        return told_fault(out, "it declares more than %u files", MODELSIGN_RESOURCES_MAX);
    for (size_t i = 0; i < n; i++)
        if (!tell_resource(json_array_get(list, i), out))
            return false;
    return true;
}

void modelsign_read(struct span statement, struct buf *out)
{
    json_t *root = strict_read(statement, "its statement", out);

    if (root)
        (void)tell(root, out);
    json_decref(root);
}

/* ---- the parent ---- */

/* What is put together while the records are read. */
struct making {
    struct modelsign *out;
    struct arena *arena;
    const char *why;
    size_t artifacts, excused; /* room */
    struct span subject, resource;
    uint8_t expected[SHA256_BYTES];
    EVP_MD_CTX *all; /* over the digests in the order that they are listed in */
    bool expects, no_memory;
};

static bool wrong(struct making *m, const char *why)
{
    m->why = why;
    return false;
}

static bool no_memory(struct making *m)
{
    m->no_memory = true;
    return false;
}

static bool wrong_name(struct making *m, struct span name, const char *fault)
{
    struct span text = fact_printable(m->arena, name, FACT_SUBJECT_MAX);

    m->why = arena_printf(m->arena, "'%.*s': %s", (int)text.n, (const char *)text.p, fault);
    return m->why ? false : no_memory(m);
}

/* model_signing writes folders without a slash at their end; "." would excuse everything. */
static bool hear_excused(struct making *m, struct span path)
{
    const char *fault = manifest_path_fault(path);
    char *copy = arena_copy(m->arena, path.p, path.n);

    if (!copy)
        return no_memory(m);
    if (span_is(path, ".") || span_is(path, "./") || span_is(path, "/") || span_is(path, ".."))
        return wrong_name(m, path, "its ignore_paths leave out everything");
    if (fault)
        return wrong_name(m, path, arena_printf(m->arena, "one of its ignore_paths: %s", fault));
    if (m->out->excused_n == m->excused)
        return wrong(m, "it has more ignore_paths than were counted");
    m->out->excused[m->out->excused_n++] = copy;
    return true;
}

/* A model that is one file is called "." in the list; its name is then the subject's. */
static bool hear_name(struct making *m, struct span name)
{
    const char *fault;

    if (m->resource.n > 0)
        return wrong(m, "its reader told a name without a digest");
    if (span_is(name, ".") && m->artifacts == 1) {
        name = m->subject;
        if (memchr(name.p, '/', name.n))
            return wrong_name(m, name, "no name for the one file that it declares");
        m->out->single = true;
    }
    fault = manifest_path_fault(name);
    if (fault)
        return wrong_name(m, name, fault);
    m->resource = name;
    return true;
}

static bool hear_resource_digest(struct making *m, struct span hex)
{
    struct pratique_manifest *made = m->out->manifest;
    struct pratique_artifact *a;
    uint8_t digest[SHA256_BYTES];

    if (!statement_digest(hex, digest))
        return wrong_name(m, m->resource, "its digest is no SHA-256 in lower-case hex");
    if (made->n == m->artifacts || !EVP_DigestUpdate(m->all, digest, sizeof digest))
        return no_memory(m);
    a = &made->artifacts[made->n++];
    a->path = arena_copy(&made->arena, m->resource.p, m->resource.n);
    a->sha256 = arena_copy(&made->arena, hex.p, hex.n);
    if (!a->path || !a->sha256)
        return no_memory(m);
    a->bytes = UINT64_MAX; /* it does not say */
    a->role = manifest_role(a->path);
    a->risk = manifest_risk(a->role);
    m->resource = SPAN_EMPTY;
    return true;
}

static bool hear_digest(struct making *m, struct span hex)
{
    if (m->resource.n > 0)
        return hear_resource_digest(m, hex);
    if (m->expects || !statement_digest(hex, m->expected))
        return wrong(m, "the digest of its subject is no SHA-256 in lower-case hex");
    m->expects = true;
    return true;
}

static bool hear(struct making *m, enum told tag, struct span bytes)
{
    if (tag == TOLD_SUBJECT)
        m->subject = bytes;
    else if (tag == TOLD_LINKS)
        m->out->links = span_is(bytes, "1");
    else if (tag == TOLD_EXCUSED)
        return hear_excused(m, bytes);
    else if (tag == TOLD_RESOURCE)
        return hear_name(m, bytes);
    else if (tag == TOLD_DIGEST)
        return hear_digest(m, bytes);
    else
        return wrong(m, "its reader told something else than a statement");
    return true;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct pratique_artifact *)a)->path,
                  ((const struct pratique_artifact *)b)->path);
}

static bool each_once(struct making *m)
{
    const struct pratique_manifest *made = m->out->manifest;

    for (size_t i = 1; i < made->n; i++)
        if (strcmp(made->artifacts[i - 1].path, made->artifacts[i].path) == 0)
            return wrong_name(m, span_text(made->artifacts[i].path), "it is declared twice");
    return true;
}

/* The first declared path, in their order, that is not before this one; NULL: none. */
static const char *first_from(const struct pratique_manifest *made, const char *path)
{
    size_t low = 0, high = made->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(made->artifacts[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < made->n ? made->artifacts[low].path : NULL;
}

/* Whatever is declared must not be left out as well: who signs with model_signing cannot say both,
 * and one who verifies with it passes over the file. */
static bool none_excused(struct making *m)
{
    for (size_t i = 0; !m->out->single && i < m->out->excused_n; i++) {
        const char *path = m->out->excused[i];
        const char *folder = arena_printf(m->arena, "%s/", path);
        const char *same = first_from(m->out->manifest, path);
        const char *below = folder ? first_from(m->out->manifest, folder) : NULL;

        if (!folder)
            return no_memory(m);
        if ((same && strcmp(same, path) == 0) ||
            (below && strncmp(below, folder, strlen(folder)) == 0))
            return wrong_name(m, span_text(path),
                              "one of its ignore_paths leaves out what it declares");
    }
    return true;
}

/* The digest over all of them, and what is said of each. */
static bool finish(struct making *m)
{
    struct pratique_manifest *made = m->out->manifest;
    uint8_t digest[EVP_MAX_MD_SIZE];

    if (m->resource.n > 0 || made->n == 0 || !m->expects)
        return wrong(m, "its reader broke off");
    if (!EVP_DigestFinal_ex(m->all, digest, NULL))
        return no_memory(m);
    if (memcmp(digest, m->expected, SHA256_BYTES) != 0)
        return wrong(m, "the digest of its subject is not that of the files that it lists");
    qsort(made->artifacts, made->n, sizeof *made->artifacts, by_path);
    return each_once(m) && none_excused(m);
}

/* Room for all that the records name. */
static bool start(struct making *m, struct span records)
{
    struct modelsign *out = m->out;
    struct span bytes;
    enum told tag;

    while (told_take(&records, &tag, &bytes)) {
        m->artifacts += tag == TOLD_RESOURCE;
        m->excused += tag == TOLD_EXCUSED;
    }
    out->manifest = manifest_new();
    if (!out->manifest)
        return no_memory(m);
    if (m->artifacts > MODELSIGN_RESOURCES_MAX || m->excused > MODELSIGN_EXCUSED_MAX)
        return wrong(m, "it declares more files than are read");
    out->manifest->artifacts =
        arena_array(&out->manifest->arena, m->artifacts, sizeof *out->manifest->artifacts);
    out->excused = arena_array(m->arena, m->excused, sizeof *out->excused);
    m->all = EVP_MD_CTX_new();
    return (out->manifest->artifacts && out->excused && m->all &&
            EVP_DigestInit_ex(m->all, EVP_sha256(), NULL)) ||
           no_memory(m);
}

enum pratique_status modelsign_heard(struct modelsign *out, const char **why, struct span records,
                                     struct arena *arena, struct pratique_error *err)
{
    struct making m = { .out = out, .arena = arena, .subject = SPAN_EMPTY, .resource = SPAN_EMPTY };
    struct span bytes;
    enum told tag;
    bool ok = start(&m, records);

    while (ok && told_take(&records, &tag, &bytes))
        ok = hear(&m, tag, bytes);
    ok = ok && (records.n == 0 || wrong(&m, "its reader broke off")) && finish(&m);
    EVP_MD_CTX_free(m.all);
    *why = m.why;
    if (ok)
        return PRATIQUE_OK;
    pratique_manifest_free(out->manifest);
    out->manifest = NULL;
    return m.no_memory ? error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET,
                                   "while reading the statement of a bundle")
                       : PRATIQUE_OK;
}
