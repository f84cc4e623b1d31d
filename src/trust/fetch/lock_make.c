/* Writing a lock, and what it pins of a file: docs/LOCK.md, pratique.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/status.h"
#include "trust/fetch/fetch.h"

#define TEXT_MAX   (2 * LOCK_BYTES_MAX)
#define PIECE      ((size_t)1 << 20)
#define MEMBER_MAX LOCK_SIZE_MAX

/* ---- text ---- */

static void put_string(struct buf *out, const char *s)
{
    (void)buf_putc(out, '"');
    for (; *s; s++)
        if (*s == '"' || *s == '\\')
            (void)buf_printf(out, "\\%c", *s);
        else if ((unsigned char)*s < ' ')
            (void)buf_printf(out, "\\u%04x", (unsigned)*s);
        else
            (void)buf_putc(out, *s);
    (void)buf_putc(out, '"');
}

static void put_pair(struct buf *out, const char *key, const char *value)
{
    if (!value)
        return;
    (void)buf_printf(out, ",\n      \"%s\": ", key);
    put_string(out, value);
}

static void put_size(struct buf *out, const char *key, uint64_t value)
{
    (void)buf_printf(out, ",\n      \"%s\": %llu", key, (unsigned long long)value);
}

static void put_file(struct buf *out, const struct pratique_locked *f)
{
    (void)buf_puts(out, "    {\n      \"name\": ");
    put_string(out, f->name);
    put_pair(out, "platform", f->platform);
    put_pair(out, "abi", f->abi);
    put_pair(out, "python", f->python);
    (void)buf_puts(out, ",\n      \"urls\": [");
    for (size_t i = 0; i < f->urls_n; i++) {
        (void)buf_puts(out, i ? ",\n        " : "\n        ");
        put_string(out, f->urls[i]);
    }
    (void)buf_puts(out, "\n      ]");
    put_pair(out, "sha256", f->sha256);
    put_size(out, "size", f->size);
    if (f->member) {
        put_pair(out, "member", f->member);
        put_pair(out, "member_sha256", f->member_sha256);
        put_size(out, "member_size", f->member_size);
    }
    if (f->signature) {
        (void)buf_puts(out, ",\n      \"signature\": {\n        \"key\": ");
        put_string(out, f->signature_key ? f->signature_key : "");
        (void)buf_puts(out, ",\n        \"value\": ");
        put_string(out, f->signature);
        (void)buf_puts(out, "\n      }");
    }
    (void)buf_puts(out, "\n    }");
}

enum pratique_status pratique_lock_write(const char *path, const char *package, const char *version,
                                         const struct pratique_locked *files, size_t n,
                                         bool replace, struct pratique_error *err)
{
    struct pratique_lock *read = NULL;
    enum pratique_status st;
    struct buf out;

    buf_init(&out, TEXT_MAX);
    (void)buf_puts(&out, "{\n  \"format\": \"pratique-lock-1\",\n  \"package\": ");
    put_string(&out, package);
    (void)buf_puts(&out, ",\n  \"version\": ");
    put_string(&out, version);
    (void)buf_puts(&out, ",\n  \"files\": [");
    for (size_t i = 0; i < n; i++) {
        (void)buf_puts(&out, i ? ",\n" : "\n");
        put_file(&out, &files[i]);
    }
    (void)buf_puts(&out, "\n  ]\n}\n");
    if (out.failed || out.n > LOCK_BYTES_MAX)
        st = error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "a lock of more than 1 MiB");
    else
        st = lock_parse(&read, path, span_of(out.p, out.n), err);
    if (st == PRATIQUE_OK)
        st = whole_write(path, span_of(out.p, out.n), 0644, replace, err);
    pratique_lock_free(read);
    buf_free(&out);
    return st;
}

/* ---- hashes ---- */

static enum pratique_status hash_file(int fd, const char *path, struct pratique_pin *out,
                                      struct pratique_error *err)
{
    uint8_t digest[SHA256_BYTES], *piece = malloc(PIECE);
    enum pratique_status st = PRATIQUE_OK;
    struct sha256 sum;
    ssize_t got = 1;

    if (!piece)
        return path_error(err, PRATIQUE_E_NOMEM, path, "out of memory");
    out->size = 0;
    sha256_init(&sum);
    while (st == PRATIQUE_OK && got != 0) {
        got = pread(fd, piece, PIECE, (off_t)out->size);
        if (got < 0 && errno != EINTR)
            st = path_error(err, PRATIQUE_E_IO, path, strerrordesc_np(errno));
        if (got > 0)
            sha256_update(&sum, piece, (size_t)got), out->size += (uint64_t)got;
    }
    if (!sha256_final(&sum, digest) && st == PRATIQUE_OK)
        st = path_error(err, PRATIQUE_E_NOMEM, path, "out of memory");
    sha256_hex(digest, out->sha256);
    free(piece);
    return st;
}

static enum pratique_status hash_member(int fd, const char *path, const char *member, uint64_t size,
                                        struct pratique_pin *out, struct pratique_error *err)
{
    struct pratique_error why = { .msg = "" };
    enum pratique_status st = member_take(fd, size, member, NULL, MEMBER_MAX, out, &why);

    if (st == PRATIQUE_OK)
        return st;
    return error_set(err, st == PRATIQUE_E_FORMAT ? PRATIQUE_E_USAGE : st, PRATIQUE_NO_OFFSET,
                     "%.80s: the member %.60s: %.90s", path, member, why.msg);
}

enum pratique_status pratique_lock_pin(const char *path, const char *member,
                                       struct pratique_pin *file, struct pratique_pin *in_it,
                                       struct pratique_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    enum pratique_status st;
    struct stat is;

    if (fd == -1 || fstat(fd, &is) != 0)
        st = path_error(err, PRATIQUE_E_IO, path, strerrordesc_np(errno));
    else if (!S_ISREG(is.st_mode))
        st = path_error(err, PRATIQUE_E_USAGE, path, "it is no regular file");
    else if (is.st_size == 0)
        st = path_error(err, PRATIQUE_E_USAGE, path, "it is empty");
    else {
        sha256_warm();
        st = hash_file(fd, path, file, err);
    }
    if (st == PRATIQUE_OK && member)
        st = hash_member(fd, path, member, file->size, in_it, err);
    if (fd != -1)
        (void)close(fd);
    return st;
}
