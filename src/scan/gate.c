/*
 * The gate: paths in, reports out. It opens files and hands their descriptors to
 * workers; what comes back is judged here. See pratique.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/status.h"
#include "scan/beside.h"
#include "scan/engine.h"
#include "scan/gate.h"
#include "scan/model.h"
#include "scan/pairs.h"
#include "scan/pool.h"
#include "scan/report.h"
#include "scan/walk.h"

/* Artifacts that may be finished behind one that is not, and the memory they may take. */
#define WINDOW       256
#define WINDOW_BYTES ((size_t)256 * 1024 * 1024)
#define WORKERS_MAX  256

#define GIB          ((uint64_t)1024 * 1024 * 1024)
#define MEMORY_LEAST ((uint64_t)16 * 1024 * 1024)

struct pratique_gate {
    struct pool pool;
    struct law law;
    struct pratique_layer layers[SANDBOX_LAYERS];
};

/* One call of pratique_gate_scan(). */
struct run {
    struct pratique_gate *gate;
    struct law_roots roots; /* the paths that the user named */
    struct walk walk;
    bool walked;              /* there is no more to find */
    struct task *head, *tail; /* in the order of their reports */
    size_t n;                 /* of them */
    size_t bytes;             /* held by those that are done */
    struct pairs pairs;
    struct beside beside;
    struct model_set models; /* of the path whose files are reported now */
    pratique_report_fn *on_report;
    pratique_progress_fn *on_progress;
    void *user;
    struct pratique_progress progress;
    bool no_memory; /* a report is missing for lack of it */
};

static enum pratique_status resolve_limits(struct pratique_limits *l, struct pratique_error *err)
{
    l->memory_bytes = l->memory_bytes ? l->memory_bytes : 2 * GIB;
    l->output_bytes = l->output_bytes ? l->output_bytes : 16 * GIB;
    l->ratio = l->ratio ? l->ratio : 400;
    l->members = l->members ? l->members : 1000000;
    l->depth = l->depth ? l->depth : 16;
    l->time_ms = l->time_ms ? l->time_ms : 120000;
    if (l->depth > ENGINE_DEPTH_MAX)
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "a depth of more than %d is not supported", ENGINE_DEPTH_MAX);
    if (l->memory_bytes < MEMORY_LEAST)
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "a worker needs %llu MiB of memory at the least",
                         (unsigned long long)(MEMORY_LEAST >> 20));
    return PRATIQUE_OK;
}

static unsigned processors(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;

    return n < 1 ? 1 : n > WORKERS_MAX ? WORKERS_MAX : (unsigned)n;
}

static void fill_layers(struct pratique_gate *g)
{
    for (size_t i = 0; i < SANDBOX_LAYERS; i++)
        g->layers[i] =
            (struct pratique_layer){ .name = sandbox_layer_name((enum sandbox_layer_id)i),
                                     .active = g->pool.layers[i].active,
                                     .detail = g->pool.layers[i].detail };
}

static enum pratique_status check_layers(const struct pratique_gate *g, struct pratique_error *err)
{
    for (size_t i = 0; i < SANDBOX_LAYERS; i++)
        if (!g->layers[i].active && worker_needs((enum sandbox_layer_id)i) &&
            !g->pool.config.weak_sandbox_ok)
            return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET,
                             "the workers cannot be locked down: %s: %s", g->layers[i].name,
                             g->layers[i].detail);
    return PRATIQUE_OK;
}

enum pratique_status pratique_gate_open(struct pratique_gate **out,
                                        const struct pratique_options *options,
                                        struct pratique_error *err)
{
    struct worker_config config = { .limits = options->limits,
                                    .sha256 = options->sha256,
                                    .values = options->values,
                                    .weak_sandbox_ok = options->weak_sandbox_ok };
    unsigned workers = options->workers ? options->workers : processors();
    struct pratique_gate *g = NULL;
    enum pratique_status st = resolve_limits(&config.limits, err);

    *out = NULL;
    if (st == PRATIQUE_OK && workers > WORKERS_MAX)
        st = error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "more than %d workers",
                       WORKERS_MAX);
    if (st != PRATIQUE_OK)
        return st;
    g = calloc(1, sizeof *g);
    if (!g)
        return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while opening the gate");
    st = law_init(&g->law, options, err);
    config.packages = law_packages(&g->law);
    if (st == PRATIQUE_OK && !pool_init(&g->pool, workers, &config))
        st = error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while opening the gate");
    if (st != PRATIQUE_OK) {
        law_free(&g->law);
        free(g);
        return st;
    }
    st = pool_start(&g->pool, err);
    fill_layers(g);
    if (st == PRATIQUE_OK)
        st = check_layers(g, err);
    if (st != PRATIQUE_OK) {
        pratique_gate_close(g);
        return st;
    }
    *out = g;
    return PRATIQUE_OK;
}

void pratique_gate_close(struct pratique_gate *gate)
{
    if (gate) {
        pool_free(&gate->pool);
        law_free(&gate->law);
    }
    free(gate);
}

size_t pratique_gate_layers(const struct pratique_gate *gate)
{
    return ARRAY_LEN(gate->layers);
}

const struct pratique_layer *pratique_gate_layer(const struct pratique_gate *gate, size_t i)
{
    return i < ARRAY_LEN(gate->layers) ? &gate->layers[i] : NULL;
}

static void append(struct run *r, struct task *t)
{
    if (r->tail)
        r->tail->next = t;
    else
        r->head = t;
    r->tail = t;
    r->n++;
    r->progress.artifacts_found++;
}

static void report_model(struct run *r, const struct model_folder *folder)
{
    struct task *t = model_set_task(&r->models, folder);
    struct pratique_report rep;
    struct policy policy;

    if (!t) {
        r->no_memory = true;
        return;
    }
    law_policy(&policy, &r->gate->law, &r->roots, t);
    report_fill(&rep, t, &policy);
    r->on_report(r->user, &rep);
    task_free(t);
}

/* The models below a path whose files are all reported. */
static void report_models(struct run *r)
{
    if (r->models.n > 0)
        model_set_find(&r->models);
    for (size_t i = 0; i < r->models.folders_n; i++)
        report_model(r, &r->models.folders[i]);
    model_set_free(&r->models);
}

static void report(struct run *r, struct task *t)
{
    struct pratique_report rep;
    struct policy policy;

    if (r->models.n > 0 && r->models.root != t->root)
        report_models(r);
    pairs_settle(&r->pairs, r->head, t);
    beside_settle(&r->beside, r->head, t);
    law_policy(&policy, &r->gate->law, &r->roots, t);
    report_fill(&rep, t, &policy);
    r->on_report(r->user, &rep);
    model_set_note(&r->models, t, &rep, policy.given);
    r->progress.artifacts_done++;
    r->progress.bytes_done += t->size;
    r->progress.path = rep.path;
    if (r->on_progress)
        r->on_progress(r->user, &r->progress);
}

/* What is to be said of the policy file itself, once everything else is. */
static enum pratique_status report_law(struct run *r, struct pratique_error *err)
{
    struct pratique_report rep;
    struct arena arena;
    enum pratique_status st;

    arena_init(&arena, TASK_ARENA_MAX);
    st = law_report(&rep, &r->gate->law, &arena);
    if (st == PRATIQUE_OK && rep.judged.n)
        r->on_report(r->user, &rep);
    arena_reset(&arena);
    return st == PRATIQUE_OK ? st : error_set(err, st, PRATIQUE_NO_OFFSET, "about the policy file");
}

/* Room for another, so that one slow artifact does not make us hold all the others' answers. */
static bool has_room(const struct run *r)
{
    size_t bytes = 0;

    if (r->n >= WINDOW)
        return false;
    for (const struct task *t = r->head; t; t = t->next)
        bytes += t->arena.used + t->facts.size * sizeof *t->facts.list;
    return bytes < WINDOW_BYTES;
}

static bool is_any_undone(const struct task *t)
{
    while (t && t->state == TASK_DONE)
        t = t->next;
    return t != NULL;
}

/* A wheel is judged with its sdist at hand, where that can still come up. */
static bool waits_for_sdist(const struct run *r, const struct task *t)
{
    return t->expects_sdist && (is_any_undone(t->next) || (!r->walked && has_room(r))) &&
           !pairs_has_sdist(&r->pairs, t->next, t);
}

/* Content of no known format is judged with the model that may name it at hand. */
static bool waits_for_model(const struct run *r, const struct task *t)
{
    return beside_waits(&r->beside, t->next, t,
                        is_any_undone(t->next) || (!r->walked && has_room(r)));
}

/* Reports what is done, as far as the order allows. */
static void report_done(struct run *r)
{
    while (r->head && r->head->state == TASK_DONE && !waits_for_sdist(r, r->head) &&
           !waits_for_model(r, r->head)) {
        struct task *t = r->head;

        r->head = t->next;
        r->tail = r->head ? r->tail : NULL;
        r->n--;
        report(r, t);
        task_free(t);
    }
}

static struct task *first_waiting(const struct run *r)
{
    struct task *t = r->head;

    while (t && (t->state != TASK_WAITING || beside_holds(r->head, t)))
        t = t->next;
    return t;
}

/* Finds the next artifact; it may be one that is done already, for lack of anything to read. */
static enum pratique_status find_next(struct run *r, struct pratique_error *err)
{
    struct found found;
    enum pratique_status st = walk_next(&r->walk, &found);
    struct task *t;

    if (st == PRATIQUE_OK && !found.path)
        r->walked = true;
    if (st != PRATIQUE_OK || r->walked)
        goto out;
    t = task_new(found.path, found.fd, found.has_stat ? &found.stat : NULL);
    if (!t) {
        st = PRATIQUE_E_NOMEM;
        goto out;
    }
    t->in_model = found.in_model;
    t->root = r->walk.at ? r->walk.at - 1 : 0;
    t->expects_sdist = pairs_expects(&r->roots, t);
    append(r, t);
    if (found.fd == -1) {
        task_fact(t, found.kind, "%s", found.detail);
        if (found.kind == FACT_LINK_INSIDE) /* that is all there is to a link */
            task_fact(t, FACT_READ, "a symbolic link %s", found.detail);
        task_finish(t);
    }
out:
    return st == PRATIQUE_OK ? st
                             : error_set(err, st, PRATIQUE_NO_OFFSET, "while looking for files");
}

/* Keeps the workers busy; returns when they are, or when nothing waits any more. */
static enum pratique_status feed(struct run *r, struct pratique_error *err)
{
    enum pratique_status st = PRATIQUE_OK;

    while (st == PRATIQUE_OK) {
        struct task *t = first_waiting(r);

        if (t)
            beside_note(&r->beside, r->head, t);
        if (t && !pool_send(&r->gate->pool, t))
            break;
        if (!t && (r->walked || !has_room(r)))
            break;
        if (!t)
            st = find_next(r, err);
        report_done(r);
    }
    return st;
}

static void run_free(struct run *r)
{
    pool_forget(&r->gate->pool);
    while (r->head) {
        struct task *t = r->head;

        r->head = t->next;
        task_free(t);
    }
    walk_free(&r->walk);
    pairs_free(&r->pairs);
    beside_free(&r->beside);
    model_set_free(&r->models);
    law_roots_free(&r->roots);
}

static enum pratique_status run_all(struct run *r, struct pratique_error *err)
{
    enum pratique_status st;

    pairs_init(&r->pairs);
    beside_init(&r->beside);
    model_set_init(&r->models);
    st = feed(r, err);
    while (st == PRATIQUE_OK && r->head) {
        st = pool_wait(&r->gate->pool, err);
        report_done(r);
        if (st == PRATIQUE_OK)
            st = feed(r, err);
    }
    if (st == PRATIQUE_OK)
        report_models(r);
    if (st == PRATIQUE_OK && r->no_memory)
        st = error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "about a model");
    if (st == PRATIQUE_OK)
        st = report_law(r, err);
    run_free(r);
    return st;
}

enum pratique_status pratique_gate_scan(struct pratique_gate *gate, const char *const *paths,
                                        size_t n, pratique_report_fn *on_report,
                                        pratique_progress_fn *on_progress, void *user,
                                        struct pratique_error *err)
{
    struct run r = {
        .gate = gate, .on_report = on_report, .on_progress = on_progress, .user = user
    };
    enum pratique_status st = law_roots_find(&r.roots, &gate->law, paths, n, err);

    if (st != PRATIQUE_OK)
        return st;
    walk_init(&r.walk, paths, n, gate->pool.config.limits.memory_bytes);
    return run_all(&r, err);
}

/* A sealed copy in memory; -1 with errno set. */
static int copy_of(const void *data, size_t len)
{
    int fd = memfd_create("pratique", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    const uint8_t *at = data;

    while (fd != -1 && len > 0) {
        ssize_t put = write(fd, at, len);

        if (put < 0 && errno != EINTR) {
            int saved = errno;

            close(fd);
            errno = saved;
            return -1;
        }
        at += put > 0 ? put : 0;
        len -= put > 0 ? (size_t)put : 0;
    }
    if (fd != -1)
        (void)fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
    return fd;
}

enum pratique_status gate_scan_fd(struct pratique_gate *gate, const char *name, int fd,
                                  pratique_report_fn *on_report, void *user,
                                  struct pratique_error *err)
{
    struct run r = { .gate = gate, .on_report = on_report, .user = user, .walked = true };
    struct task *t = task_new(name, fd, NULL);

    if (!t)
        return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while taking it in");
    if (!law_roots_memory(&r.roots, name)) {
        task_free(t);
        return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while taking it in");
    }
    walk_init(&r.walk, &name, 0, 0); /* nothing to find */
    append(&r, t);
    return run_all(&r, err);
}

enum pratique_status pratique_gate_scan_memory(struct pratique_gate *gate, const char *name,
                                               const void *data, size_t len,
                                               pratique_report_fn *on_report, void *user,
                                               struct pratique_error *err)
{
    int fd = copy_of(data, len);

    if (fd == -1)
        return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "copying to memory: %s",
                         strerrordesc_np(errno));
    return gate_scan_fd(gate, name, fd, on_report, user, err);
}

const struct law *gate_law(const struct pratique_gate *gate)
{
    return &gate->law;
}

const struct pratique_limits *gate_limits(const struct pratique_gate *gate)
{
    return &gate->pool.config.limits;
}

bool gate_weak_ok(const struct pratique_gate *gate)
{
    return gate->pool.config.weak_sandbox_ok;
}
