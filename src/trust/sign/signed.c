/* A file and its signature, as a report: pratique_signature_verify(). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/status.h"
#include "input/map.h"
#include "trust/sign/keys.h"

/* A file up to this size is read; a larger one is mapped. */
#define READ_MAX ((uint64_t)1 << 30)

struct verifying {
    const char *path;
    struct keys *keys;
    struct buf read, signature;
    struct map map;
    struct span file;
    struct arena arena;
    struct facts facts;
    struct pratique_error *err;
};

static void tell(struct verifying *v, enum signature_fault fault, const char *name, const char *why,
                 const struct signer *who)
{
    const struct where *home = facts_where(&v->facts, NULL, span_text(v->path));
    struct fact read = { .kind = FACT_READ,
                         .where = home,
                         .offset = PRATIQUE_NO_OFFSET,
                         .number = v->file.n,
                         .subject = SPAN_LITERAL("signature") };

    facts_add(&v->facts, &read);
    v->facts.full |= !home;
    signature_tell(&v->facts, home, fault, name, why, who);
}

static enum pratique_status check(struct verifying *v, const char *name)
{
    struct signer who = { .kind = "", .key = "", .id = "", .who = "", .comment = "" };
    enum signature_fault fault = SIGNATURE_MISSING;
    const char *why = "there is none beside it, and none was named";
    enum pratique_status status = PRATIQUE_OK;

    if (name && access(name, F_OK) != 0 && errno == ENOENT) {
        why = "the file that was named is not there";
    } else if (name) {
        status = whole_read(name, SIGNATURE_MAX + 1, &v->signature, v->err);
        if (status == PRATIQUE_E_LIMIT) {
            fault = SIGNATURE_MALFORMED;
            why = "it is larger than 64 KiB, so it is none";
            status = PRATIQUE_OK;
        } else if (status == PRATIQUE_OK) {
            status =
                signature_check(&fault, &why, &who, v->keys, v->file, v->path,
                                span_of(v->signature.p, v->signature.n), name, &v->arena, v->err);
        }
    }
    if (status == PRATIQUE_OK)
        tell(v, fault, name ? name : v->path, why, &who);
    return status;
}

static enum pratique_status fault(struct verifying *v, const char *why)
{
    return error_set(v->err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "%.150s: %s", v->path, why);
}

static enum pratique_status map_file(struct verifying *v, int fd, uint64_t size)
{
    enum pratique_status status = map_open(&v->map, fd, size);

    v->file = v->map.bytes;
    return status == PRATIQUE_OK ? status : fault(v, "cannot be read, or changes meanwhile");
}

static enum pratique_status open_file(struct verifying *v)
{
    int fd = open(v->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    enum pratique_status status;
    struct stat st;

    if (fd == -1 || fstat(fd, &st) != 0) {
        status = fault(v, strerror(errno));
    } else if (!S_ISREG(st.st_mode)) {
        status = fault(v, "is no regular file");
    } else if ((uint64_t)st.st_size > READ_MAX) {
        status = map_file(v, fd, (uint64_t)st.st_size);
    } else {
        status = whole_read(v->path, READ_MAX, &v->read, v->err);
        v->file = span_of(v->read.p, v->read.n);
    }
    if (fd != -1)
        close(fd);
    return status;
}

enum pratique_status pratique_signature_verify(const char *path, const struct pratique_trust *trust,
                                               const char *signature, pratique_report_fn *on_report,
                                               void *user, struct pratique_error *err)
{
    uint64_t start = budget_now_us();
    struct pratique_error ignored;
    struct verifying v = { .path = path, .err = err ? err : &ignored, .file = SPAN_EMPTY };
    enum pratique_status status;

    arena_init(&v.arena, (size_t)16 << 20);
    facts_init(&v.facts, &v.arena);
    buf_init(&v.read, READ_MAX);
    buf_init(&v.signature, SIGNATURE_MAX + 1);
    status = keys_load(&v.keys, trust, TRUST_ANY, time(NULL), v.err);
    if (status == PRATIQUE_OK)
        status = open_file(&v);
    if (status == PRATIQUE_OK)
        status = check(&v, signature ? signature : signature_beside(path, &v.arena));
    if (status == PRATIQUE_OK)
        answer(&v.facts, &v.arena, path, "signature", "trust", v.file.n, v.file.n + v.signature.n,
               budget_now_us() - start, on_report, user);
    keys_free(v.keys);
    buf_free(&v.read);
    map_close(&v.map);
    buf_free(&v.signature);
    facts_free(&v.facts);
    arena_reset(&v.arena);
    return status;
}
