/* pratique lock: pins what a package needs beside its Python code (docs/LOCK.md), or checks it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

#define TAGS_MAX 256

struct settings {
    const char *output, *package, *version, *name, *platform, *abi, *python, *member, *check;
    struct list bases;
    const char *signature_key;
    bool force;
};

/* What is pinned of one file; everything is owned. */
struct row {
    struct pratique_locked file;
    struct pratique_pin whole, member;
    char *name, *platform, *abi, *python, *signature;
    char **urls;
};

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash && strncmp(path, "file:", 5) == 0)
        return path + 5;
    return slash ? slash + 1 : path;
}

static bool ends_with(const char *s, const char *tail)
{
    size_t n = strlen(s), m = strlen(tail);

    return n >= m && strcmp(s + n - m, tail) == 0;
}

/* ---- tags out of names ---- */

/* NAME-VERSION[-BUILD]-PYTHON-ABI-PLATFORM.whl: the last three. */
static bool tags_of_wheel(struct row *r, const char *file)
{
    char *text = strndup(file, strlen(file) - strlen(".whl"));
    char *parts[3] = { NULL };
    bool ok = text != NULL;

    for (int i = 2; ok && i >= 0; i--) {
        char *dash = strrchr(text, '-');

        ok = dash != NULL;
        if (ok) {
            parts[i] = strdup(dash + 1);
            *dash = '\0';
        }
    }
    r->python = parts[0], r->abi = parts[1], r->platform = parts[2];
    free(text);
    return ok && r->python && r->abi && r->platform;
}

/* x.cpython-311-x86_64-linux-gnu.so, x.cp311-win_amd64.pyd, x.abi3.so: what the name says of ABI.
 */
static char *abi_of_library(const char *file)
{
    const char *tag = strstr(file, ".cpython-");
    char text[32];

    if (strstr(file, ".abi3."))
        return strdup("abi3");
    if (tag)
        (void)snprintf(text, sizeof text, "cp%.*s",
                       (int)strspn(tag + strlen(".cpython-"), "0123456789t"),
                       tag + strlen(".cpython-"));
    else if ((tag = strstr(file, ".cp3")))
        (void)snprintf(text, sizeof text, "cp%.*s", (int)strspn(tag + 3, "0123456789t"), tag + 3);
    return tag ? strdup(text) : strdup("none");
}

static bool copy_to(char **out, const char *value)
{
    if (!value)
        return true;
    free(*out);
    *out = strdup(value);
    return *out != NULL;
}

static bool find_tags(const struct settings *set, struct row *r, const char *path)
{
    const char *file = last_part(path);

    if (ends_with(file, ".whl")) {
        if (!tags_of_wheel(r, file)) {
            complain("lock: %s: the name of a wheel ends with PYTHON-ABI-PLATFORM.whl", path);
            return false;
        }
    } else {
        r->abi = abi_of_library(file);
    }
    if (!copy_to(&r->platform, set->platform) || !copy_to(&r->abi, set->abi) ||
        !copy_to(&r->python, set->python))
        return false;
    if (r->python && strncmp(r->python, "py", 2) == 0 && !set->python) { /* of every Python */
        free(r->python);
        r->python = NULL;
    }
    if (!r->platform)
        complain("lock: %s: say what it is for: --platform manylinux_2_28_x86_64, or any", path);
    return r->platform != NULL;
}

/* ---- addresses and names ---- */

static char *join(const char *base, const char *file)
{
    char *out = NULL;
    bool slash = base[0] && base[strlen(base) - 1] != '/' && strcmp(base, "file:") != 0;

    return asprintf(&out, "%s%s%s", base, slash ? "/" : "", file) < 0 ? NULL : out;
}

static bool find_urls(const struct settings *set, struct row *r, const char *path)
{
    r->urls = calloc(set->bases.n + 1, sizeof *r->urls);
    for (size_t i = 0; r->urls && i < set->bases.n; i++)
        if (!(r->urls[i] = join(set->bases.items[i], last_part(path))))
            return false;
    r->file.urls = (const char *const *)r->urls;
    r->file.urls_n = set->bases.n;
    return r->urls != NULL;
}

/* The text of FILE.minisig, where there is one and a key is named. */
static bool find_signature(const struct settings *set, struct row *r, const char *path)
{
    char *name = NULL, text[4096];
    size_t n;
    FILE *f;

    if (!set->signature_key)
        return true;
    if (asprintf(&name, "%s.minisig", path) < 0)
        return false;
    f = fopen(name, "re");
    n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    text[n] = '\0';
    if (f)
        (void)fclose(f);
    if (!f || n == 0)
        complain("lock: %s cannot be read, or is empty (minisign -S makes it)", name);
    free(name);
    r->signature = n ? strdup(text) : NULL;
    r->file.signature = r->signature;
    r->file.signature_key = set->signature_key;
    return r->signature != NULL;
}

static bool find_name(const struct settings *set, struct row *r, const char *path)
{
    const char *name = set->name ? set->name : set->member ? set->member : last_part(path);

    if (!set->name && !set->member && ends_with(path, ".whl"))
        complain("lock: %s: say which file of the wheel is wanted: --member", path);
    else
        r->name = strdup(name);
    return r->name != NULL;
}

static int pin(const struct settings *set, struct row *r, const char *path)
{
    struct pratique_error err = { .msg = "" };
    enum pratique_status st;

    if (!find_name(set, r, path) || !find_tags(set, r, path) || !find_urls(set, r, path) ||
        !find_signature(set, r, path))
        return EXIT_USAGE;
    st = pratique_lock_pin(path, set->member, &r->whole, &r->member, &err);
    if (st != PRATIQUE_OK) {
        complain("lock: %s", err.msg);
        return st == PRATIQUE_E_USAGE ? EXIT_USAGE : EXIT_UNDECIDED;
    }
    r->file.name = r->name;
    r->file.platform = r->platform, r->file.abi = r->abi, r->file.python = r->python;
    r->file.sha256 = r->whole.sha256, r->file.size = r->whole.size;
    if (set->member) {
        r->file.member = set->member;
        r->file.member_sha256 = r->member.sha256, r->file.member_size = r->member.size;
    }
    return OPT_GO_ON;
}

static void row_free(struct row *r)
{
    free(r->name);
    free(r->platform);
    free(r->abi);
    free(r->python);
    free(r->signature);
    for (size_t i = 0; r->urls && i < r->file.urls_n; i++)
        free(r->urls[i]);
    free(r->urls);
}

/* ---- making ---- */

static int write_lock(const struct settings *set, const struct row *rows, size_t n)
{
    struct pratique_locked *files = calloc(n + 1, sizeof *files);
    const char *path = set->output ? set->output : "pratique.lock";
    struct pratique_error err = { .msg = "" };
    enum pratique_status st = PRATIQUE_E_NOMEM;

    for (size_t i = 0; files && i < n; i++)
        files[i] = rows[i].file;
    if (files)
        st = pratique_lock_write(path, set->package, set->version, files, n, set->force, &err);
    free(files);
    if (st == PRATIQUE_OK) {
        printf("%s: %zu file%s pinned\n", path, n, n == 1 ? "" : "s");
        return fflush(stdout) == 0 ? EXIT_ADMIT : EXIT_UNDECIDED;
    }
    complain("lock: %s%s", err.msg[0] ? err.msg : pratique_status_name(st),
             strstr(err.msg, "there already") ? " (--force replaces it)" : "");
    return st == PRATIQUE_E_USAGE ? EXIT_USAGE : EXIT_UNDECIDED;
}

static int make(const struct settings *set, char **paths, size_t n)
{
    struct row *rows = calloc(n + 1, sizeof *rows);
    int status = rows ? OPT_GO_ON : EXIT_UNDECIDED;

    for (size_t i = 0; status == OPT_GO_ON && i < n; i++)
        status = pin(set, &rows[i], paths[i]);
    if (status == OPT_GO_ON)
        status = write_lock(set, rows, n);
    for (size_t i = 0; rows && i < n; i++)
        row_free(&rows[i]);
    free(rows);
    return status;
}

/* ---- checking ---- */

static bool is_of(const struct pratique_locked *f, const char *path)
{
    for (size_t i = 0; i < f->urls_n; i++)
        if (strcmp(last_part(f->urls[i]), last_part(path)) == 0)
            return true;
    return !f->member && strcmp(last_part(f->name), last_part(path)) == 0;
}

static bool same_pin(const struct pratique_pin *is, const char *sha256, uint64_t size)
{
    return is->size == size && strcmp(is->sha256, sha256) == 0;
}

/* Whether the file is what one entry says of it. */
static int check_entry(const struct pratique_locked *f, const char *path)
{
    struct pratique_pin whole, member;
    struct pratique_error err = { .msg = "" };
    enum pratique_status st = pratique_lock_pin(path, f->member, &whole, &member, &err);

    if (st != PRATIQUE_OK) {
        complain("lock: %s", err.msg);
        return st == PRATIQUE_E_USAGE ? EXIT_STOPPED : EXIT_UNDECIDED;
    }
    if (!same_pin(&whole, f->sha256, f->size))
        printf("%s: it is not the file that is pinned for %s (%s)\n", path, f->name, f->platform);
    else if (f->member && !same_pin(&member, f->member_sha256, f->member_size))
        printf("%s: its member %s is not the one that is pinned\n", path, f->member);
    else
        return EXIT_ADMIT;
    return EXIT_STOPPED;
}

static int worse(int a, int b)
{
    if (a == EXIT_STOPPED || b == EXIT_STOPPED)
        return EXIT_STOPPED;
    return a > b ? a : b;
}

static int check_file(const struct pratique_lock *lock, const char *path)
{
    const struct pratique_locked *f;
    int status = EXIT_ADMIT;
    bool known = false;

    for (size_t i = 0; (f = pratique_lock_file(lock, i)); i++)
        if (is_of(f, path)) {
            known = true;
            status = worse(status, check_entry(f, path));
        }
    if (!known)
        printf("%s: the lock has no file of that name\n", path);
    return known ? status : EXIT_STOPPED;
}

static int check(const char *path, char **files, size_t n)
{
    struct pratique_error err = { .msg = "" };
    struct pratique_lock *lock;
    enum pratique_status st = pratique_lock_read(&lock, path, &err);
    int status = EXIT_ADMIT;

    if (st != PRATIQUE_OK) {
        complain("lock: %s", err.msg);
        return st == PRATIQUE_E_NOMEM ? EXIT_UNDECIDED : EXIT_USAGE;
    }
    for (size_t i = 0; i < n; i++)
        status = worse(status, check_file(lock, files[i]));
    if (status == EXIT_ADMIT)
        printf("%s: %s %s, %zu entr%s; %zu file%s as pinned\n", path, pratique_lock_package(lock),
               pratique_lock_version(lock), pratique_lock_files(lock),
               pratique_lock_files(lock) == 1 ? "y" : "ies", n, n == 1 ? "" : "s");
    pratique_lock_free(lock);
    return fflush(stdout) == 0 ? status : EXIT_UNDECIDED;
}

/* ---- the command ---- */

static const char *missing(const struct settings *set, size_t n)
{
    if (!set->package || !set->version)
        return "say what it is for: --package NAME --version VERSION";
    if (set->bases.n == 0)
        return "say where the files will be: --url-base https://... (more than once: mirrors)";
    if (n == 0)
        return "name the files that were built";
    return n > 1 && set->name ? "--name is for one file" : NULL;
}

static int run_lock(const struct command *self, char **argv)
{
    struct settings set = { 0 };
    const struct opt rows[] = {
        { "output", 'o', OPT_TEXT, &set.output, "FILE", "the lock (pratique.lock)" },
        { "package", 0, OPT_TEXT, &set.package, "NAME", "the package's name on the index" },
        { "version", 0, OPT_TEXT, &set.version, "VERSION", "the package's version" },
        { "url-base", 0, OPT_LIST, &set.bases, "URL",
          "where the files will be: https://..., or file: for beside the lock (repeat: mirrors)" },
        { "platform", 0, OPT_TEXT, &set.platform, "TAG",
          "what the files are for; of a wheel its name says it" },
        { "abi", 0, OPT_TEXT, &set.abi, "TAG", "cp311, abi3 or none; likewise" },
        { "python", 0, OPT_TEXT, &set.python, "TAG", "cp311; likewise" },
        { "name", 0, OPT_TEXT, &set.name, "PATH",
          "where the file goes in site-packages (its own name, or the member's)" },
        { "member", 0, OPT_TEXT, &set.member, "PATH", "the file is this one of each wheel or zip" },
        { "signature-key", 0, OPT_TEXT, &set.signature_key, "KEY",
          "a minisign public key in one line: put FILE.minisig into the lock" },
        { "force", 0, OPT_FLAG, &set.force, NULL, "replace a lock that is there" },
        { "check", 0, OPT_TEXT, &set.check, "LOCK",
          "make none: whether this lock can be read, and FILES are what it says" },
        { 0 },
    };
    size_t n;
    int status = opt_parse(self, rows, argv, &n);
    const char *fault;

    if (status == OPT_GO_ON && set.check) {
        status = check(set.check, argv, n);
    } else if (status == OPT_GO_ON) {
        fault = missing(&set, n);
        if (fault)
            complain("lock: %s (pratique lock --help)", fault);
        status = fault ? EXIT_USAGE : make(&set, argv, n);
    }
    free(set.bases.items);
    return status;
}

const struct command command_lock = {
    "lock", "[options] --package NAME --version VERSION --url-base URL FILE...",
    "Pins the files that a package needs beside its Python code: pratique.lock.", run_lock
};
