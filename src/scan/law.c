/* See law.h. */
#include "scan/law.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/status.h"
#include "scan/model.h"
#include "scan/sha256.h"

#define THREATS_PATH "security/THREATS.md"

/* ---- files that the user trusts ---- */

/* Reads a whole file of at most max bytes; E_USAGE says what is wrong with it. */
static enum pratique_status read_file(struct buf *out, const char *path, size_t max,
                                      struct pratique_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat st = { 0 };
    char part[16384];
    ssize_t n = -1;

    buf_init(out, max);
    if (fd != -1 && fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
        close(fd);
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%.180s: no regular file",
                         path);
    }
    while (fd != -1 && (n = read(fd, part, sizeof part)) > 0 && buf_add(out, part, (size_t)n))
        ;
    if (fd != -1 && n == 0) {
        close(fd);
        return PRATIQUE_OK;
    }
    (void)error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%.180s: %s", path,
                    n > 0 ? "more than 1 MiB" : strerrordesc_np(errno));
    if (fd != -1)
        close(fd);
    return PRATIQUE_E_USAGE;
}

static enum pratique_status read_policy_file(struct law *law, const char *path,
                                             struct pratique_error *err)
{
    struct budget none = { 0 };
    struct buf text;
    enum pratique_status st = read_file(&text, path, POLICY_FILE_BYTES_MAX, err);

    if (st == PRATIQUE_OK)
        st = policy_file_parse(&law->file, path, span_of(text.p, text.n), err);
    if (st == PRATIQUE_OK)
        st = sha256_of(span_of(text.p, text.n), &none, law->file_sha256);
    buf_free(&text);
    return st;
}

/* Cuts the last name off an absolute path; false at "/". */
static bool go_up(char *path)
{
    char *slash = strrchr(path, '/');

    if (!slash || slash == path)
        return false;
    *slash = '\0';
    return true;
}

static enum pratique_status read_threats(struct pratique_threats **out, const char *path,
                                         const char *root, struct pratique_error *err)
{
    struct buf text;
    enum pratique_status st = read_file(&text, path, THREATS_BYTES_MAX, err);

    *out = NULL;
    if (st == PRATIQUE_OK)
        st = threats_parse(out, path, span_of(text.p, text.n), err);
    buf_free(&text);
    if (st != PRATIQUE_OK)
        return st;
    (*out)->root = arena_copy(&(*out)->arena, root, strlen(root));
    if ((*out)->root)
        return PRATIQUE_OK;
    pratique_threats_free(*out);
    *out = NULL;
    return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while reading %.180s", path);
}

/* Its paths start above "security", or where the file itself lies. */
enum pratique_status pratique_threats_read(struct pratique_threats **out, const char *path,
                                           struct pratique_error *err)
{
    char *root = realpath(path, NULL), *last;
    enum pratique_status st;

    *out = NULL;
    if (!root)
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%.180s: %s", path,
                         strerrordesc_np(errno));
    (void)go_up(root);
    last = strrchr(root, '/');
    if (last && strcmp(last, "/security") == 0)
        (void)go_up(root);
    st = read_threats(out, path, root, err);
    free(root);
    return st;
}

/* ---- options ---- */

static enum pratique_status unknown_policy(const char *name, size_t n, struct pratique_error *err)
{
    char known[128] = "";
    size_t at = 0;

    for (size_t i = 0; i < pratique_policy_count() && at < sizeof known; i++)
        at += (size_t)snprintf(known + at, sizeof known - at, "%s%s", i ? ", " : "",
                               pratique_policy_at(i)->name);
    return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                     "no policy is called '%.*s'; there are: %s", (int)(n < 60 ? n : 60), name,
                     known);
}

/* "A,B" as well as one name in each. */
static enum pratique_status add_policies(unsigned *set, const char *names,
                                         struct pratique_error *err)
{
    for (;;) {
        size_t n = strcspn(names, ",");
        unsigned bit = policy_find(span_of(names, n));

        if (!bit)
            return unknown_policy(names, n, err);
        *set |= bit;
        if (!names[n])
            return PRATIQUE_OK;
        names += n + 1;
    }
}

static enum pratique_status use_policy_file(struct law *law, const struct pratique_options *o,
                                            struct pratique_error *err)
{
    enum pratique_status st;

    if (!o->policy_file && o->mode)
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "a mode is of a policy file, and none is given");
    if (!o->policy_file)
        return PRATIQUE_OK;
    if (o->today < 19700101)
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "a policy file needs the date of today");
    st = read_policy_file(law, o->policy_file, err);
    if (st == PRATIQUE_OK)
        st = policy_file_mode(&law->policy.mode, law->file, o->mode, err);
    if (st != PRATIQUE_OK)
        return st;
    law->policy.file = law->file;
    law->policy.today = o->today;
    law->policy.allow_seen = calloc(law->file->allows_n + 1, 1);
    return law->policy.allow_seen ? PRATIQUE_OK : PRATIQUE_E_NOMEM;
}

enum pratique_status law_init(struct law *law, const struct pratique_options *o,
                              struct pratique_error *err)
{
    enum pratique_status st = PRATIQUE_OK;

    *law = (struct law){ .policy = { .trust_classes = o->trust_classes,
                                     .trust_classes_n = o->trust_classes_n } };
    for (size_t i = 0; st == PRATIQUE_OK && i < o->policies_n; i++)
        st = add_policies(&law->policy.in_force, o->policies[i], err);
    if (st == PRATIQUE_OK)
        st = use_policy_file(law, o, err);
    if (st == PRATIQUE_OK && !law->policy.in_force && law->policy.mode)
        law->policy.in_force = law->policy.mode->policies;
    if (st == PRATIQUE_OK && o->threats)
        st = pratique_threats_read(&law->threats, o->threats, err);
    return st;
}

void law_free(struct law *law)
{
    free(law->policy.allow_seen);
    policy_file_free(law->file);
    pratique_threats_free(law->threats);
    *law = (struct law){ 0 };
}

/* ---- security/THREATS.md beside what is scanned ---- */

static bool exists(const char *folder, const char *name)
{
    char *path = NULL;
    bool is = asprintf(&path, "%s/%s", folder, name) >= 0 && access(path, F_OK) == 0;

    free(path);
    return is;
}

static bool is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/*
 * The folder whose THREATS.md speaks for real: itself, or the nearest parent with one,
 * up to the one that has .git; without a .git above, no parent speaks. Owned; NULL: none.
 */
static char *find_threats(const char *real)
{
    char *at = strdup(real), *found = NULL;
    bool own = at && is_folder(at), more = at && (own || go_up(at)), git = false;

    if (more && own && exists(at, THREATS_PATH)) {
        found = at;
        return found;
    }
    while (more && !git) {
        if (!found && exists(at, THREATS_PATH))
            found = strdup(at);
        git = exists(at, ".git");
        more = go_up(at);
    }
    free(at);
    if (git)
        return found;
    free(found);
    return NULL;
}

static enum pratique_status look_beside(struct law_root *r, struct pratique_error *err)
{
    char *root = r->real ? find_threats(r->real) : NULL, *path = NULL;
    enum pratique_status st = PRATIQUE_E_NOMEM;

    if (!root)
        return PRATIQUE_OK;
    if (asprintf(&path, "%s/%s", root, THREATS_PATH) >= 0)
        st = read_threats(&r->threats, path, root, err);
    if (st == PRATIQUE_OK)
        r->threats->path = THREATS_PATH; /* a report names no folders of this machine */
    free(path);
    free(root);
    return st;
}

enum pratique_status law_roots_find(struct law_roots *out, const struct law *law,
                                    const char *const *paths, size_t n, struct pratique_error *err)
{
    bool asked = law->policy.in_force & POLICY_BIT(SOURCE);
    enum pratique_status st = PRATIQUE_OK;

    *out = (struct law_roots){ .list = calloc(n + 1, sizeof *out->list) };
    if (!out->list)
        return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while looking at the paths");
    for (size_t i = 0; st == PRATIQUE_OK && i < n; i++) {
        struct law_root *r = &out->list[out->n++];

        r->given = paths[i];
        r->real = asked && strcmp(paths[i], "-") != 0 ? realpath(paths[i], NULL) : NULL;
        if (!law->threats)
            st = look_beside(r, err);
    }
    if (st != PRATIQUE_OK)
        law_roots_free(out);
    return st;
}

bool law_roots_memory(struct law_roots *out, const char *name)
{
    *out = (struct law_roots){ .list = calloc(1, sizeof *out->list) };
    if (!out->list)
        return false;
    out->list[out->n++].given = name;
    return true;
}

void law_roots_free(struct law_roots *roots)
{
    for (size_t i = 0; i < roots->n; i++) {
        free(roots->list[i].real);
        pratique_threats_free(roots->list[i].threats);
    }
    free(roots->list);
    *roots = (struct law_roots){ 0 };
}

/* ---- one artifact ---- */

/* What follows the path that the user named: "src/a.py", or "" for that path itself. */
static const char *below(const struct law_root *root, const char *path)
{
    size_t n = strlen(root->given);

    while (n > 1 && root->given[n - 1] == '/')
        n--;
    if (strncmp(path, root->given, n) != 0)
        return "";
    path += n;
    return path + strspn(path, "/");
}

static const char *last_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash && slash[1] ? slash + 1 : path;
}

/* The artifact by its path from the threats' root on; NULL when it does not lie below that. */
static const char *home(struct arena *arena, const struct pratique_threats *threats,
                        const struct law_root *root, const char *rest)
{
    size_t n = threats ? strlen(threats->root) : 0;
    const char *from = root->real;

    n = n == 1 ? 0 : n; /* "/" */
    if (!threats || !from || strncmp(from, threats->root, n) != 0 || (from[n] && from[n] != '/'))
        return NULL;
    from += n;
    from += *from == '/';
    return arena_printf(arena, "%s%s%s", from, *from && *rest ? "/" : "", rest);
}

enum scan_packages law_packages(const struct law *law)
{
    if (law->policy.in_force & POLICY_BIT(PACKAGE))
        return PACKAGES_ALL;
    return law->policy.in_force ? PACKAGES_NONE : PACKAGES_KNOWN;
}

/* Samples of code in what describes a model, and words of its tokenizer, are run by nobody. */
static unsigned policy_for(const struct task *t)
{
    bool prose = t->in_model && t->end.format && strcmp(t->end.format, "text") == 0 &&
                 model_is_prose(span_text(t->path));

    return prose ? POLICY_BIT(MODEL) : policy_for_format(t->end.format);
}

void law_policy(struct policy *out, const struct law *law, const struct law_roots *roots,
                struct task *t)
{
    const struct law_root *root = &roots->list[t->root < roots->n ? t->root : 0];
    const struct pratique_threats *threats = law->threats ? law->threats : root->threats;
    const char *rest = below(root, t->path);
    char name[POLICY_SET_MAX];

    *out = law->policy;
    if (!out->in_force)
        out->in_force = policy_for(t);
    policy_set_name(name, out->in_force);
    out->name = arena_copy(&t->arena, name, strlen(name));
    out->name = out->name ? out->name : "";
    out->given = root->given;
    out->below = *rest ? rest : last_name(t->path);
    out->home = home(&t->arena, threats, root, rest);
    out->threats = out->home ? threats : NULL;
}

enum pratique_status law_report(struct pratique_report *out, const struct law *law,
                                struct arena *arena)
{
    *out = (struct pratique_report){ .path = "", .format = "policy file", .policy = "" };
    if (!law->file)
        return PRATIQUE_OK;
    out->path = law->file->path;
    return verdict_unused(&out->judged, arena, &law->policy);
}
