/*
 * SHA-256 of many files: see trust.h. Each thread has two lanes, a file in each, and hashes a
 * piece of both at once; a lane that is done takes the next file. The calling thread is one of
 * them, and the only one that tells how far they are.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/status.h"
#include "trust/trust.h"

#define LANES       2
#define PIECE       ((size_t)256 * 1024) /* two of them stay in the processor's second cache */
#define ALIGNED     4096
#define THREADS_MAX 256u

/* A thread more costs as much as so many bytes, or so many files. */
#define THREAD_BYTES ((uint64_t)2 * 1024 * 1024)
#define THREAD_FILES 64

#define TELL_NS 50000000 /* while the calling thread only waits */

/* A file that is being hashed; file is NULL while there is none. */
struct lane {
    struct hashed *file;
    int fd;
    struct stat before;
    struct sha256 sum;
    uint8_t *piece;
    size_t from, n; /* of the piece: what is not hashed yet */
    uint64_t got;
    bool ended;
};

/* What the threads share. The lock is for next, idle, running, done and last. */
struct job {
    int root;
    unsigned flags;
    struct hashed **order;
    size_t n, next, done;
    unsigned idle, running; /* threads without a file; threads beside the calling one */
    const char *last;
    atomic_ullong bytes;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    pratique_progress_fn *on_progress;
    void *user;
};

struct hand {
    struct job *job;
    pthread_t thread;
    struct lane lanes[LANES];
};

/* ---- one file ---- */

static enum hashed_state state_of(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
        return HASHED_MISSING;
    case EXDEV:
        return HASHED_ESCAPES;
    case ELOOP:
    case ENXIO:
        return HASHED_NOT_REGULAR;
    default:
        return HASHED_UNREADABLE;
    }
}

/* Whether it is what is to be hashed; else its state says why not. */
static bool suits(struct hashed *f, const struct stat *st)
{
    f->mode = st->st_mode;
    f->bytes = (uint64_t)st->st_size;
    if (!S_ISREG(st->st_mode))
        f->state = HASHED_NOT_REGULAR;
    else if (f->want_bytes != UINT64_MAX && f->want_bytes != f->bytes)
        f->state = HASHED_SIZE;
    return f->state == HASHED_OK;
}

static void fails(struct hashed *f, int error)
{
    f->state = state_of(error);
    f->error = error;
}

static void lane_open(struct lane *l, struct hashed *f, const struct job *job)
{
    bool ok = false;

    *l = (struct lane){ .file = f, .piece = l->piece };
    l->fd = tree_open(job->root, f->path, job->flags & HASHING_LINKS);
    if (l->fd == -1 || fstat(l->fd, &l->before) != 0)
        fails(f, errno);
    else
        ok = suits(f, &l->before);
    if (ok && f->bytes > PIECE)
        (void)posix_fadvise(l->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    if (ok)
        sha256_init(&l->sum);
    l->ended = !ok;
}

/* The next piece. A file that grows is not followed to where it ends. */
static void lane_read(struct lane *l)
{
    ssize_t got;

    do
        got = read(l->fd, l->piece, PIECE);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        fails(l->file, errno);
    l->from = 0;
    l->n = got > 0 ? (size_t)got : 0;
    l->got += l->n;
    l->ended =
        got <= 0 || l->got > l->file->bytes || (l->got == l->file->bytes && (size_t)got < PIECE);
}

static bool same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* Whether what was read is the file as it was opened and still is. */
static bool unchanged(const struct lane *l)
{
    struct stat now;

    return fstat(l->fd, &now) == 0 && now.st_size == l->before.st_size &&
           l->got == l->file->bytes && same_time(now.st_mtim, l->before.st_mtim) &&
           same_time(now.st_ctim, l->before.st_ctim);
}

/* The lane is free again; its file's state and digest are final. */
static void lane_close(struct lane *l, unsigned flags)
{
    struct hashed *f = l->file;

    if (f->state == HASHED_OK && !unchanged(l))
        f->state = HASHED_CHANGED;
    if (f->state == HASHED_OK && !sha256_final(&l->sum, f->digest))
        fails(f, ENOMEM);
    sha256_drop(&l->sum);
    if (f->state == HASHED_OK && (flags & HASHING_KEEP))
        f->kept = l->fd;
    else if (l->fd != -1)
        close(l->fd);
    l->file = NULL;
}

/* ---- a thread ---- */

/* The next file for a thread that has this many; NULL: none, or others need it more. */
static struct hashed *next_file(struct job *job, size_t has)
{
    struct hashed *f = NULL;

    pthread_mutex_lock(&job->lock);
    if (job->next < job->n && (has == 0 || job->n - job->next > job->idle)) {
        f = job->order[job->next++];
        job->idle -= has == 0;
    }
    pthread_mutex_unlock(&job->lock);
    return f;
}

static void file_done(struct job *job, const struct hashed *f, size_t has)
{
    pthread_mutex_lock(&job->lock);
    job->done++;
    job->last = f->path;
    job->idle += has == 0;
    pthread_mutex_unlock(&job->lock);
}

static size_t lanes_in_use(const struct hand *h)
{
    return (size_t)(h->lanes[0].file != NULL) + (h->lanes[1].file != NULL);
}

static void finish(struct hand *h, struct lane *l)
{
    struct hashed *f = l->file;

    lane_close(l, h->job->flags);
    file_done(h->job, f, lanes_in_use(h));
}

/* Sees to it that the lane has something to hash, if there is anything left. */
static void lane_fill(struct hand *h, struct lane *l)
{
    struct hashed *f;

    for (;;) {
        if (l->file && l->n == 0 && !l->ended)
            lane_read(l);
        if (l->file && l->n > 0)
            return;
        if (l->file)
            finish(h, l);
        f = next_file(h->job, lanes_in_use(h));
        if (!f)
            return;
        lane_open(l, f, h->job);
    }
}

static void consume(struct lane *l, size_t n)
{
    l->from += n;
    l->n -= n;
}

/* Hashes as much of both as both have, or all of the one. A lane without a file has nothing. */
static void hash_some(struct hand *h)
{
    struct lane *a = &h->lanes[0], *b = &h->lanes[1];
    size_t na = a->n, nb = b->n;

    if (na > 0 && nb > 0)
        na = nb = na < nb ? na : nb;
    sha256_update_two(&a->sum, a->piece + a->from, na, &b->sum, b->piece + b->from, nb);
    consume(a, na);
    consume(b, nb);
    atomic_fetch_add_explicit(&h->job->bytes, na + nb, memory_order_relaxed);
}

/* Hashes a piece of its files; false when there are none left. */
static bool step(struct hand *h)
{
    for (size_t i = 0; i < LANES; i++)
        lane_fill(h, &h->lanes[i]);
    if (lanes_in_use(h) == 0)
        return false;
    hash_some(h);
    return true;
}

static void *work(void *arg)
{
    struct hand *h = arg;

    while (step(h))
        continue;
    pthread_mutex_lock(&h->job->lock);
    if (--h->job->running == 0)
        pthread_cond_signal(&h->job->ended);
    pthread_mutex_unlock(&h->job->lock);
    return NULL;
}

/* ---- all of them ---- */

static void tell(struct job *job)
{
    struct pratique_progress p = { .artifacts_found = job->n };

    if (!job->on_progress)
        return;
    pthread_mutex_lock(&job->lock);
    p.artifacts_done = job->done;
    p.path = job->last;
    pthread_mutex_unlock(&job->lock);
    p.bytes_done = atomic_load_explicit(&job->bytes, memory_order_relaxed);
    job->on_progress(job->user, &p);
}

/* False once no other thread is at work; else after a while, or when the last one ends. */
static bool wait_a_while(struct job *job)
{
    struct timespec until;
    bool running;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += TELL_NS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&job->lock);
    if (job->running > 0)
        (void)pthread_cond_timedwait(&job->ended, &job->lock, &until);
    running = job->running > 0;
    pthread_mutex_unlock(&job->lock);
    return running;
}

/* Starts the other threads, as many as can be had; signals are for the caller's. */
static unsigned start(struct hand *hands, unsigned n, struct job *job)
{
    sigset_t all, before;
    unsigned i = 1;

    sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_mutex_lock(&job->lock); /* none ends before it is counted */
    while (i < n && pthread_create(&hands[i].thread, NULL, work, &hands[i]) == 0)
        i++;
    job->idle = i;
    job->running = i - 1;
    pthread_mutex_unlock(&job->lock);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return i;
}

static void run(struct hand *hands, unsigned n, struct job *job)
{
    n = start(hands, n, job);
    do
        tell(job);
    while (step(&hands[0]));
    while (wait_a_while(job))
        tell(job);
    for (unsigned i = 1; i < n; i++)
        (void)pthread_join(hands[i].thread, NULL);
    tell(job);
}

static uint64_t guess(const struct hashed *f)
{
    return f->want_bytes != UINT64_MAX ? f->want_bytes : f->bytes;
}

/* Large ones first: what is left at the end is small. */
static int by_size(const void *a, const void *b)
{
    const struct hashed *const *x = a, *const *y = b;
    uint64_t n = guess(*x), m = guess(*y);

    return n != m ? (n < m ? 1 : -1) : (*x > *y) - (*x < *y);
}

static unsigned processors(void)
{
    cpu_set_t set;
    long n;

    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return (unsigned)CPU_COUNT(&set);
    n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (unsigned)n : 1;
}

/* As many threads as are worth it. */
static unsigned threads_for(const struct job *job, unsigned wanted)
{
    uint64_t most = 1 + job->n / THREAD_FILES, bytes = 0;

    for (size_t i = 0; i < job->n && bytes / THREAD_BYTES < THREADS_MAX; i++)
        bytes += guess(job->order[i]) % ((uint64_t)1 << 40);
    most += bytes / THREAD_BYTES;
    most = most < job->n ? most : job->n;
    wanted = wanted ? wanted : processors();
    wanted = wanted < THREADS_MAX ? wanted : THREADS_MAX;
    return most < wanted ? (unsigned)most : wanted;
}

/* Each file's answer is empty; the order of work is made. */
static struct hashed **prepare(struct hashed *files, size_t n)
{
    struct hashed **order = reallocarray(NULL, n, sizeof *order);

    for (size_t i = 0; i < n; i++) {
        struct hashed *f = &files[i];

        f->state = HASHED_OK;
        f->error = 0;
        f->mode = 0;
        f->kept = -1;
        memset(f->digest, 0, sizeof f->digest);
        if (order)
            order[i] = f;
    }
    if (order)
        qsort(order, n, sizeof *order, by_size);
    return order;
}

static bool with_threads(struct job *job, unsigned threads)
{
    struct hand *hands = calloc(threads, sizeof *hands);
    void *pieces = NULL;
    bool ok = hands && posix_memalign(&pieces, ALIGNED, threads * LANES * PIECE) == 0;

    for (unsigned i = 0; ok && i < threads; i++) {
        hands[i].job = job;
        for (size_t k = 0; k < LANES; k++)
            hands[i].lanes[k].piece = (uint8_t *)pieces + (i * LANES + k) * PIECE;
    }
    if (ok)
        run(hands, threads, job);
    free(pieces);
    free(hands);
    return ok;
}

enum pratique_status hashing_run(int root, struct hashed *files, size_t n, unsigned flags,
                                 unsigned threads, pratique_progress_fn *on_progress, void *user,
                                 struct pratique_error *err)
{
    struct job job = { .root = root,
                       .flags = flags,
                       .order = n > 0 ? prepare(files, n) : NULL,
                       .n = n,
                       .lock = PTHREAD_MUTEX_INITIALIZER,
                       .ended = PTHREAD_COND_INITIALIZER,
                       .on_progress = on_progress,
                       .user = user };
    bool ok = n == 0 || (job.order && with_threads(&job, threads_for(&job, threads)));

    free(job.order);
    return ok ? PRATIQUE_OK : error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "out of memory");
}
