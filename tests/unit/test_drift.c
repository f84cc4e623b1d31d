/* src/watch/drift.c: the clocks of a world, and deadlines that were reckoned by them. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"
#include "watch/keeper.h"

#define S          UINT64_C(1000000000)
#define PAGE_BYTES 4096

static struct keeper *keeper_new(void)
{
    static const struct watch_plan plan;
    struct keeper *k = calloc(1, sizeof *k);

    if (!k)
        abort();
    k->plan = &plan;
    k->teller.gone = true; /* nobody is to be told */
    return k;
}

static void keeper_free(struct keeper *k)
{
    crowd_free(&k->crowd);
    free(k);
}

/* A page that this process and its children share. */
static void *page_new(void)
{
    void *p = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED)
        abort();
    return p;
}

static pid_t child_new(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); /* whatever becomes of the test */
        (void)pause();
        _exit(0);
    }
    return pid;
}

static void child_end(pid_t pid)
{
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
}

static uint64_t at(const void *p)
{
    return (uint64_t)(uintptr_t)p;
}

TEST(drift_moves_the_clocks_of_all)
{
    struct hook_clock *c = page_new();
    struct keeper *k = keeper_new();
    pid_t told = child_new(), copy = child_new();

    *c = (struct hook_clock){ HOOK_CLOCK_MAGIC, 0 };
    drift_told(k, told, at(c));
    CHECK(c->ahead_ns == 0, "%llu", (unsigned long long)c->ahead_ns);
    drift_jump(k, 60 * S);
    drift_jump(k, 5 * S);
    CHECK(c->ahead_ns == 65 * S, "%llu", (unsigned long long)c->ahead_ns);
    child_end(told);
    drift_jump(k, S);
    CHECK(c->ahead_ns == 66 * S, "a process that was never met has its clock at the same place");
    drift_jump(k, UINT64_MAX);
    CHECK(c->ahead_ns == 400 * 24 * 3600 * S, "there is a most");
    drift_jump(k, UINT64_MAX);
    CHECK(c->ahead_ns == 400 * 24 * 3600 * S, "there is a most");
    child_end(copy);
    keeper_free(k);
    (void)munmap(c, PAGE_BYTES);
}

TEST(drift_writes_to_clocks_alone)
{
    struct hook_clock *c = page_new();
    struct keeper *k = keeper_new();
    pid_t told = child_new();

    *c = (struct hook_clock){ HOOK_CLOCK_MAGIC + 1, 7 };
    drift_jump(k, 60 * S);
    drift_told(k, told, at(c));
    drift_jump(k, 60 * S);
    CHECK(c->ahead_ns == 7, "no clock of ours");
    drift_told(k, told, 1);
    drift_told(k, told, UINT64_MAX - 3);
    drift_jump(k, 60 * S);
    c->magic = HOOK_CLOCK_MAGIC;
    drift_told(k, told, at(c));
    CHECK(c->ahead_ns == 180 * S, "a new program has the time of the world at once");
    child_end(told);
    keeper_free(k);
    (void)munmap(c, PAGE_BYTES);
}

static struct timespec from_now(clockid_t clock, uint64_t ns)
{
    struct timespec t;

    (void)clock_gettime(clock, &t);
    ns += drift_ns_of(&t);
    return (struct timespec){ (time_t)(ns / S), (long)(ns % S) };
}

static bool about(uint64_t ns, uint64_t want)
{
    return ns <= want && ns + S > want; /* a test's machine may be slow */
}

TEST(drift_deadlines)
{
    static const struct {
        const char *what;
        clockid_t clock;
        uint64_t ahead, then, rest;
        bool is_ahead;
    } rows[] = {
        { "no drift", CLOCK_MONOTONIC, 0, 30, 30, false },
        { "no drift, over", CLOCK_MONOTONIC, 0, 0, 0, false },
        { "by the world's clock", CLOCK_MONOTONIC, 3600, 3630, 30, true },
        { "of the day", CLOCK_REALTIME, 3600, 3630, 30, true },
        { "of the boot", CLOCK_BOOTTIME, 3600, 3630, 30, true },
        { "over by the world's clock", CLOCK_MONOTONIC, 3600, 3598, 0, true },
        { "by the kernel's own clock", CLOCK_MONOTONIC, 3600, 4, 4, false },
        { "work is not time", CLOCK_PROCESS_CPUTIME_ID, 3600, 3630, 3630, false },
        { "far away", CLOCK_MONOTONIC, 3600, UINT64_C(1) << 30, (UINT64_C(1) << 30) - 3600, true },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct keeper *k = keeper_new();
        struct timespec t = from_now(rows[i].clock, rows[i].then * S);
        struct deadline d;

        k->ahead_ns = rows[i].ahead * S;
        CHECK(drift_deadline(k, getpid(), at(&t), rows[i].clock, &d), "%s", rows[i].what);
        CHECK(d.ahead == rows[i].is_ahead && about(d.rest, rows[i].rest * S), "%s: %d, %llu",
              rows[i].what, d.ahead, (unsigned long long)d.rest);
        keeper_free(k);
    }
}

TEST(drift_corrects_once)
{
    struct timespec *t = page_new();
    struct keeper *k = keeper_new();
    struct deadline d;
    uint64_t was;

    k->ahead_ns = 6 * S; /* so little that the nearer clock says nothing */
    *t = from_now(CLOCK_MONOTONIC, 10 * S);
    was = drift_ns_of(t);
    CHECK(drift_deadline(k, getpid(), at(t), CLOCK_MONOTONIC, &d) && d.ahead, "ahead");
    CHECK(drift_correct(k, getpid(), &d) && drift_ns_of(t) == was - 6 * S, "put right");
    CHECK(drift_deadline(k, getpid(), at(t), CLOCK_MONOTONIC, &d) && !d.ahead, "known");
    CHECK(drift_correct(k, getpid(), &d) && drift_ns_of(t) == was - 6 * S, "left as it is");
    *t = from_now(CLOCK_MONOTONIC, 10 * S);
    CHECK(drift_deadline(k, getpid(), at(t), CLOCK_MONOTONIC, &d) && d.ahead, "a new one");
    CHECK(mprotect(t, PAGE_BYTES, PROT_READ) == 0, "mprotect");
    CHECK(!drift_correct(k, getpid(), &d), "that cannot be written");
    CHECK(!drift_deadline(k, getpid(), 0, CLOCK_MONOTONIC, &d) && d.rest == 0, "none");
    CHECK(!drift_deadline(k, getpid(), 1, CLOCK_MONOTONIC, &d) && d.rest == 0, "unreadable");
    keeper_free(k);
    (void)munmap(t, PAGE_BYTES);
}

TEST(drift_timers)
{
    struct keeper *k = keeper_new();
    struct itimerspec v = { { 1, 0 }, from_now(CLOCK_REALTIME, 100 * S) };
    uint64_t was = drift_ns_of(&v.it_value);

    drift_timer(k, getpid(), at(&v));
    CHECK(drift_ns_of(&v.it_value) == was, "no drift");
    k->ahead_ns = 60 * S;
    drift_timer(k, getpid(), at(&v));
    CHECK(drift_ns_of(&v.it_value) == was - 60 * S && v.it_interval.tv_sec == 1, "of the day");
    v.it_value = from_now(CLOCK_MONOTONIC, 100 * S);
    was = drift_ns_of(&v.it_value);
    drift_timer(k, getpid(), at(&v));
    CHECK(drift_ns_of(&v.it_value) == was - 60 * S, "since the start");
    v.it_value = (struct timespec){ 0 };
    drift_timer(k, getpid(), at(&v));
    CHECK(drift_ns_of(&v.it_value) == 0, "a timer that is stopped");
    keeper_free(k);
}
