/*
 * The commit of the repository that a folder lies in, read from its files
 * (gitrepository-layout(5)), and whether it has changes, as git says. The repository may be
 * hostile: of its files nothing but hex digits is handed on, and git is run so that nothing of the
 * repository's runs: no hooks, no file system monitor, no filters, no transports.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/digit.h"
#include "trust/manifest/manifest.h"

#define SMALL_MAX   ((size_t)4096)
#define PACKED_MAX  ((size_t)64 << 20)
#define ANSWER_MAX  ((size_t)4 << 20)
#define REFS_MAX    5 /* a reference to a reference to ... */
#define GIT_TIME_US ((uint64_t)60 * 1000 * 1000)

struct repository {
    struct arena arena;
    const char *top;             /* the folder with .git in it, a real path */
    const char *folder, *common; /* .git, and where references are that all work trees share */
};

/* ---- files ---- */

/* The trimmed text of a small file below folder; NULL: there is none such. */
static const char *small_file(struct repository *r, const char *folder, const char *name)
{
    const char *path = arena_printf(&r->arena, "%s/%s", folder, name), *text = NULL;
    struct pratique_error err;
    struct buf bytes;
    size_t n;

    if (!path)
        return NULL;
    if (whole_read(path, SMALL_MAX, &bytes, &err) == PRATIQUE_OK && bytes.n > 0) {
        n = strnlen(bytes.p, bytes.n);
        while (n > 0 && strchr(" \t\r\n", bytes.p[n - 1]))
            n--;
        text = arena_copy(&r->arena, bytes.p, n);
    }
    buf_free(&bytes);
    return text;
}

/* A path as a file of git's has it: from folder, unless it is absolute. */
static const char *from(struct repository *r, const char *folder, const char *path)
{
    if (!path || !*path)
        return NULL;
    return path[0] == '/' ? path : arena_printf(&r->arena, "%s/%s", folder, path);
}

static bool is_folder(const char *path)
{
    struct stat st;

    return path && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Whether top has a .git: a folder, or a file that names one. */
static bool open_at(struct repository *r, const char *top)
{
    const char *git = arena_printf(&r->arena, "%s/.git", strcmp(top, "/") == 0 ? "" : top), *text;

    r->top = top;
    r->folder = git;
    if (!is_folder(git)) {
        text = small_file(r, top, ".git");
        if (!text || strncmp(text, "gitdir:", 7) != 0)
            return false;
        r->folder = from(r, top, text + 7 + strspn(text + 7, " "));
    }
    if (!is_folder(r->folder))
        return false;
    r->common = from(r, r->folder, small_file(r, r->folder, "commondir"));
    r->common = r->common ? r->common : r->folder;
    return true;
}

/* Looks for it in path and above. */
static bool find(struct repository *r, const char *path)
{
    char *real = realpath(path, NULL);
    bool found = false;

    while (real && !found) {
        char *slash = strrchr(real, '/');
        const char *top = arena_copy(&r->arena, *real ? real : "/", *real ? strlen(real) : 1);

        found = top && open_at(r, top);
        if (!*real || !slash)
            break;
        *slash = '\0';
    }
    free(real);
    return found;
}

/* ---- references ---- */

static bool is_commit(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (digit_hex((uint8_t)s[i]) < 0 || (s[i] >= 'A' && s[i] <= 'F'))
            return false;
    return n == 40 || n == 64;
}

/* git-check-ref-format(1), as far as files are concerned. */
static bool is_reference(const char *s)
{
    return strncmp(s, "refs/", 5) == 0 && !strstr(s, "..") && !strstr(s, "//");
}

/* The line "HEX NAME" of packed-refs. */
static bool find_packed(struct repository *r, const char *name, char out[MANIFEST_GIT_MAX + 1])
{
    const char *path = arena_printf(&r->arena, "%s/packed-refs", r->common);
    struct pratique_error err;
    struct span text, line;
    struct buf bytes;
    bool found = false;

    if (!path)
        return false;
    text = whole_read(path, PACKED_MAX, &bytes, &err) == PRATIQUE_OK ? span_of(bytes.p, bytes.n)
                                                                     : SPAN_EMPTY;
    while (!found && take_line(&text, &line)) {
        size_t blank = span_find(line, 0, SPAN_LITERAL(" "));

        found = blank != SIZE_MAX && is_commit((const char *)line.p, blank) &&
                span_is(span_from(line, blank + 1), name);
        if (found)
            memcpy(out, line.p, blank), out[blank] = '\0';
    }
    buf_free(&bytes);
    return found;
}

/* What HEAD stands for; false: it has no commit yet, or is kept in a way that is not known here. */
static bool resolve_head(struct repository *r, char out[MANIFEST_GIT_MAX + 1])
{
    const char *text = small_file(r, r->folder, "HEAD");

    for (int i = 0; i < REFS_MAX && text; i++) {
        const char *name = text;

        if (is_commit(text, strlen(text))) {
            (void)snprintf(out, MANIFEST_GIT_MAX + 1, "%s", text);
            return true;
        }
        if (strncmp(text, "ref:", 4) != 0)
            return false;
        name = text + 4 + strspn(text + 4, " ");
        if (!is_reference(name))
            return false;
        text = small_file(r, r->folder, name);
        text = text ? text : small_file(r, r->common, name);
        if (!text)
            return find_packed(r, name, out);
    }
    return false;
}

/* ---- git status ---- */

#define SETTINGS_MAX 128

/* The environment that git gets: where things are, and settings that turn everything off. */
struct environment {
    char *list[2 * SETTINGS_MAX + 32];
    size_t n, settings;
    struct arena *arena;
    bool failed;
};

static void set(struct environment *e, const char *name, const char *value)
{
    char *text = value ? arena_printf(e->arena, "%s=%s", name, value) : NULL;

    if (value && (!text || e->n + 1 >= ARRAY_LEN(e->list)))
        e->failed = true;
    else if (value)
        e->list[e->n++] = text;
}

/* A setting that is above every file's. */
static void configure(struct environment *e, const char *key, const char *value)
{
    char name[40];

    e->failed |= e->settings >= SETTINGS_MAX;
    (void)snprintf(name, sizeof name, "GIT_CONFIG_KEY_%zu", e->settings);
    set(e, name, key);
    (void)snprintf(name, sizeof name, "GIT_CONFIG_VALUE_%zu", e->settings++);
    set(e, name, value);
}

static void prepare(struct environment *e, struct arena *arena)
{
    static const char *const kept[] = { "PATH", "HOME", "XDG_CONFIG_HOME" };
    static const char *const off[][2] = { { "core.fsmonitor", "false" },
                                          { "core.hooksPath", "/dev/null" },
                                          { "core.pager", "cat" },
                                          { "core.untrackedCache", "false" },
                                          { "status.submoduleSummary", "false" },
                                          { "diff.renames", "false" },
                                          { "protocol.allow", "never" } };

    *e = (struct environment){ .arena = arena };
    for (size_t i = 0; i < ARRAY_LEN(kept); i++)
        set(e, kept[i], getenv(kept[i]));
    set(e, "LC_ALL", "C");
    set(e, "GIT_OPTIONAL_LOCKS", "0");
    set(e, "GIT_NO_LAZY_FETCH", "1");
    set(e, "GIT_ALLOW_PROTOCOL", "none");
    set(e, "GIT_TERMINAL_PROMPT", "0");
    for (size_t i = 0; i < ARRAY_LEN(off); i++)
        configure(e, off[i][0], off[i][1]);
}

/* Tells git how many settings there are. */
static void seal(struct environment *e)
{
    char count[24];

    (void)snprintf(count, sizeof count, "%zu", e->settings);
    set(e, "GIT_CONFIG_COUNT", count);
    e->list[e->n < ARRAY_LEN(e->list) ? e->n : ARRAY_LEN(e->list) - 1] = NULL;
}

/* Reads fd to its end, until the time is over. */
static bool drain(int fd, struct buf *out)
{
    uint64_t deadline = budget_now_us() + GIT_TIME_US;
    char piece[4096];

    for (;;) {
        struct pollfd p = { .fd = fd, .events = POLLIN };
        uint64_t now = budget_now_us();
        ssize_t got;

        if (now >= deadline ||
            (poll(&p, 1, (int)((deadline - now) / 1000) + 1) < 0 && errno != EINTR))
            return false;
        if (!p.revents)
            continue;
        got = read(fd, piece, sizeof piece);
        if (got == 0)
            return true;
        if ((got < 0 && errno != EINTR) || (got > 0 && !buf_add(out, piece, (size_t)got)))
            return false;
    }
}

/* Runs git and takes what it prints. *code: its exit status. False: it did not end well. */
static bool run_git(char *const argv[], struct environment *e, struct buf *out, int *code)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none, stop;
    int ends[2], status = -1;
    pid_t pid;
    bool ok;

    seal(e);
    if (e->failed || pipe2(ends, O_CLOEXEC) != 0)
        return false;
    sigemptyset(&none);
    sigfillset(&stop);
    (void)posix_spawnattr_init(&attr);
    (void)posix_spawnattr_setsigmask(&attr, &none);
    (void)posix_spawnattr_setsigdefault(&attr, &stop);
    (void)posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    (void)posix_spawn_file_actions_init(&files);
    (void)posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    (void)posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO);
    (void)posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    ok = posix_spawnp(&pid, "git", &files, &attr, argv, e->list) == 0;
    (void)posix_spawn_file_actions_destroy(&files);
    (void)posix_spawnattr_destroy(&attr);
    (void)close(ends[1]);
    if (ok && !drain(ends[0], out)) {
        (void)kill(pid, SIGKILL);
        ok = false;
    } else if (!ok) {
        pid = -1;
    }
    (void)close(ends[0]);
    while (pid > 0 && waitpid(pid, &status, 0) == -1 && errno == EINTR)
        continue;
    *code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ok && *code >= 0;
}

static char *word(const char *s)
{
    return (char *)(uintptr_t)s;
}

/* Filters of the repository's own would be run on files that look changed: each is turned off. */
static bool turn_filters_off(struct repository *r, struct environment *e)
{
    char *argv[] = { word("git"),
                     word("-C"),
                     word(r->top),
                     word("config"),
                     word("-z"),
                     word("--name-only"),
                     word("--get-regexp"),
                     word("^filter\\..*\\.(clean|smudge|process|required)$"),
                     NULL };
    struct environment plain;
    struct span rest;
    struct buf out;
    int code;
    bool ok;

    prepare(&plain, &r->arena);
    buf_init(&out, ANSWER_MAX);
    ok = run_git(argv, &plain, &out, &code) && code <= 1; /* 1: there are none */
    rest = span_of(out.p, out.n);
    while (ok && rest.n > 0) {
        size_t n = span_find(rest, 0, SPAN_LITERAL("\0"));
        const char *key;

        n = n == SIZE_MAX ? rest.n : n;
        key = arena_copy(&r->arena, rest.p, n);
        rest = span_from(rest, n + 1);
        if (key)
            configure(e, key,
                      strlen(key) > 9 && strcmp(key + strlen(key) - 9, ".required") == 0 ? "false"
                                                                                         : "");
    }
    buf_free(&out);
    return ok;
}

/* A pathspec that leaves out the manifest or a signature of it. */
static char *without(struct repository *r, const char *below, const char *suffix)
{
    return arena_printf(&r->arena, ":(top,exclude,literal)%s%s", below, suffix);
}

/* Whether there are changes; false: nobody knows. */
static bool ask_status(struct repository *r, const char *output, bool *dirty)
{
    const char *below = output ? manifest_below(r->top, output, &r->arena) : NULL;
    char *argv[24] = { word("git"),
                       word("-C"),
                       word(r->top),
                       word("status"),
                       word("--porcelain"),
                       word("-z"),
                       word("--no-renames"),
                       word("--ignore-submodules=dirty"),
                       word("--untracked-files=normal"),
                       word("--"),
                       word(":(top)") };
    size_t n = 11;
    struct environment e;
    struct buf out;
    int code;
    bool ok;

    if (below) {
        argv[n++] = without(r, below, "");
        for (size_t i = 0; manifest_signatures[i]; i++)
            argv[n++] = without(r, below, manifest_signatures[i]);
    }
    prepare(&e, &r->arena);
    buf_init(&out, ANSWER_MAX);
    ok = turn_filters_off(r, &e) && !r->arena.exhausted && run_git(argv, &e, &out, &code) &&
         code == 0;
    *dirty = ok && out.n > 0;
    buf_free(&out);
    return ok;
}

void git_state_read(struct git_state *out, const char *root, const char *output)
{
    struct repository r = { .top = NULL };

    *out = (struct git_state){ 0 };
    arena_init(&r.arena, (size_t)16 << 20);
    if (find(&r, root) && resolve_head(&r, out->sha))
        out->dirty_unknown = !ask_status(&r, output, &out->dirty);
    arena_reset(&r.arena);
}

bool git_is_repository(int root)
{
    const int itself = AT_SYMLINK_NOFOLLOW;
    char text[7];
    struct stat st;
    bool is;
    int fd;

    if (fstatat(root, ".git", &st, itself) == 0 && S_ISDIR(st.st_mode))
        return fstatat(root, ".git/HEAD", &st, itself) == 0;
    fd = tree_open(root, ".git", false); /* of a work tree: it names the folder */
    is = fd != -1 && read(fd, text, sizeof text) == sizeof text &&
         memcmp(text, "gitdir:", sizeof text) == 0;
    if (fd != -1)
        (void)close(fd);
    return is;
}
