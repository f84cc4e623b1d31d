/*
 * pratique_convert(): the parent. It opens, maps and hands the file to a locked-down child, agrees
 * to the child's plan, and writes. It reads none of the file's bytes itself: long pieces go from
 * file to file, the others come from the child.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/status.h"
#include "trust/confined.h"
#include "trust/convert/convert.h"

/* The child may take so long, and a second more for each of these bytes. */
#define TIME_MS         120000u
#define BYTES_IN_SECOND ((uint64_t)8 * 1024 * 1024)
/* And so much memory: a million tensors take a quarter of it. */
#define CHILD_MEMORY ((uint64_t)4 * 1024 * 1024 * 1024)

/* A long piece is copied in parts of so much, so that progress shows. */
#define SHOWN_BYTES ((uint64_t)64 * 1024 * 1024)

struct input {
    const char *path;
    int fd;
    struct stat st;
    struct convert_job job;
};

struct conversion {
    struct input in;
    struct output out;
    struct plan plan;
    struct stream stream;
    const struct pratique_convert_options *options;
    pratique_progress_fn *on_progress;
    void *user;
    struct pratique_error *err;
};

static enum pratique_status input_io(struct input *in, const char *what, struct pratique_error *err)
{
    return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "%s: %s: %s", in->path, what,
                     strerrordesc_np(errno));
}

/* Never waits for a FIFO; a device is no file. */
static enum pratique_status input_open(struct input *in, const char *path,
                                       struct pratique_error *err)
{
    void *p;

    in->path = path;
    in->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (in->fd == -1 || fstat(in->fd, &in->st) != 0)
        return input_io(in, "it cannot be read", err);
    if (!S_ISREG(in->st.st_mode))
        return error_set(err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                         "%s: it is no regular file: a checkpoint is one file", path);
    if (in->st.st_size == 0)
        return error_set(err, PRATIQUE_E_FORMAT, 0, "%s: the file is empty", path);
    p = mmap(NULL, (size_t)in->st.st_size, PROT_READ, MAP_PRIVATE, in->fd, 0);
    if (p == MAP_FAILED)
        return input_io(in, "it cannot be mapped", err);
    in->job.file = span_of(p, (size_t)in->st.st_size);
    return PRATIQUE_OK;
}

static void input_close(struct input *in)
{
    if (in->job.file.n)
        (void)munmap((void *)(uintptr_t)in->job.file.p, in->job.file.n);
    if (in->fd != -1)
        (void)close(in->fd);
}

/* What was copied is what was planned only while nobody writes to the file. */
static bool input_is_the_same(const struct input *in)
{
    struct stat now;

    return fstat(in->fd, &now) == 0 && now.st_size == in->st.st_size &&
           now.st_mtim.tv_sec == in->st.st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == in->st.st_mtim.tv_nsec;
}

static uint32_t time_for(uint64_t bytes)
{
    uint64_t ms = TIME_MS + bytes / BYTES_IN_SECOND * 1000;

    return ms < UINT32_MAX ? (uint32_t)ms : UINT32_MAX;
}

/* ---- bytes ---- */

static void show(struct conversion *c, bool done)
{
    struct pratique_progress at = { .artifacts_done = done,
                                    .artifacts_found = 1,
                                    .bytes_done = c->out.written,
                                    .path = c->in.path };

    if (c->on_progress)
        c->on_progress(c->user, &at);
}

static bool copy_run(struct conversion *c, const struct plan_run *run)
{
    for (uint64_t done = 0; done < run->bytes; done += SHOWN_BYTES) {
        uint64_t left = run->bytes - done;

        if (!output_copy(&c->out, c->in.fd, run->from + done,
                         left < SHOWN_BYTES ? left : SHOWN_BYTES))
            return false;
        show(c, false);
    }
    return true;
}

/* An error in the place of bytes: a deflated storage that is broken. */
static bool read_late_error(struct conversion *c)
{
    char text[sizeof c->err->msg];
    uint64_t off;
    uint32_t n;
    int32_t status;

    if (!stream_take(&c->stream, &status, sizeof status) ||
        !stream_take(&c->stream, &off, sizeof off) || !stream_take(&c->stream, &n, sizeof n) ||
        n >= sizeof text || !stream_take(&c->stream, text, n))
        return false;
    for (uint32_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < ' ')
            text[i] = '?';
    text[n] = '\0';
    c->stream.status = error_set(c->err, PRATIQUE_E_FORMAT, off, "%s: %s", c->in.path, text);
    return false;
}

/* n bytes out of the child's batches, written from where they lie: nobody judges them. */
static bool write_piece(struct conversion *c, uint64_t n)
{
    struct stream *s = &c->stream;
    struct span part;
    uint8_t byte;

    while (n > 0) {
        if (s->batch.n == 0) { /* the first byte fetches a batch */
            if (!stream_take(s, &byte, 1) || !output_put(&c->out, &byte, 1))
                return false;
            n--;
        }
        if (take(&s->batch, n < s->batch.n ? n : s->batch.n, &part) &&
            !output_put(&c->out, part.p, part.n))
            return false;
        n -= part.n;
    }
    return true;
}

static bool gather_run(struct conversion *c, uint64_t bytes)
{
    while (bytes > 0) {
        uint8_t kind;
        uint32_t n;

        if (!stream_take(&c->stream, &kind, 1))
            return false;
        if (kind == PLAN_ERROR)
            return read_late_error(c);
        if (kind != PLAN_BYTES || !stream_take(&c->stream, &n, sizeof n) || n == 0 || n > bytes)
            return false;
        if (!write_piece(c, n))
            return false;
        bytes -= n;
        show(c, false);
    }
    return true;
}

/* The header, then every byte in its order. */
static enum pratique_status write_all(struct conversion *c)
{
    bool ok = output_put(&c->out, c->plan.header.p, c->plan.header.n);

    for (size_t i = 0; ok && i < c->plan.runs_n; i++)
        ok = c->plan.runs[i].in_file ? copy_run(c, &c->plan.runs[i])
                                     : gather_run(c, c->plan.runs[i].bytes);
    if (ok)
        return PRATIQUE_OK;
    if (c->err->status == PRATIQUE_OK)
        (void)error_set(c->err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                        "%s: the process that read it talks nonsense", c->in.path);
    return c->err->status;
}

/* ---- all of it ---- */

/* Puts the file's name before what the child, or its end, said. */
static enum pratique_status named(struct conversion *c, enum pratique_status st)
{
    struct pratique_error said = *c->err;

    if (st == PRATIQUE_OK)
        return st;
    return error_set(c->err, st, said.offset, "%s: %s", c->in.path, said.msg);
}

static enum pratique_status agree(struct conversion *c)
{
    const struct plan *p = &c->plan;

    if (p->left_out > 0 && !c->options->skip)
        return error_set(c->err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                         "%s: safetensors cannot hold %llu of its entries (listed); --skip leaves "
                         "them out",
                         c->in.path, (unsigned long long)p->left_out);
    if (p->tensors == 0)
        return error_set(c->err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                         "%s: there is no tensor in it that could be written", c->in.path);
    return PRATIQUE_OK;
}

static enum pratique_status write_output(struct conversion *c, const char *path)
{
    bool overwrite = c->options->overwrite;
    enum pratique_status st =
        output_open(&c->out, path, overwrite, c->plan.header.n + c->plan.bytes, c->err);

    if (st == PRATIQUE_OK && !confined_say(c->stream.child, 1))
        st = error_set(c->err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                       "%s: the process that read it is gone", c->in.path);
    if (st == PRATIQUE_OK)
        st = write_all(c);
    if (st == PRATIQUE_OK && !input_is_the_same(&c->in))
        st = error_set(c->err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET,
                       "%s: it changed while it was read; convert it when nobody writes to it",
                       c->in.path);
    if (st == PRATIQUE_OK)
        st = output_finish(&c->out, overwrite);
    if (st == PRATIQUE_OK)
        show(c, true);
    return st;
}

static int compare_bytes(const void *a, const void *b)
{
    return *(const char *)a - *(const char *)b;
}

/* The C library asks once how much memory there is before it sorts much; the child may not ask. */
static void warm_sort(void)
{
    char some[2048] = "";

    qsort(some, sizeof some, 1, compare_bytes);
}

static enum pratique_status convert(struct conversion *c, const char *in, const char *out,
                                    pratique_conversion_fn *on_note)
{
    struct confined_limits limits = { 0 };
    enum pratique_status st = input_open(&c->in, in, c->err);

    if (st != PRATIQUE_OK)
        return st;
    warm_sort();
    limits.memory_bytes = CHILD_MEMORY;
    limits.time_ms = time_for((uint64_t)c->in.st.st_size);
    st = named(c, confined_start(&c->stream.child, convert_child, &c->in.job, &limits, c->err));
    if (st == PRATIQUE_OK)
        st =
            named(c, plan_read(&c->plan, &c->stream, (uint64_t)c->in.st.st_size, on_note, c->user));
    if (st == PRATIQUE_OK)
        st = agree(c);
    return st == PRATIQUE_OK ? write_output(c, out) : st;
}

enum pratique_status pratique_convert(const char *in, const char *out,
                                      const struct pratique_convert_options *options,
                                      pratique_conversion_fn *on_note,
                                      pratique_progress_fn *on_progress, void *user,
                                      struct pratique_error *err)
{
    static const struct pratique_convert_options plain;
    struct pratique_error own = { 0 };
    struct conversion c = { .in = { .fd = -1 },
                            .out = { .fd = -1 },
                            .stream = { .batch = SPAN_EMPTY },
                            .options = options ? options : &plain,
                            .on_progress = on_progress,
                            .user = user,
                            .err = err ? err : &own };
    enum pratique_status st;

    c.stream.err = c.err;
    c.err->status = PRATIQUE_OK;
    if (!c.options->overwrite && faccessat(AT_FDCWD, out, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        st = error_set(c.err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                       "%s: it is there already; --overwrite replaces it", out);
    else
        st = convert(&c, in, out, on_note);
    confined_end(c.stream.child);
    output_close(&c.out);
    plan_free(&c.plan);
    input_close(&c.in);
    return st;
}
