/* Makes a manifest of what lies below a root: every file listed, judged, hashed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/status.h"
#include "trust/manifest/manifest.h"

struct creation {
    const struct pratique_manifest_options *options;
    const char *root;
    int root_fd;
    const char *output; /* below the root; NULL: it lies elsewhere, or there is none */
    struct pratique_manifest *m;
    struct arena arena; /* for what is not the manifest's */
    struct tree tree;
    struct hashed *hashed; /* of each file of the tree; owned */
    pratique_progress_fn *on_progress;
    void *user;
    uint64_t bytes; /* of all files, as they were listed */
    size_t faults;
    struct pratique_error *err;
};

static enum pratique_status no_memory(struct creation *c)
{
    return error_set(c->err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET,
                     "while making a manifest of %.150s", c->root);
}

/* ---- options ---- */

static enum pratique_status wrong(struct creation *c, const char *option, const char *value,
                                  const char *why)
{
    return error_set(c->err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%s '%.100s': %s", option, value,
                     why);
}

/* NULL, or what is wrong with the role behind a "GLOB=ROLE". */
static const char *role_fault(const char *role)
{
    size_t n = strlen(role);

    if (n == 0 || n > MANIFEST_ROLE_MAX)
        return "the role should have 1 to 64 characters";
    if (strspn(role, "abcdefghijklmnopqrstuvwxyz0123456789-_.") != n)
        return "a role is made of lower-case letters, digits, '-', '_' and '.'";
    return NULL;
}

/* The glob of a "GLOB=ROLE" in the arena and where its role begins; NULL without memory. */
static const char *split_role(struct arena *arena, const char *text, const char **role)
{
    const char *equals = strrchr(text, '=');

    *role = equals ? equals + 1 : "";
    return arena_copy(arena, text, equals ? (size_t)(equals - text) : 0);
}

static enum pratique_status check_options(struct creation *c)
{
    const struct pratique_manifest_options *o = c->options;
    const char *fault, *role, *glob;

    for (size_t i = 0; i < o->excludes_n; i++)
        if ((fault = manifest_glob_fault(o->excludes[i])))
            return wrong(c, "exclude", o->excludes[i], fault);
    for (size_t i = 0; i < o->roles_n; i++) {
        if (!strchr(o->roles[i], '='))
            return wrong(c, "role", o->roles[i], "should be GLOB=ROLE");
        glob = split_role(&c->arena, o->roles[i], &role);
        if (!glob)
            return no_memory(c);
        if ((fault = manifest_glob_fault(glob)) || (fault = role_fault(role)))
            return wrong(c, "role", o->roles[i], fault);
    }
    return PRATIQUE_OK;
}

/* ---- files ---- */

/* Whether path is the manifest that is made, or a signature of it. */
static bool is_output(const struct creation *c, const char *path)
{
    size_t n = c->output ? strlen(c->output) : 0;

    if (n == 0 || strncmp(path, c->output, n) != 0)
        return false;
    for (size_t i = 0; manifest_signatures[i]; i++)
        if (strcmp(path + n, manifest_signatures[i]) == 0)
            return true;
    return path[n] == '\0';
}

static bool keep(void *user, const char *path, bool is_folder)
{
    const struct creation *c = user;

    if (!is_folder && is_output(c, path))
        return false;
    if (strcmp(path, ".git") == 0 && git_is_repository(c->root_fd))
        return false;
    return !manifest_globs(c->options->excludes, c->options->excludes_n, path);
}

static void fault(struct creation *c, const char *path, const char *why)
{
    struct span shown = fact_printable(&c->arena, span_text(path), FACT_SUBJECT_MAX);
    const char *name = arena_copy(&c->arena, shown.p, shown.n);

    if (c->faults++ == 0)
        (void)error_set(c->err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%.150s: %s",
                        name ? name : "?", why);
    if (c->options->on_fault)
        c->options->on_fault(c->user, name ? name : "?", why);
}

static const char *type_fault(uint32_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG:
        return NULL;
    case S_IFLNK:
        return "a symbolic link; put the file itself there, or --exclude it";
    case S_IFSOCK:
        return "a socket; --exclude it";
    case S_IFIFO:
        return "a pipe; --exclude it";
    default:
        return "a device; --exclude it";
    }
}

static void judge_names(struct creation *c)
{
    for (size_t i = 0; i < c->tree.n; i++) {
        const struct tree_file *f = &c->tree.files[i];
        const char *why = manifest_path_fault(span_text(f->path));

        why = why ? why : type_fault(f->mode);
        if (why)
            fault(c, f->path, why);
    }
}

static const char *hashed_fault(const struct hashed *h)
{
    switch (h->state) {
    case HASHED_OK:
        return NULL;
    case HASHED_MISSING:
        return "it vanished meanwhile";
    case HASHED_ESCAPES:
    case HASHED_NOT_REGULAR:
        return "it became something else meanwhile";
    case HASHED_SIZE:
    case HASHED_CHANGED:
        return "it changed while it was read; make the manifest when nothing writes there";
    case HASHED_UNREADABLE:
        break;
    }
    return strerrordesc_np(h->error) ? strerrordesc_np(h->error) : "cannot be read";
}

/* Adds how much there is in all. */
static void tell_progress(void *user, const struct pratique_progress *at)
{
    const struct creation *c = user;
    struct pratique_progress p = *at;

    p.bytes_found = c->bytes;
    c->on_progress(c->user, &p);
}

static enum pratique_status hash_files(struct creation *c, int root)
{
    enum pratique_status st;

    c->hashed = calloc(c->tree.n, sizeof *c->hashed);
    if (!c->hashed)
        return no_memory(c);
    for (size_t i = 0; i < c->tree.n; i++)
        c->hashed[i] = (struct hashed){ .path = c->tree.files[i].path,
                                        .want_bytes = UINT64_MAX,
                                        .bytes = c->tree.files[i].bytes };
    for (size_t i = 0; i < c->tree.n; i++)
        c->bytes += c->tree.files[i].bytes;
    st = hashing_run(root, c->hashed, c->tree.n, 0, c->options->threads,
                     c->on_progress ? tell_progress : NULL, c, c->err);
    for (size_t i = 0; st == PRATIQUE_OK && i < c->tree.n; i++) {
        const char *why = hashed_fault(&c->hashed[i]);

        if (why)
            fault(c, c->hashed[i].path, why);
    }
    return st;
}

/* ---- the manifest ---- */

static const char *role_of(struct creation *c, const char *path)
{
    const struct pratique_manifest_options *o = c->options;

    for (size_t i = 0; i < o->roles_n; i++) {
        const char *role, *glob = split_role(&c->arena, o->roles[i], &role);

        if (!glob || manifest_glob(glob, path))
            return glob ? arena_copy(&c->m->arena, role, strlen(role)) : NULL;
    }
    return manifest_role(path);
}

static bool add_artifact(struct creation *c, const struct hashed *h)
{
    struct pratique_manifest *m = c->m;
    struct pratique_artifact *a = &m->artifacts[m->n++];
    char hex[SHA256_HEX];

    sha256_hex(h->digest, hex);
    a->path = arena_copy(&m->arena, h->path, strlen(h->path));
    a->sha256 = arena_copy(&m->arena, hex, sizeof hex - 1);
    a->bytes = h->bytes;
    a->role = role_of(c, h->path);
    if (!a->path || !a->sha256 || !a->role)
        return false;
    a->risk = manifest_risk(a->role);
    return true;
}

static bool add_origin(struct creation *c, const char *output)
{
    struct pratique_manifest *m = c->m;
    struct git_state git;
    char when[MANIFEST_TIME];

    m->generated = c->options->generated_at ? c->options->generated_at : (int64_t)time(NULL);
    manifest_time_write(m->generated, when);
    m->generated_at = arena_copy(&m->arena, when, strlen(when));
    git_state_read(&git, c->root, output);
    m->git_sha = git.sha[0] ? arena_copy(&m->arena, git.sha, strlen(git.sha)) : NULL;
    m->dirty = git.dirty;
    m->dirty_unknown = git.dirty_unknown;
    return !m->arena.exhausted;
}

static enum pratique_status fill(struct creation *c, const char *output)
{
    struct pratique_manifest *m = c->m;

    m->artifacts = arena_array(&m->arena, c->tree.n, sizeof *m->artifacts);
    if (!m->artifacts || !add_origin(c, output))
        return no_memory(c);
    for (size_t i = 0; i < c->tree.n; i++)
        if (!add_artifact(c, &c->hashed[i]))
            return no_memory(c);
    return manifest_compose(m, c->err);
}

static enum pratique_status list_files(struct creation *c, int root)
{
    enum pratique_status st;

    c->root_fd = root;
    st = tree_list(&c->tree, root, keep, c, &c->arena, c->err);

    if (st != PRATIQUE_OK)
        return st;
    if (c->tree.n == 0)
        return error_set(c->err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "%.150s: there is no file to declare", c->root);
    if (c->tree.n > MANIFEST_ENTRIES_MAX)
        return error_set(c->err, PRATIQUE_E_LIMIT, PRATIQUE_NO_OFFSET,
                         "%.120s: more than %u files; --exclude leaves some out", c->root,
                         MANIFEST_ENTRIES_MAX);
    judge_names(c);
    return PRATIQUE_OK;
}

static enum pratique_status create(struct creation *c, const char *output)
{
    int root = tree_root(c->root);
    enum pratique_status st;

    if (root == -1)
        return error_set(c->err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%.150s: %s", c->root,
                         strerrordesc_np(errno));
    st = list_files(c, root);
    if (st == PRATIQUE_OK && c->faults == 0)
        st = hash_files(c, root);
    if (st == PRATIQUE_OK && c->faults > 0)
        st = PRATIQUE_E_USAGE; /* *err names the first */
    if (st == PRATIQUE_OK)
        st = fill(c, output);
    (void)close(root);
    return st;
}

enum pratique_status pratique_manifest_create(struct pratique_manifest **out, const char *output,
                                              const struct pratique_manifest_options *options,
                                              pratique_progress_fn *on_progress, void *user,
                                              struct pratique_error *err)
{
    struct pratique_error ours = { 0 };
    struct creation c = { .options = options,
                          .root = options->root ? options->root : ".",
                          .m = manifest_new(),
                          .on_progress = on_progress,
                          .user = user,
                          .err = err ? err : &ours };
    enum pratique_status st;

    *out = NULL;
    arena_init(&c.arena, (size_t)4 << 30);
    st = c.m ? check_options(&c) : no_memory(&c);
    if (st == PRATIQUE_OK) {
        c.output = output ? manifest_below(c.root, output, &c.arena) : NULL;
        st = create(&c, output);
    }
    free(c.hashed);
    arena_reset(&c.arena);
    if (st == PRATIQUE_OK)
        *out = c.m;
    else
        pratique_manifest_free(c.m);
    return st;
}
