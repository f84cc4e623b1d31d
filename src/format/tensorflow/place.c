/*
 * See place.h. TensorFlow 1 writes the path of a vocabulary as it was on the author's machine; it
 * is found there again by nobody else. No model was made of what belongs to a system, and nobody
 * keeps a vocabulary in a hidden folder.
 */
#include "format/tensorflow/place.h"

#include <ctype.h>
#include <strings.h>

#include "base/compiler.h"
#include "format/model/model.h"

static bool is_separator(uint8_t c)
{
    return c == '/' || c == '\\';
}

/* The next part of a path that says anything: neither empty nor ".". */
static bool next_part(struct span *path, struct span *part)
{
    while (path->n > 0) {
        size_t n = 0;

        while (n < path->n && !is_separator(path->p[n]))
            n++;
        (void)take(path, n, part);
        (void)skip(path, 1);
        if (part->n > 0 && !span_is(*part, "."))
            return true;
    }
    *part = SPAN_EMPTY;
    return false;
}

static bool is_one_of(struct span part, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (part.n == strlen(names[i]) && strncasecmp((const char *)part.p, names[i], part.n) == 0)
            return true;
    return false;
}

/* Whether the first parts are those of a system: "/etc", "/var/lib", "C:\Windows". */
static bool is_of_system(struct span path)
{
    static const char *const top[] = { "etc",   "proc",    "dev",         "sys",          "run",
                                       "boot",  "bin",     "sbin",        "lib",          "lib64",
                                       "efi",   "snap",    "cores",       "windows",      "system",
                                       "winnt", "library", "programdata", "program files" };
    static const char *const of_var[] = { "run", "lib", "log",   "spool",   "mail", "cache",
                                          "db",  "at",  "adm",   "backups", "cron", "root",
                                          "www", "opt", "crash", "lock" };
    struct span part;

    if (!next_part(&path, &part))
        return false;
    if (part.n == 2 && part.p[1] == ':' && !next_part(&path, &part))
        return false;
    if (span_is(part, "private") && !next_part(&path, &part)) /* where macOS keeps /etc and /var */
        return false;
    if (is_one_of(part, top, ARRAY_LEN(top)))
        return true;
    return span_is(part, "var") && next_part(&path, &part) &&
           is_one_of(part, of_var, ARRAY_LEN(of_var));
}

/* A folder or a file whose name begins with a dot. */
static bool is_hidden(struct span path)
{
    struct span part;

    while (next_part(&path, &part))
        if (part.p[0] == '.' && !span_is(part, ".."))
            return true;
    return false;
}

/* Names of files that people keep secrets in, wherever they lie. */
static bool is_secret(struct span base)
{
    static const char *const names[] = { "passwd",     "shadow",      "id_rsa",
                                         "id_ed25519", "credentials", "known_hosts",
                                         "crontab",    "sudoers",     "authorized_keys" };

    return is_one_of(base, names, ARRAY_LEN(names));
}

static bool has_word(struct span text, const char *word)
{
    size_t n = strlen(word);

    for (size_t i = 0; i + n <= text.n; i++)
        if (strncasecmp((const char *)text.p + i, word, n) == 0)
            return true;
    return false;
}

/* A list of words, by its name. */
static bool is_vocabulary(struct span base)
{
    static const char *const words[] = { "vocab",  "token", "label", "words", "dict",  "lexicon",
                                         "lookup", "class", "tags",  "terms", "asset", "categor",
                                         "keys",   "index", "ids",   "names" };
    static const char *const endings[] = { ".txt", ".tsv",  ".csv",  ".vocab",  ".tab",
                                           ".lst", ".list", ".dict", ".labels", ".pbtxt" };

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (has_word(base, words[i]))
            return true;
    for (size_t i = 0; i < ARRAY_LEN(endings); i++)
        if (base.n > strlen(endings[i]) &&
            has_word(span_from(base, base.n - strlen(endings[i])), endings[i]))
            return true;
    return false;
}

enum tf_place tf_place(struct span path)
{
    unsigned flags = model_path_flags(path);
    struct span rest = path, base = SPAN_EMPTY, part;

    if (!(flags & ~(unsigned)MP_BACKSLASH))
        return TF_PLACE_RELATIVE;
    while (next_part(&rest, &part))
        base = part;
    if (flags & (MP_DOTDOT | MP_NUL | MP_HOME | MP_DEVICE))
        return TF_PLACE_SYSTEM;
    if (flags & MP_URL && !(flags & MP_DRIVE))
        return TF_PLACE_SYSTEM;
    if (path.n > 1 && is_separator(path.p[0]) && is_separator(path.p[1])) /* another machine */
        return TF_PLACE_SYSTEM;
    if (is_of_system(path) || is_hidden(path) || is_secret(base))
        return TF_PLACE_SYSTEM;
    return is_vocabulary(base) ? TF_PLACE_VOCABULARY : TF_PLACE_FULL;
}
