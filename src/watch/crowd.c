/*
 * The processes of the world: who started whom, by which lines of Python, and what their
 * audit hooks announced last. Forks are not notified; a process is met when it does something
 * that is, or when the sweep finds it.
 */
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "watch/keeper.h"

void crowd_free(struct crowd *c)
{
    for (size_t i = 0; i < c->n; i++) {
        if (c->people[i].pidfd != -1)
            (void)close(c->people[i].pidfd);
        free(c->people[i].origin);
    }
    free(c->people);
    free(c->notes);
    *c = (struct crowd){ 0 };
}

struct person *crowd_find(struct crowd *c, pid_t pid)
{
    for (size_t i = c->n; i-- > 0;)
        if (c->people[i].pid == pid && c->people[i].pidfd != -1)
            return &c->people[i];
    return NULL;
}

static struct note *note_of(struct crowd *c, pid_t tid)
{
    for (size_t i = 0; i < c->notes_n; i++)
        if (c->notes[i].tid == tid)
            return &c->notes[i];
    return NULL;
}

/* A place for the thread's note: its own, a new one, or the oldest. */
static struct note *note_place(struct crowd *c, pid_t tid)
{
    struct note *n = note_of(c, tid), *oldest = c->notes;

    if (n)
        return n;
    if (c->notes_n == c->notes_size && c->notes_size < CROWD_THREADS_MAX) {
        size_t size = c->notes_size ? c->notes_size * 2 : 16;
        struct note *list = reallocarray(c->notes, size, sizeof *list);

        if (list) {
            c->notes = list;
            c->notes_size = size;
        }
    }
    if (c->notes_n < c->notes_size) {
        n = &c->notes[c->notes_n++];
        *n = (struct note){ .tid = tid };
        return n;
    }
    for (size_t i = 1; i < c->notes_n; i++)
        if (c->notes[i].at_us < oldest->at_us)
            oldest = &c->notes[i];
    if (oldest)
        oldest->tid = tid;
    return oldest;
}

static bool starts_processes(const char *event)
{
    static const char *const words[] = { "subprocess.Popen",     "os.system",   "os.exec",
                                         "os.posix_spawn",       "os.spawn",    "os.fork",
                                         "os.forkpty",           "pty.spawn",   "webbrowser.open",
                                         "ctypes.call_function", "os.startfile" };

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(event, words[i]) == 0)
            return true;
    return false;
}

/* The note of any thread of the parent that tells of starting a process, the latest. */
static const struct note *birth_note(const struct crowd *c, pid_t parent)
{
    const struct note *best = NULL;

    for (size_t i = 0; i < c->notes_n; i++) {
        const struct note *n = &c->notes[i];

        if (starts_processes(n->event) && (!best || n->at_us > best->at_us) &&
            (n->tid == parent || target_process(n->tid) == parent))
            best = n;
    }
    return best;
}

static void set_origin(struct person *p, const char *frames, size_t n)
{
    char *copy = n ? malloc(n) : NULL;

    if (!copy)
        return;
    memcpy(copy, frames, n);
    free(p->origin);
    p->origin = copy;
    p->origin_n = (uint32_t)n;
}

/* The place of one that is gone; the first are looked at only when there is no more room. */
static struct person *place_of_gone(struct crowd *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->people[i].pidfd == -1) {
            free(c->people[i].origin);
            c->people[i] = (struct person){ .pidfd = -1 };
            return &c->people[i];
        }
    return NULL;
}

static struct person *crowd_add(struct crowd *c)
{
    size_t size = c->size ? c->size * 2 : 32;

    if (c->n == c->size) {
        struct person *list =
            size <= CROWD_PEOPLE_MAX ? reallocarray(c->people, size, sizeof *list) : NULL;

        if (!list)
            return place_of_gone(c);
        c->people = list;
        c->size = size;
    }
    c->people[c->n] = (struct person){ .pidfd = -1 };
    return &c->people[c->n++];
}

/* What a process has of the one that forked it. */
static void inherit(struct keeper *k, struct person *p)
{
    struct person *parent = crowd_find(&k->crowd, p->parent);
    const struct note *born = birth_note(&k->crowd, p->parent);

    if (parent) {
        p->hooked = parent->hooked;
        p->python = parent->python;
        p->clock = parent->clock;
    }
    if (born)
        set_origin(p, born->frames, born->frames_n);
    else if (parent && parent->origin)
        set_origin(p, parent->origin, parent->origin_n);
}

struct person *crowd_meet(struct keeper *k, pid_t tid)
{
    struct person *p = crowd_find(&k->crowd, tid);
    pid_t pid = p ? tid : target_process(tid);
    char command[EVENT_SUBJECT_MAX];
    struct watch_event e;

    p = p ? p : crowd_find(&k->crowd, pid);
    if (p || !pid)
        return p;
    p = crowd_add(&k->crowd);
    if (!p)
        return NULL;
    p->pid = pid;
    p->parent = target_parent(pid);
    p->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    p->runner = pid == k->runner;
    inherit(k, p);
    if (p->runner && !k->plan->command)
        (void)snprintf(command, sizeof command, "python " WORLD_RUNNER);
    else if (p->runner)
        (void)snprintf(command, sizeof command, "%s", k->plan->program);
    else
        target_command(pid, command, sizeof command);
    place_told(k, command);
    e = (struct watch_event){ .kind = EVENT_START,
                              .pid = (uint32_t)pid,
                              .number = p->parent <= 1 && p->runner ? 0 : (uint64_t)p->parent,
                              .subject = span_text(command),
                              .detail = SPAN_EMPTY,
                              .frames = p->origin ? span_of(p->origin, p->origin_n) : SPAN_EMPTY };
    tell(&k->teller, &e);
    return p;
}

void crowd_exec(struct keeper *k, struct person *p, bool python)
{
    struct note *n = note_of(&k->crowd, p->pid);

    /* what comes next is of another program: its parent's call still explains it */
    if (n && starts_processes(n->event))
        set_origin(p, n->frames, n->frames_n);
    if (n)
        n->event[0] = '\0', n->frames_n = 0;
    p->hooked = false;
    p->python = python;
}

/* Frames, each ended by NUL, as lines; those of the runner itself are left out. */
static size_t copy_frames(const struct keeper *k, struct span frames, char *to, size_t size)
{
    const struct span place = span_text(k->plan->world.weak ? k->plan->world.place : "");
    const struct span runner = SPAN_LITERAL(WORLD_RUNNER ":");
    size_t at = 0;

    while (frames.n > 0) {
        const uint8_t *end = memchr(frames.p, '\0', frames.n);
        struct span one = span_of(frames.p, end ? (size_t)(end - frames.p) : frames.n);

        (void)skip(&frames, end ? one.n + 1 : one.n);
        if (place.n && span_starts(one, place))
            one = span_from(one, place.n);
        if (!one.n || span_starts(one, runner))
            continue;
        if (at + one.n + 1 > size)
            break;
        if (at)
            to[at++] = '\n';
        memcpy(to + at, one.p, one.n);
        at += one.n;
    }
    return at;
}

/* "event\0arg\0...\0frames": the event's name, and the frames behind its arguments. */
void crowd_note(struct keeper *k, pid_t tid, struct span record)
{
    struct note *n = note_place(&k->crowd, tid);
    struct span rest = record, part[5];

    if (!n)
        return;
    for (size_t i = 0; i < ARRAY_LEN(part); i++) {
        const uint8_t *end = memchr(rest.p, '\0', rest.n);

        part[i] = span_of(rest.p, end ? (size_t)(end - rest.p) : rest.n);
        (void)skip(&rest, end ? part[i].n + 1 : rest.n);
    }
    n->at_us = tell_now_us(&k->teller);
    (void)snprintf(n->argument, sizeof n->argument, "%.*s",
                   (int)(part[1].n < 255 ? part[1].n : 255), (const char *)part[1].p);
    (void)snprintf(n->event, sizeof n->event, "%.*s", (int)part[0].n, (const char *)part[0].p);
    n->frames_n = (uint16_t)copy_frames(k, rest, n->frames, sizeof n->frames);
}

/* ---- which announcement explains which call ---- */

static bool begins(const char *s, const char *head)
{
    return strncmp(s, head, strlen(head)) == 0;
}

static bool explains(const char *event, enum event_kind kind)
{
    switch (kind) {
    case EVENT_EXEC:
    case EVENT_SETSID:
        return starts_processes(event);
    case EVENT_CONNECT:
    case EVENT_SEND:
    case EVENT_BIND:
    case EVENT_LISTEN:
    case EVENT_SOCKET:
        return begins(event, "socket.") || begins(event, "urllib") || begins(event, "http.") ||
               begins(event, "smtp") || begins(event, "ftp") || begins(event, "imap") ||
               begins(event, "pop") || begins(event, "nntp") || begins(event, "telnet");
    case EVENT_OPEN:
    case EVENT_UNLINK:
    case EVENT_RENAME:
    case EVENT_LINK:
    case EVENT_CHMOD:
    case EVENT_TRUNCATE:
        return strcmp(event, "open") == 0 || begins(event, "os.") || begins(event, "shutil.") ||
               begins(event, "tempfile.") || begins(event, "sqlite3") || begins(event, "socket.");
    case EVENT_KILL:
        return begins(event, "os.kill") || begins(event, "signal.");
    case EVENT_LOAD:
    case EVENT_SLEEP:
    case EVENT_CANARY:
        return true;
    default:
        return false;
    }
}

/* Whether a process of Python that does this must have announced it. */
static bool is_announced(enum event_kind kind)
{
    return kind == EVENT_EXEC || kind == EVENT_CONNECT || kind == EVENT_SEND || kind == EVENT_OPEN;
}

static bool is_import(const char *event)
{
    return strcmp(event, "import") == 0 || begins(event, "ctypes.");
}

static struct span frames_for(struct keeper *k, const struct person *p, pid_t tid,
                              enum event_kind kind, uint32_t *flags)
{
    const struct note *n = note_of(&k->crowd, tid);
    bool known = n && n->event[0];

    if (p && !p->python)
        return p->origin ? span_of(p->origin, p->origin_n) : SPAN_EMPTY;
    if (known && explains(n->event, kind))
        return span_of(n->frames, n->frames_n);
    if (p && p->origin && (kind == EVENT_EXEC || kind == EVENT_SETSID) && !known)
        return span_of(p->origin, p->origin_n);
    if (p && p->hooked && is_announced(kind))
        *flags |= EVENT_NATIVE;
    if (known && is_import(n->event))
        return span_of(n->frames, n->frames_n);
    return SPAN_EMPTY;
}

/*
 * A Python that acts, and whose hook never said that it is there. The program that the kernel
 * names decides: an execve that failed leaves the old one.
 */
static void check_hook(struct keeper *k, struct person *p)
{
    char exe[PATH_MAX];
    const char *name;

    if (!p->python || p->hooked || p->warned || !target_link(p->pid, "exe", exe, sizeof exe))
        return;
    name = strrchr(exe, '/');
    if (!name || strncmp(name, "/python", 7) != 0)
        return;
    p->warned = true;
    tell_plain(&k->teller, EVENT_UNHOOKED, (uint32_t)p->pid, exe, "", 0);
}

void keeper_tell(struct keeper *k, pid_t tid, const struct call_event *c)
{
    struct person *p = crowd_meet(k, tid);
    struct watch_event e = { .kind = c->kind,
                             .flags = c->flags,
                             .pid = p ? (uint32_t)p->pid : (uint32_t)tid,
                             .number = c->number,
                             .subject = span_text(c->subject),
                             .detail = span_text(c->detail) };

    if (p && is_announced(c->kind))
        check_hook(k, p);
    e.frames = frames_for(k, p, tid, c->kind, &e.flags);
    if (!KEEPER_NO_MODULE(k) && k->modules[k->current].sub)
        e.flags |= EVENT_SUBMODULE;
    tell(&k->teller, &e);
}

/* ---- who is there, and who no longer is ---- */

bool crowd_is_over(const struct person *p)
{
    struct pollfd f = { .fd = p->pidfd, .events = POLLIN };

    return poll(&f, 1, 0) == 1;
}

static void tell_end(struct keeper *k, const struct person *p)
{
    struct watch_event e = { .kind = EVENT_END,
                             .pid = (uint32_t)p->pid,
                             .number = p->reaped ? (uint64_t)p->status : UINT64_MAX,
                             .subject = SPAN_EMPTY,
                             .detail = SPAN_EMPTY,
                             .frames = SPAN_EMPTY };

    tell(&k->teller, &e);
}

void crowd_sweep(struct keeper *k)
{
    for (size_t i = 0; i < k->crowd.n; i++) {
        struct person *p = &k->crowd.people[i];

        if (p->pidfd == -1 || !crowd_is_over(p))
            continue;
        tell_end(k, p);
        (void)close(p->pidfd);
        k->crowd.unproved -= p->unproved ? 1 : 0;
        p->unproved = false;
        p->pidfd = -1;
    }
}

/* Pages that a process has in memory. */
static uint64_t resident(pid_t pid)
{
    char path[64], text[128];
    unsigned long long all = 0, there = 0;
    FILE *f;

    (void)snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    f = fopen(path, "re");
    if (!f)
        return 0;
    if (!fgets(text, sizeof text, f) || sscanf(text, "%llu %llu", &all, &there) != 2)
        there = 0;
    (void)fclose(f);
    return there;
}

/* Without a pid namespace there are others than those of the world. */
static void descendants_each(struct keeper *k, void (*each)(struct keeper *k, pid_t pid))
{
    size_t n;
    pid_t *all = world_descendants(&n);

    for (size_t i = 0; all && i < n; i++)
        each(k, all[i]);
    free(all);
}

void crowd_each(struct keeper *k, void (*each)(struct keeper *k, pid_t pid))
{
    DIR *dir = k->plan->world.weak ? NULL : opendir("/proc");
    struct dirent *d;

    if (k->plan->world.weak)
        descendants_each(k, each);
    while (dir && (d = readdir(dir))) {
        pid_t pid = (pid_t)strtol(d->d_name, NULL, 10);

        if (pid > 1 && pid != getpid())
            each(k, pid);
    }
    if (dir)
        (void)closedir(dir);
}

static void count_one(struct keeper *k, pid_t pid)
{
    k->people++;
    k->memory += resident(pid) * (uint64_t)sysconf(_SC_PAGESIZE);
    k->work_ns += target_work_ns(pid);
}

void crowd_count(struct keeper *k)
{
    k->people = 0;
    k->memory = k->work_ns = 0;
    crowd_each(k, count_one);
}

/* ---- bait ---- */

/* The announcement that a file was about to be opened, the latest. */
static const struct note *open_note(const struct crowd *c, const char *path)
{
    const struct note *best = NULL;
    size_t n = strlen(path);

    for (size_t i = 0; i < c->notes_n; i++) {
        const struct note *at = &c->notes[i];
        size_t len = strlen(at->argument);

        if (len >= n && strcmp(at->argument + len - n, path) == 0 &&
            (!best || at->at_us > best->at_us))
            best = at;
    }
    return best;
}

/* The process that runs another program than Python, met last. */
static const struct person *latest_stranger(const struct crowd *c)
{
    for (size_t i = c->n; i-- > 0;)
        if (c->people[i].pidfd != -1 && !c->people[i].python)
            return &c->people[i];
    return NULL;
}

void crowd_honey(struct keeper *k, const char *what, const char *path)
{
    const struct note *n = open_note(&k->crowd, path);
    const struct person *p = n ? NULL : latest_stranger(&k->crowd);
    struct watch_event e = { .kind = EVENT_HONEY_READ,
                             .pid =
                                 n ? (uint32_t)target_process(n->tid) : (p ? (uint32_t)p->pid : 0),
                             .subject = span_text(what),
                             .detail = SPAN_EMPTY,
                             .frames = SPAN_EMPTY };

    if (n)
        e.frames = span_of(n->frames, n->frames_n);
    else if (p && p->origin)
        e.frames = span_of(p->origin, p->origin_n);
    if (!KEEPER_NO_MODULE(k) && k->modules[k->current].sub)
        e.flags |= EVENT_SUBMODULE;
    tell(&k->teller, &e);
}
