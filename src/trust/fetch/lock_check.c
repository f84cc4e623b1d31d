/* What the values of a lock may be: docs/LOCK.md, "Keys". Each function says why not. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/status.h"
#include "trust/fetch/lock.h"
#include "trust/sign/base64.h"
#include "trust/sign/minisign.h"

#define PART_MAX 255
#define KEY_RAW  (2 + MINISIGN_NUMBER_BYTES + ED25519_KEY_BYTES)

static bool is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_made_of(struct span s, const char *also)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_letter(s.p[i]) && !is_digit(s.p[i]) && !(s.p[i] && strchr(also, s.p[i])))
            return false;
    return s.n > 0;
}

/* ---- paths ---- */

/* The devices of Windows, which every folder has, whatever follows a dot. */
static bool is_device(struct span part)
{
    static const char *const names[] = { "con", "prn", "aux", "nul", "conin$", "conout$" };
    size_t n = 0;

    while (n < part.n && part.p[n] != '.')
        n++;
    while (n > 0 && part.p[n - 1] == ' ')
        n--;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (n == strlen(names[i]) && strncasecmp((const char *)part.p, names[i], n) == 0)
            return true;
    return n == 4 && is_digit(part.p[3]) &&
           (strncasecmp((const char *)part.p, "com", 3) == 0 ||
            strncasecmp((const char *)part.p, "lpt", 3) == 0);
}

static const char *part_fault(struct span part)
{
    if (part.n == 0)
        return "a part of the path is empty (it is absolute, or has '//', or ends with '/')";
    if (span_is(part, ".") || span_is(part, ".."))
        return "'.' and '..' are not allowed";
    if (part.n > PART_MAX)
        return "a part of the path is longer than 255 bytes";
    if (part.p[0] == ' ' || part.p[part.n - 1] == ' ' || part.p[part.n - 1] == '.')
        return "a part begins or ends with a space, or ends with a dot";
    if (is_device(part))
        return "Windows has a device of that name";
    return NULL;
}

const char *lock_member_fault(struct span name)
{
    const char *fault = NULL;
    size_t from = 0;

    if (name.n == 0 || name.n > LOCK_NAME_MAX)
        return name.n ? "longer than 1,024 bytes" : "it is empty";
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] < ' ' || name.p[i] > '~' || strchr("\\:*?\"<>|", name.p[i]))
            return "only printable ASCII without \\ : * ? \" < > | makes a name";
    for (size_t i = 0; !fault && i <= name.n; i++)
        if (i == name.n || name.p[i] == '/') {
            fault = part_fault(span_of(name.p + from, i - from));
            from = i + 1;
        }
    return fault;
}

/* The folder of a package's metadata, and the lock: what vouches for the file. */
static bool is_voucher(struct span name)
{
    struct span info = SPAN_LITERAL(".dist-info/");
    size_t n = strlen("pratique.lock");

    if (name.n >= n && strncasecmp((const char *)name.p + (name.n - n), "pratique.lock", n) == 0)
        return true;
    for (size_t i = 0; i + info.n <= name.n; i++)
        if (strncasecmp((const char *)name.p + i, (const char *)info.p, info.n) == 0)
            return true;
    return false;
}

const char *lock_name_fault(struct span name)
{
    const char *fault = lock_member_fault(name);

    if (!fault && is_voucher(name))
        fault = "a file that is fetched does not replace a lock or a package's metadata";
    return fault;
}

/* ---- addresses ---- */

static struct span host_of(struct span url)
{
    struct span rest = span_from(url, strlen("https://"));
    size_t n = 0;

    while (n < rest.n && !strchr("/?", rest.p[n]))
        n++;
    return span_of(rest.p, n);
}

static const char *https_fault(struct span url)
{
    struct span host = host_of(url);

    if (host.n == 0 || host.p[0] == ':')
        return "it has no host";
    if (memchr(host.p, '@', host.n))
        return "it has a user or a password, which everybody could read here";
    if (!is_made_of(host, ".-_:[]"))
        return "its host has characters that no host has";
    return memchr(url.p, '#', url.n) ? "a fragment ('#') means nothing here" : NULL;
}

const char *lock_url_fault(struct span url)
{
    if (url.n > LOCK_URL_MAX)
        return "longer than 2,048 characters";
    for (size_t i = 0; i < url.n; i++)
        if (url.p[i] <= ' ' || url.p[i] > '~' || strchr("\\\"<>^`{|}", url.p[i]))
            return "spaces, and what is not ASCII, are to be written as %20 and so on";
    if (span_starts(url, SPAN_LITERAL("file:")))
        return lock_member_fault(span_from(url, strlen("file:")));
    if (span_starts(url, SPAN_LITERAL("https://")))
        return https_fault(url);
    return span_starts(url, SPAN_LITERAL("http:"))
               ? "http is not allowed: https:// or file: it should be"
               : "https:// or file: is what it should begin with";
}

const char *lock_file_url(const char *url)
{
    return strncmp(url, "file:", 5) == 0 ? url + 5 : NULL;
}

/* ---- the others ---- */

const char *lock_sha256_fault(struct span hex)
{
    if (hex.n != SHA256_HEX - 1)
        return "64 hex digits it should be";
    for (size_t i = 0; i < hex.n; i++)
        if (!is_digit(hex.p[i]) && !(hex.p[i] >= 'a' && hex.p[i] <= 'f'))
            return "64 lower-case hex digits it should be";
    return NULL;
}

const char *lock_tags_fault(struct span tags)
{
    if (tags.n > LOCK_TAG_MAX || !is_made_of(tags, "_."))
        return "a tag has letters, digits and '_', up to 256 in all; dots stand between tags";
    for (size_t i = 0; i < tags.n; i++)
        if (tags.p[i] == '.' && (i == 0 || i + 1 == tags.n || tags.p[i + 1] == '.'))
            return "there is no tag before or behind a dot";
    return NULL;
}

const char *lock_package_fault(struct span name)
{
    if (!is_made_of(name, "-_.") || name.n > PART_MAX || !is_made_of(span_of(name.p, 1), "") ||
        !is_made_of(span_of(name.p + name.n - 1, 1), ""))
        return "no name of a package";
    return NULL;
}

const char *lock_version_fault(struct span version)
{
    return is_made_of(version, ".!+-_") && version.n <= PART_MAX ? NULL : "no version";
}

const char *lock_key_fault(struct span key)
{
    uint8_t raw[KEY_RAW];

    if (!base64_exactly(key, raw, sizeof raw) || memcmp(raw, "Ed", 2) != 0)
        return "no public key of minisign: 56 letters that begin with RW";
    return ed25519_key_ok(raw + 2 + MINISIGN_NUMBER_BYTES)
               ? NULL
               : "a weak key, with which anybody can sign";
}

const char *lock_signature_fault(struct span text)
{
    struct minisign parsed;

    return minisign_parse(&parsed, text);
}

/* ---- all of them together ---- */

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static int by_name(const void *a, const void *b)
{
    const struct pratique_locked *const *x = a, *const *y = b;
    int n = strcasecmp((*x)->name, (*y)->name);

    return n ? n : strcmp((*x)->name, (*y)->name);
}

static enum pratique_status clash(const struct pratique_lock *l, const struct pratique_locked *f,
                                  const char *why, struct pratique_error *err)
{
    return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%.80s:%u: name: '%.60s': %s",
                     l->path, l->lines[f - l->files], f->name, why);
}

/* Two entries that are equally good: of one group of the same name, at most LOCK_FILES_MAX. */
static bool is_twin(const struct pratique_locked *a, const struct pratique_locked *b)
{
    return same(a->platform, b->platform) && same(a->abi, b->abi) && same(a->python, b->python);
}

static int by_tags(const void *a, const void *b)
{
    const struct pratique_locked *const *x = a, *const *y = b;
    int n = strcmp((*x)->name, (*y)->name);

    n = n ? n : strcmp((*x)->platform, (*y)->platform);
    n = n ? n : strcmp((*x)->abi, (*y)->abi);
    return n ? n : strcmp((*x)->python ? (*x)->python : "", (*y)->python ? (*y)->python : "");
}

static int by_folded(const void *key, const void *row)
{
    const struct pratique_locked *const *x = row;

    return strcasecmp(key, (*x)->name);
}

/* A file that has the name of one of f's folders, in the list by name; NULL: none has. */
static const struct pratique_locked *folder_taken(const struct pratique_locked **list, size_t n,
                                                  const struct pratique_locked *f)
{
    char folder[LOCK_NAME_MAX + 1];

    for (size_t i = 0; f->name[i]; i++) {
        const struct pratique_locked *const *hit;

        folder[i] = '\0';
        hit = i && f->name[i] == '/' ? bsearch(folder, list, n, sizeof(*list), by_folded) : NULL;
        if (hit)
            return *hit;
        folder[i] = f->name[i];
    }
    return NULL;
}

static enum pratique_status judge_names(const struct pratique_lock *l,
                                        const struct pratique_locked **list,
                                        struct pratique_error *err)
{
    qsort(list, l->n, sizeof(*list), by_name);
    for (size_t i = 0; i < l->n; i++) {
        if (i && strcasecmp(list[i - 1]->name, list[i]->name) == 0 &&
            strcmp(list[i - 1]->name, list[i]->name) != 0)
            return clash(l, list[i], "another one differs in case alone", err);
        if (folder_taken(list, l->n, list[i]))
            return clash(l, list[i], "one of its folders is a file of another entry", err);
    }
    return PRATIQUE_OK;
}

enum pratique_status lock_judge(const struct pratique_lock *lock, struct pratique_error *err)
{
    const struct pratique_locked **list = calloc(lock->n + 1, sizeof(*list));
    enum pratique_status st;

    if (!list)
        return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while reading a lock");
    for (size_t i = 0; i < lock->n; i++)
        list[i] = &lock->files[i];
    st = judge_names(lock, list, err);
    qsort(list, lock->n, sizeof(*list), by_tags);
    for (size_t i = 1; st == PRATIQUE_OK && i < lock->n; i++)
        if (strcmp(list[i - 1]->name, list[i]->name) == 0 && is_twin(list[i - 1], list[i]))
            st = clash(lock, list[i], "two entries for the same platform, abi and python", err);
    free(list);
    return st;
}
