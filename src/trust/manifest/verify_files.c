/* The files of a manifest: each is opened once, hashed, and held against what was declared. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/status.h"
#include "trust/manifest/verify.h"
#include "trust/sign/check.h"

static enum pratique_status no_memory(struct verification *v)
{
    return error_set(v->err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while verifying %.150s",
                     v->path);
}

/* ---- declared files ---- */

static const char *type_name(uint32_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFDIR:
        return "a folder";
    case S_IFIFO:
        return "a pipe";
    case S_IFSOCK:
        return "a socket";
    case S_IFCHR:
    case S_IFBLK:
        return "a device";
    default:
        return "no regular file";
    }
}

/* Whether a link leads out of the root, or one within it is not followed. */
static bool escapes(const struct verification *v, const char *path)
{
    int fd = tree_open(v->root, path, true);
    bool out = fd == -1 && errno == EXDEV;

    if (fd != -1)
        (void)close(fd);
    return out;
}

static void note_type(struct verification *v, const struct hashed *h)
{
    struct stat st;

    if (h->error == ELOOP && escapes(v, h->path))
        verification_note(v, FACT_MANIFEST_ESCAPES, h->path, "a link that leaves the root");
    else if (h->error == ELOOP)
        verification_note(v, FACT_MANIFEST_NOT_REGULAR, h->path,
                          "reached by a link, where the file itself was declared");
    else if (h->mode == 0 && fstatat(v->root, h->path, &st, AT_SYMLINK_NOFOLLOW) == 0)
        verification_note(v, FACT_MANIFEST_NOT_REGULAR, h->path, "%s, no regular file",
                          type_name(st.st_mode));
    else
        verification_note(v, FACT_MANIFEST_NOT_REGULAR, h->path, "%s, no regular file",
                          type_name(h->mode));
}

static void note_digest(struct verification *v, const struct pratique_artifact *a,
                        const struct hashed *h)
{
    char hex[SHA256_HEX];

    sha256_hex(h->digest, hex);
    if (strcmp(hex, a->sha256) != 0)
        verification_note(v, FACT_MANIFEST_HASH, a->path, "sha256 is %s, the manifest says %s", hex,
                          a->sha256);
}

/* What is wrong with a file, if anything. */
static void judge(struct verification *v, const struct pratique_artifact *a, const struct hashed *h)
{
    switch (h->state) {
    case HASHED_OK:
        v->read += h->bytes;
        note_digest(v, a, h);
        return;
    case HASHED_MISSING:
        verification_note(v, FACT_MANIFEST_MISSING, a->path, "missing");
        return;
    case HASHED_ESCAPES:
        verification_note(v, FACT_MANIFEST_ESCAPES, a->path, "a link that leaves the root");
        return;
    case HASHED_NOT_REGULAR:
        note_type(v, h);
        return;
    case HASHED_SIZE:
        verification_note(v, FACT_MANIFEST_SIZE, a->path,
                          "%" PRIu64 " bytes, the manifest says %" PRIu64, h->bytes, a->bytes);
        return;
    case HASHED_CHANGED:
        verification_note(v, FACT_MANIFEST_CHANGED, a->path, "changed while it was read");
        return;
    case HASHED_UNREADABLE:
        break;
    }
    verification_note(v, FACT_MANIFEST_UNREADABLE, a->path, "cannot be read: %s",
                      strerrordesc_np(h->error) ? strerrordesc_np(h->error) : "unknown error");
}

/* Adds how much there is in all. */
static void tell_progress(void *user, const struct pratique_progress *at)
{
    const struct verification *v = user;
    struct pratique_progress p = *at;

    p.bytes_found = v->declared;
    v->on_progress(v->user, &p);
}

static enum pratique_status judge_declared(struct verification *v, unsigned flags)
{
    const struct pratique_manifest *m = v->manifest;
    enum pratique_status st;

    v->hashed = calloc(m->n, sizeof *v->hashed);
    if (!v->hashed)
        return no_memory(v);
    for (size_t i = 0; i < m->n; i++) {
        v->hashed[i] = (struct hashed){ .path = m->artifacts[i].path,
                                        .want_bytes = m->artifacts[i].bytes,
                                        .kept = -1 };
        v->declared += m->artifacts[i].bytes == UINT64_MAX ? 0 : m->artifacts[i].bytes;
    }
    st = hashing_run(v->root, v->hashed, m->n, flags, v->options->threads,
                     v->on_progress ? tell_progress : NULL, v, v->err);
    v->facts.max = FACT_MAX + m->n;
    for (size_t i = 0; st == PRATIQUE_OK && i < m->n; i++)
        judge(v, &m->artifacts[i], &v->hashed[i]);
    if (v->bundle) /* which gives no sizes */
        v->declared = v->read;
    return st;
}

/* ---- undeclared files ---- */

struct search {
    const struct verification *v;
    const char *manifest, *signature; /* below the root; NULL: they are not */
};

/* Whether the file looks like a signature; what has the name of one may be anything. */
static bool is_signature(int root, const char *path)
{
    int fd = tree_open(root, path, false);
    uint8_t head[64];
    struct span bytes = SPAN_EMPTY;
    struct stat st;
    ssize_t n;

    if (fd != -1 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
        st.st_size <= (off_t)SIGNATURE_MAX && (n = read(fd, head, sizeof head)) > 0)
        bytes = span_of(head, (size_t)n);
    if (fd != -1)
        (void)close(fd);
    return minisign_looks_like(bytes) || sshsig_looks_like(bytes) || openpgp_looks_like(bytes);
}

/* The manifest, its signature, and what may be another one beside it. */
static bool is_manifest(const struct search *s, const char *path)
{
    size_t n = s->manifest ? strlen(s->manifest) : 0;

    if (s->signature && strcmp(path, s->signature) == 0)
        return true;
    if (n == 0 || strncmp(path, s->manifest, n) != 0)
        return false;
    for (size_t i = 0; !s->v->bundle && manifest_signatures[i]; i++)
        if (strcmp(path + n, manifest_signatures[i]) == 0)
            return is_signature(s->v->root, path);
    return path[n] == '\0';
}

/* What a bundle leaves out: a path, or a folder with all that is in it. */
static bool is_excused(const struct verification *v, const char *path)
{
    for (size_t i = 0; i < v->excused_n; i++) {
        size_t n = strlen(v->excused[i]);

        if (strncmp(path, v->excused[i], n) == 0 && (path[n] == '\0' || path[n] == '/'))
            return true;
    }
    return false;
}

static bool keep(void *user, const char *path, bool is_folder)
{
    const struct search *s = user;
    const struct pratique_verify_options *o = s->v->options;

    if (!s->v->bundle && strcmp(path, ".git") == 0 && git_is_repository(s->v->root))
        return false;
    if ((!is_folder && is_manifest(s, path)))
        return false;
    return !manifest_globs(o->ignores, o->ignores_n, path);
}

static int compare_paths(const void *key, const void *item)
{
    return strcmp(key, ((const struct pratique_artifact *)item)->path);
}

static bool is_declared(const struct pratique_manifest *m, const char *path)
{
    return bsearch(path, m->artifacts, m->n, sizeof *m->artifacts, compare_paths) != NULL;
}

static enum pratique_status judge_undeclared(struct verification *v)
{
    struct search s = { .v = v };
    struct arena arena;
    struct tree tree;
    enum pratique_status st;

    arena_init(&arena, (size_t)4 << 30);
    s.manifest = manifest_below(v->root_path, v->path, &arena);
    if (v->options->signature)
        s.signature = manifest_below(v->root_path, v->options->signature, &arena);
    st = tree_list(&tree, v->root, keep, &s, &arena, v->err);
    if (st == PRATIQUE_OK)
        v->facts.max += tree.n;
    for (size_t i = 0; st == PRATIQUE_OK && i < tree.n; i++)
        if (!is_declared(v->manifest, tree.files[i].path))
            verification_note(v, FACT_MANIFEST_UNDECLARED, tree.files[i].path, "%s",
                              is_excused(v, tree.files[i].path)
                                  ? "not declared: the signer left it out (ignore_paths), so that "
                                    "anything may be in it; where that is all right, "
                                    "--strict --ignore it"
                                  : "not declared");
    arena_reset(&arena);
    if (st != PRATIQUE_E_IO)
        return st;
    verification_note(v, FACT_MANIFEST_UNREADABLE, NULL,
                      "what is not declared cannot be listed: %s", v->err->msg);
    return PRATIQUE_OK;
}

enum pratique_status verification_files(struct verification *v, unsigned flags)
{
    enum pratique_status st = judge_declared(v, flags | (v->links ? (unsigned)HASHING_LINKS : 0u));
    struct pratique_progress done = { .artifacts_done = v->manifest->n,
                                      .artifacts_found = v->manifest->n,
                                      .bytes_done = v->read,
                                      .bytes_found = v->declared };

    if (st == PRATIQUE_OK && !v->single && (v->options->strict || v->bundle))
        st = judge_undeclared(v);
    if (st == PRATIQUE_OK && v->on_progress)
        v->on_progress(v->user, &done);
    return st;
}
