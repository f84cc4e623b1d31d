/*
 * The writing of a wheel: each file in one go, by two threads, through folders that are
 * opened one by one so that no link is followed; its hash is compared in the same pass.
 */
#include "watch/wheel.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/status.h"
#include "base/write.h"
#include "watch/wheel_plan.h"

#define THREADS_MAX  2
#define ALONE_BYTES  ((uint64_t)2 << 20) /* less is not worth a thread */
#define BIG_BYTES    ((uint64_t)1 << 20) /* taken first, so that the threads end together */
#define FOLDER_MAX   4200
#define RECORD_BYTES ((size_t)1 << 30)
#define SHA256_FIELD 64

struct job {
    struct wheel_plan *plan;
    struct wheel_file **order;
    size_t n;
    atomic_size_t next;
    atomic_bool failed;
    EVP_MD *digests[3]; /* SHA-256, 384, 512 */
};

/* What one thread has. */
struct hand {
    struct job *job;
    struct wheel_unpacker unpacker;
    EVP_MD_CTX *hash;
    int folder; /* the last one that was entered, or -1 */
    enum wheel_place place;
    char path[FOLDER_MAX]; /* of it */
    size_t path_n;
};

/* ---- folders ---- */

/* Opens the folder called name, n bytes long; makes it when it is not there. -1 with errno. */
static int open_folder(int in, const char *name, size_t n)
{
    int flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, fd;
    char part[256];

    if (n >= sizeof part) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(part, name, n);
    part[n] = '\0';
    fd = openat(in, part, flags);
    if (fd == -1 && errno == ENOENT && (mkdirat(in, part, 0777) == 0 || errno == EEXIST))
        fd = openat(in, part, flags);
    return fd;
}

static int root_of(const struct wheel_scheme *s, enum wheel_place place)
{
    const int roots[PLACES] = { s->site, s->bin, s->headers, s->data };

    return roots[place];
}

static void leave(struct hand *h)
{
    if (h->folder != -1)
        (void)close(h->folder);
    h->folder = -1;
}

/* The folder that the file goes to, n bytes of its path; kept open for its neighbours. */
static int enter(struct hand *h, const struct wheel_file *f, size_t n)
{
    const char *path = f->path, *end = path + n;
    int fd, from;

    if (h->folder != -1 && h->place == f->place && h->path_n == n && memcmp(h->path, path, n) == 0)
        return h->folder;
    leave(h);
    from = fd = root_of(h->job->plan->scheme, f->place);
    while (path < end) {
        const char *slash = memchr(path, '/', (size_t)(end - path));
        size_t len = slash ? (size_t)(slash - path) : (size_t)(end - path);

        fd = open_folder(from, path, len);
        if (from != root_of(h->job->plan->scheme, f->place))
            (void)close(from);
        if (fd == -1)
            return -1;
        from = fd;
        path += len + 1;
    }
    if (n == 0 || n >= sizeof h->path)
        return fd; /* the root, which is not ours to close; or too long to be kept */
    h->folder = fd;
    h->place = f->place;
    h->path_n = n;
    memcpy(h->path, f->path, n);
    return fd;
}

/* ---- files ---- */

/* A new file; one that is there already gives way, as it does for pip. */
static int create(struct hand *h, struct wheel_file *f)
{
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, folder, fd;
    const char *slash = strrchr(f->path, '/');
    const char *base = slash ? slash + 1 : f->path;
    mode_t mode = f->executable ? 0777 : 0666;

    folder = enter(h, f, slash ? (size_t)(slash - f->path) : 0);
    if (folder == -1)
        return -1;
    fd = openat(folder, base, flags, mode);
    if (fd == -1 && errno == EEXIST && unlinkat(folder, base, 0) == 0) {
        f->replaced = true;
        fd = openat(folder, base, flags, mode);
    }
    return fd;
}

/* What the wheel itself can bring about is the wheel's fault. */
static void system_fault(struct wheel_file *f)
{
    f->status = PRATIQUE_E_FORMAT;
    f->error = errno;
    switch (errno) {
    case ENOTDIR:
    case EISDIR:
    case EEXIST:
        f->why = "a file and a folder of one name";
        return;
    case ELOOP:
        f->why = "a link is in its way";
        return;
    case ENAMETOOLONG:
        f->why = "its name is too long";
        return;
    default:
        f->status = PRATIQUE_E_IO;
    }
}

static bool digest(struct hand *h, const EVP_MD *md, struct span head, struct span body,
                   uint8_t out[EVP_MAX_MD_SIZE])
{
    return EVP_DigestInit_ex(h->hash, md, NULL) == 1 &&
           EVP_DigestUpdate(h->hash, head.p, head.n) == 1 &&
           EVP_DigestUpdate(h->hash, body.p, body.n) == 1 &&
           EVP_DigestFinal_ex(h->hash, out, NULL) == 1;
}

/* Whether RECORD's hash is of other bytes than these. */
static bool hash_differs(struct hand *h, const struct record_row *row, struct span bytes)
{
    uint8_t want[64], got[EVP_MAX_MD_SIZE];
    enum record_hash kind;
    size_t n;

    if (!row || (kind = record_hash(row->hash, want, &n)) < HASH_SHA256)
        return false;
    return !digest(h, h->job->digests[kind - HASH_SHA256], SPAN_EMPTY, bytes, got) ||
           memcmp(want, got, n) != 0;
}

/* "#!python" becomes the environment's interpreter, up to the line's end. */
static struct span fix_first_line(struct hand *h, struct wheel_file *f, struct span *body,
                                  char line[FOLDER_MAX])
{
    struct span first;
    int n;

    if (!f->script || !span_starts(*body, SPAN_LITERAL("#!python")))
        return SPAN_EMPTY;
    n = snprintf(line, FOLDER_MAX, "#!%s\n", h->job->plan->scheme->python);
    if (n < 0 || n >= FOLDER_MAX)
        return SPAN_EMPTY;
    if (!take_line(body, &first))
        *body = SPAN_EMPTY;
    f->changed = true;
    return span_of(line, (size_t)n);
}

static void write_file(struct hand *h, struct wheel_file *f)
{
    struct span body = f->made, head;
    uint8_t made[EVP_MAX_MD_SIZE];
    char line[FOLDER_MAX];
    int fd;

    if (f->member) {
        f->status = wheel_unpack(&h->unpacker, f->member, &body, &f->why);
        if (f->status != PRATIQUE_OK)
            return;
        f->hash_differs = hash_differs(h, f->row, body);
    }
    head = fix_first_line(h, f, &body, line);
    if ((f->changed || !f->member) && digest(h, h->job->digests[0], head, body, made))
        memcpy(f->digest, made, sizeof f->digest);
    f->size = head.n + body.n;
    fd = create(h, f);
    if (fd == -1 || !write_all(fd, head.p, head.n) || !write_all(fd, body.p, body.n))
        system_fault(f);
    if (fd != -1)
        (void)close(fd);
}

static void *work(void *arg)
{
    struct hand *h = arg;
    size_t i;

    while (!atomic_load(&h->job->failed) && (i = atomic_fetch_add(&h->job->next, 1)) < h->job->n) {
        write_file(h, h->job->order[i]);
        if (h->job->order[i]->status != PRATIQUE_OK)
            atomic_store(&h->job->failed, true);
    }
    leave(h);
    return NULL;
}

/* ---- the job ---- */

static bool hand_init(struct hand *h, struct job *j)
{
    *h = (struct hand){ .job = j, .folder = -1, .hash = EVP_MD_CTX_new() };
    return wheel_unpacker_init(&h->unpacker) && h->hash;
}

static void hand_free(struct hand *h)
{
    wheel_unpacker_free(&h->unpacker);
    EVP_MD_CTX_free(h->hash);
}

/*
 * The big ones first, then all others in the order of their names, folder by folder. RECORD,
 * which was planned last, is written at the end.
 */
static bool job_init(struct job *j, struct wheel_plan *p)
{
    static const char *const names[] = { "SHA256", "SHA384", "SHA512" };

    *j = (struct job){ .plan = p, .order = arena_array(p->arena, p->n, sizeof *j->order) };
    if (!j->order)
        return false;
    for (int big = 1; big >= 0; big--)
        for (size_t i = 0; i + 1 < p->n; i++) {
            struct wheel_file *f = &p->files[i];
            bool is_big = f->member && f->member->size >= BIG_BYTES;

            if (!f->skipped && !f->overwritten && is_big == (big == 1))
                j->order[j->n++] = f;
        }
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (!(j->digests[i] = EVP_MD_fetch(NULL, names[i], NULL)))
            return false;
    return true;
}

static void job_free(struct job *j)
{
    for (size_t i = 0; i < ARRAY_LEN(j->digests); i++)
        EVP_MD_free(j->digests[i]);
}

/* As many as there are processors for this process, up to two. */
static size_t threads_for(const struct wheel_plan *p)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    if (p->zip.bytes <= ALONE_BYTES || sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    return CPU_COUNT(&set) > 1 ? THREADS_MAX : 1;
}

/* False without memory for the first of them; without a second thread it goes on alone. */
static bool job_run(struct job *j)
{
    struct hand hands[THREADS_MAX];
    pthread_t threads[THREADS_MAX];
    size_t n = threads_for(j->plan), ready = 0, running = 0;

    while (ready < n && hand_init(&hands[ready], j))
        ready++;
    if (ready < n)
        hand_free(&hands[ready]);
    for (size_t i = 1; i < ready; i++)
        if (pthread_create(&threads[running], NULL, work, &hands[i]) == 0)
            running++;
    if (ready)
        (void)work(&hands[0]);
    for (size_t i = 0; i < running; i++)
        (void)pthread_join(threads[i], NULL);
    for (size_t i = 0; i < ready; i++)
        hand_free(&hands[i]);
    return ready > 0;
}

static enum pratique_status fault_of(const struct wheel_file *f, struct pratique_error *err)
{
    const char *why = f->why && f->status != PRATIQUE_E_IO ? f->why : strerror(f->error);

    if (f->member)
        return wheel_member_fault(f->member, f->status, why, err);
    return error_set(err, f->status, 0, "%s: %s", f->key, why);
}

/* The first failure in the order of names; then what there is to tell. */
static enum pratique_status judge(struct wheel_plan *p, struct pratique_error *err)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->files[i].status != PRATIQUE_OK)
            return fault_of(&p->files[i], err);
    for (size_t i = 0; i < p->n; i++) {
        const struct wheel_file *f = &p->files[i];
        char what[300];

        if (f->hash_differs)
            wheel_plan_tell(p, f->member->name, "its hash is not what RECORD says");
        (void)snprintf(what, sizeof what, "overwrites %s", f->key);
        if (f->replaced)
            wheel_plan_tell(p, f->member ? f->member->name : span_text(f->key), what);
    }
    return PRATIQUE_OK;
}

static enum pratique_status write_files(struct wheel_plan *p, struct pratique_error *err)
{
    struct job j;
    bool ok = job_init(&j, p) && job_run(&j);

    job_free(&j);
    return ok ? judge(p, err) : error_set(err, PRATIQUE_E_NOMEM, 0, "out of memory");
}

/* ---- RECORD ---- */

static bool made_row(struct wheel_plan *p, const struct wheel_file *f, struct record_row *row)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char field[SHA256_FIELD] = "sha256=", *copy, *size;
    size_t n = strlen(field);

    for (size_t i = 0; i < 43; i++) { /* of 256 bits, six at a time; the last have four */
        size_t bit = i * 6, byte = bit / 8;
        unsigned two = (unsigned)f->digest[byte] << 8 | (byte + 1 < 32 ? f->digest[byte + 1] : 0);

        field[n++] = digits[two >> (10 - bit % 8) & 63];
    }
    copy = arena_copy(p->arena, field, n);
    size = arena_printf(p->arena, "%llu", (unsigned long long)f->size);
    if (!copy || !size)
        return false;
    *row = (struct record_row){ .path = span_text(f->recorded),
                                .hash = span_of(copy, n),
                                .size = span_text(size),
                                .fields = RECORD_FIELDS };
    return true;
}

static struct wheel_file *file_named(const struct wheel_plan *p, struct span name)
{
    const struct wheel_member *m = wheel_zip_find(&p->zip, name);

    return m ? &p->files[m - p->zip.members] : NULL;
}

/*
 * The rows of the installed RECORD: those of the wheel under the names that their files now
 * have, what was made, and what the wheel's RECORD forgot.
 */
static bool new_rows(struct wheel_plan *p, struct record *out)
{
    *out = (struct record){ .rows = arena_array(p->arena, p->record.n + p->n, sizeof *out->rows) };
    if (!out->rows)
        return false;
    for (size_t i = 0; i < p->record.n; i++) {
        struct record_row *row = &out->rows[out->n++];
        const struct wheel_file *f = file_named(p, p->record.rows[i].path);

        *row = p->record.rows[i];
        if (f && f->changed && !made_row(p, f, row))
            return false;
        if (f && !f->skipped)
            row->path = span_text(f->recorded);
    }
    for (size_t i = 0; i + 1 < p->n; i++) { /* the last is RECORD itself */
        const struct wheel_file *f = &p->files[i];
        struct record_row *row = &out->rows[out->n];

        if (f->skipped || (f->member ? f->row != NULL : f->overwritten))
            continue;
        *row = (struct record_row){ .path = span_text(f->recorded),
                                    .hash = SPAN_EMPTY,
                                    .size = SPAN_EMPTY,
                                    .fields = RECORD_FIELDS };
        if ((!f->member || f->changed) && !made_row(p, f, row))
            return false;
        out->n++;
    }
    record_sort(out);
    return true;
}

static enum pratique_status write_record(struct wheel_plan *p, struct pratique_error *err)
{
    struct wheel_file *f = &p->files[p->n - 1]; /* it was planned last */
    enum pratique_status st = PRATIQUE_OK;
    struct record rows;
    struct job j = { .plan = p };
    struct hand h = { .job = &j, .folder = -1 };
    struct buf text;
    int fd = -1;

    buf_init(&text, RECORD_BYTES);
    if (!new_rows(p, &rows))
        st = error_set(err, PRATIQUE_E_NOMEM, 0, "out of memory");
    for (size_t i = 0; st == PRATIQUE_OK && i < rows.n; i++)
        if (!record_put(&text, &rows.rows[i]))
            st = error_set(err, PRATIQUE_E_NOMEM, 0, "out of memory");
    if (st == PRATIQUE_OK && ((fd = create(&h, f)) == -1 || !write_all(fd, text.p, text.n))) {
        system_fault(f);
        st = fault_of(f, err);
    }
    if (fd != -1)
        (void)close(fd);
    leave(&h);
    buf_free(&text);
    return st;
}

/* ---- what there is now ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool list_files(struct wheel_plan *p, struct wheel_installed *out)
{
    *out = (struct wheel_installed){ .files = arena_array(p->arena, p->n, sizeof *out->files) };
    if (!out->files)
        return false;
    for (size_t i = 0; i < p->n; i++)
        if (!p->files[i].skipped && !p->files[i].overwritten)
            out->files[out->files_n++] = p->files[i].recorded;
    qsort(out->files, out->files_n, sizeof *out->files, by_text);
    return true;
}

enum pratique_status wheel_install(struct span bytes, const struct wheel_name *n,
                                   const struct wheel_scheme *scheme,
                                   const struct wheel_limits *limits, struct arena *arena,
                                   struct wheel_installed *out, wheel_event_fn *tell, void *user,
                                   struct pratique_error *err)
{
    struct wheel_plan plan = {
        .scheme = scheme, .name = n, .arena = arena, .tell = tell, .user = user
    };
    enum pratique_status st = wheel_plan_make(&plan, bytes, limits, err);

    *out = (struct wheel_installed){ .files_n = 0 };
    if (st != PRATIQUE_OK || (st = write_files(&plan, err)) != PRATIQUE_OK ||
        (st = write_record(&plan, err)) != PRATIQUE_OK)
        return st;
    if (!list_files(&plan, out) || !wheel_modules(out, arena, scheme->py, plan.entry_points))
        return error_set(err, PRATIQUE_E_NOMEM, 0, "out of memory");
    return PRATIQUE_OK;
}
