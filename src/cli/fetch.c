/* pratique fetch: brings the files that a lock pins, or nothing (docs/LOCK.md). */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/cli.h"

struct settings {
    struct pratique_fetch_options options;
    const char *lock;
    enum pratique_format format;
    bool quiet;
    char *default_cache;
};

/* What became of the files, while they are brought. */
struct fetching {
    const struct settings *set;
    const struct pratique_lock *lock;
    struct progress progress;
    struct list notes; /* of the file at hand: source, why, source, why, ... */
    size_t told, missing;
    bool failed;
};

/* ---- JSON ---- */

static void put_string(const char *s)
{
    putchar('"');
    for (; *s; s++)
        if (*s == '"' || *s == '\\')
            printf("\\%c", *s);
        else if (*s >= ' ' && *s <= '~')
            putchar(*s);
        else
            printf("\\u%04x", (unsigned)(unsigned char)*s); /* names and notes are ASCII */
    putchar('"');
}

static void put_pair(const char *key, const char *value)
{
    printf("\"%s\": ", key);
    if (value)
        put_string(value);
    else
        fputs("null", stdout);
}

static void put_notes(const struct fetching *run)
{
    fputs(", \"notes\": [", stdout);
    for (size_t i = 0; i + 1 < run->notes.n; i += 2) {
        fputs(i ? ", {" : "{", stdout);
        put_pair("source", run->notes.items[i]);
        fputs(", ", stdout);
        put_pair("why", run->notes.items[i + 1]);
        putchar('}');
    }
    putchar(']');
}

static void put_urls(const struct pratique_locked *f)
{
    fputs(", \"urls\": [", stdout);
    for (size_t i = 0; i < f->urls_n; i++) {
        fputs(i ? ", " : "", stdout);
        put_string(f->urls[i]);
    }
    putchar(']');
}

static void put_file(struct fetching *run, const struct pratique_fetched *f)
{
    fputs(run->told ? ",\n    {" : "\n    {", stdout);
    put_pair("name", f->file->name);
    fputs(", ", stdout);
    put_pair("verdict", pratique_verdict_name(f->verdict));
    fputs(", ", stdout);
    put_pair("from", pratique_fetched_name(f->from));
    fputs(", ", stdout);
    put_pair("source", f->source[0] ? f->source : NULL);
    fputs(", ", stdout);
    put_pair("path", f->path);
    fputs(", ", stdout);
    put_pair("why", f->why[0] ? f->why : NULL);
    fputs(", ", stdout);
    put_pair("sha256", f->file->member ? f->file->member_sha256 : f->file->sha256);
    printf(", \"size\": %llu",
           (unsigned long long)(f->file->member ? f->file->member_size : f->file->size));
    put_urls(f->file);
    put_notes(run);
    putchar('}');
}

/* ---- text ---- */

static void put_line(const struct fetching *run, const struct pratique_fetched *f)
{
    char size[32];

    if (run->set->quiet)
        return;
    size_text(size, sizeof size, f->file->member ? f->file->member_size : f->file->size);
    if (f->from == PRATIQUE_FETCH_PRESENT)
        printf("%s: %s, there already\n", f->path, size);
    else
        printf("%s: %s, as pinned; from %s\n", f->path, size, f->source);
}

static const char *last_part(const char *url)
{
    const char *slash = strrchr(url, '/');

    if (!slash && strncmp(url, "file:", 5) == 0)
        return url + 5;
    return slash ? slash + 1 : url;
}

/* One that is not there; where there is no network, what to bring, and where to put it. */
static void put_missing(const struct fetching *run, const struct pratique_fetched *f)
{
    const struct pratique_fetch_options *o = &run->set->options;
    const char *name = last_part(f->file->urls[0]);

    if (!*name || strpbrk(name, "?*:|")) /* no name for a file everywhere */
        name = f->file->sha256;
    complain("fetch: %s: %s", f->file->name, f->why);
    if (f->verdict != PRATIQUE_UNDECIDED || !o->offline)
        return;
    fprintf(stderr, "    bring      %s\n", name);
    fprintf(stderr, "    size       %llu bytes\n", (unsigned long long)f->file->size);
    fprintf(stderr, "    sha256     %s\n", f->file->sha256);
    for (size_t i = 0; i < f->file->urls_n; i++)
        fprintf(stderr, "    %s %s\n", i ? "or        " : "from      ", f->file->urls[i]);
    fprintf(stderr, "    put it at  %s/%s\n", o->mirror ? o->mirror : "$PRATIQUE_MIRROR", name);
    fprintf(stderr, "    or at      %s/sha256/%.2s/%s\n", o->cache, f->file->sha256,
            f->file->sha256);
}

/* ---- what the library tells ---- */

static void keep_note(struct fetching *run, const struct pratique_fetched *f)
{
    if (!list_add_copy(&run->notes, f->source) || !list_add_copy(&run->notes, f->why))
        run->failed = true;
    if (run->set->format == PRATIQUE_TEXT)
        complain("fetch: %s: %s", f->source, f->why);
}

static void forget_notes(struct fetching *run)
{
    list_free_copies(&run->notes);
    run->notes = (struct list){ 0 };
}

static void on_fetched(void *user, const struct pratique_fetched *f)
{
    struct fetching *run = user;

    progress_erase(&run->progress);
    if (f->note) {
        keep_note(run, f);
        return;
    }
    if (run->set->format == PRATIQUE_JSON)
        put_file(run, f);
    else if (f->from != PRATIQUE_FETCH_FAILED)
        put_line(run, f);
    if (f->from == PRATIQUE_FETCH_FAILED)
        put_missing(run, f);
    run->missing += f->from == PRATIQUE_FETCH_FAILED;
    run->told++;
    forget_notes(run);
}

static void on_progress(void *user, const struct pratique_progress *at)
{
    progress_show(&((struct fetching *)user)->progress, at);
}

/* ---- the environment ---- */

/* Whether a variable is set, and to something that means yes. */
static bool is_on(const char *name)
{
    static const char *const off[] = { "", "0", "false", "no", "off" };
    const char *value = getenv(name);

    for (size_t i = 0; value && i < sizeof off / sizeof *off; i++)
        if (strcasecmp(value, off[i]) == 0)
            return false;
    return value != NULL;
}

/* "a3s-code": A3S_CODE_OFFLINE. */
static bool package_is_offline(const char *package)
{
    char name[300];
    size_t n = 0;

    for (; package[n] && n < sizeof name - sizeof "_OFFLINE"; n++)
        name[n] =
            package[n] == '-' || package[n] == '.' ? '_' : (char)toupper((unsigned char)package[n]);
    memcpy(name + n, "_OFFLINE", sizeof "_OFFLINE");
    return is_on(name);
}

static const char *if_set(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

/* $XDG_CACHE_HOME/pratique, or ~/.cache/pratique. */
static bool find_cache(struct settings *set)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    int n = -1;

    if (set->options.cache)
        return true;
    if (cache && cache[0] == '/')
        n = asprintf(&set->default_cache, "%s/pratique", cache);
    else if (home && home[0] == '/')
        n = asprintf(&set->default_cache, "%s/.cache/pratique", home);
    if (n < 0) {
        set->default_cache = NULL;
        complain("fetch: there is no $HOME to keep a cache in; say --cache DIR");
        return false;
    }
    set->options.cache = set->default_cache;
    return true;
}

static bool settle(struct settings *set, const struct pratique_lock *lock)
{
    struct pratique_fetch_options *o = &set->options;

    o->offline =
        o->offline || is_on("PRATIQUE_OFFLINE") || package_is_offline(pratique_lock_package(lock));
    o->mirror = o->mirror ? o->mirror : if_set("PRATIQUE_MIRROR");
    o->ca_file = o->ca_file ? o->ca_file : if_set("SSL_CERT_FILE");
    return find_cache(set);
}

/* ---- the command ---- */

static int exit_status(const struct fetching *run, enum pratique_status st,
                       enum pratique_verdict verdict)
{
    if (st == PRATIQUE_E_USAGE)
        return EXIT_USAGE;
    if (st != PRATIQUE_OK || run->failed || verdict == PRATIQUE_UNDECIDED)
        return EXIT_UNDECIDED;
    return verdict == PRATIQUE_ADMIT ? EXIT_ADMIT : EXIT_STOPPED;
}

static int fetch(struct settings *set, const struct pratique_lock *lock)
{
    struct fetching run = { .set = set, .lock = lock };
    enum pratique_verdict verdict = PRATIQUE_UNDECIDED;
    struct pratique_error err = { .msg = "" };
    enum pratique_status st;

    progress_start(&run.progress);
    if (set->format == PRATIQUE_JSON) {
        fputs("{\n  \"format\": \"pratique-fetch-1\",\n  ", stdout);
        put_pair("package", pratique_lock_package(lock));
        fputs(",\n  ", stdout);
        put_pair("version", pratique_lock_version(lock));
        fputs(",\n  \"files\": [", stdout);
    }
    st = pratique_fetch(lock, &set->options, on_fetched, on_progress, &run, &verdict, &err);
    progress_erase(&run.progress);
    if (st != PRATIQUE_OK)
        complain("fetch: %s", err.msg[0] ? err.msg : pratique_status_name(st));
    if (set->format == PRATIQUE_JSON) {
        fputs("\n  ],\n  ", stdout);
        put_pair("verdict", pratique_verdict_name(verdict));
        fputs(",\n  ", stdout);
        put_pair("error", st == PRATIQUE_OK ? NULL : err.msg);
        fputs("\n}\n", stdout);
    }
    run.failed |= fflush(stdout) != 0 || ferror(stdout);
    forget_notes(&run);
    return exit_status(&run, st, verdict);
}

static int read_and_fetch(struct settings *set)
{
    struct pratique_error err = { .msg = "" };
    struct pratique_lock *lock;
    enum pratique_status st =
        pratique_lock_read(&lock, set->lock ? set->lock : "pratique.lock", &err);
    int status;

    if (st != PRATIQUE_OK) {
        complain("fetch: %s", err.msg);
        return st == PRATIQUE_E_NOMEM ? EXIT_UNDECIDED : EXIT_USAGE;
    }
    status = settle(set, lock) ? fetch(set, lock) : EXIT_USAGE;
    pratique_lock_free(lock);
    return status;
}

static int run_fetch(const struct command *self, char **argv)
{
    struct settings set = { .format = PRATIQUE_TEXT };
    struct pratique_fetch_options *o = &set.options;
    const struct opt rows[] = {
        { "lock", 'l', OPT_TEXT, &set.lock, "FILE", "the lock (pratique.lock)" },
        { "to", 't', OPT_TEXT, &o->to, "DIR",
          "the folder that the names in it are relative to (none: into the cache alone)" },
        { "platform", 0, OPT_TEXT, &o->platform, "TAG", "for another machine than this one" },
        { "python", 0, OPT_TEXT, &o->python, "TAG", "what will load the files: cp311, cp313t" },
        { "offline", 0, OPT_FLAG, &o->offline, NULL,
          "do not use the network (also: PRATIQUE_OFFLINE=1, NAME_OFFLINE=1)" },
        { "mirror", 0, OPT_TEXT, &o->mirror, "DIR",
          "a folder with files that were brought (also: PRATIQUE_MIRROR)" },
        { "cache", 0, OPT_TEXT, &o->cache, "DIR", "($XDG_CACHE_HOME/pratique)" },
        { "cacert", 0, OPT_TEXT, &o->ca_file, "FILE",
          "certificates in PEM that count instead of the system's (also: SSL_CERT_FILE)" },
        { "key", 'k', OPT_TEXT, &o->key, "KEY", "each file must be signed by this minisign key" },
        { "timeout", 0, OPT_SECONDS, &o->timeout_ms, "SECONDS",
          "to connect, and for a server that hardly sends (30)" },
        { "format", 'f', OPT_FORMAT, &set.format, "FORMAT", "text (as usual), json" },
        { "quiet", 'q', OPT_FLAG, &set.quiet, NULL, "text: nothing for what is there" },
        { 0 },
    };
    size_t n;
    int status = opt_parse(self, rows, argv, &n);

    if (status == OPT_GO_ON && n > 0) {
        complain("fetch: '%.60s' is one word too many; the lock is named with --lock", argv[0]);
        status = EXIT_USAGE;
    }
    if (status == OPT_GO_ON && set.format != PRATIQUE_TEXT && set.format != PRATIQUE_JSON) {
        complain("fetch: --format should be text or json here");
        status = EXIT_USAGE;
    }
    if (status == OPT_GO_ON)
        status = read_and_fetch(&set);
    free(set.default_cache);
    return status;
}

const struct command command_fetch = {
    "fetch", "[options]",
    "Brings the files that pratique.lock pins: hash known beforehand, or nothing.", run_fetch
};
