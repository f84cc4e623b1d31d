/*
 * The keeper: pid 1 of the world, which starts the watched, answers their notified calls,
 * and tells the parent what happened. What its files share.
 *
 * keeper.c leads: install, passes, effects. supervise.c waits for whatever comes next.
 * calls.c answers notified calls; waits.c and delays.c those that wait for time to go by, drift.c
 * moves the clocks of the world when they do. target.c reads other processes. places.c knows paths.
 * crowd.c knows processes and what their audit hooks said. hidden.c looks for what is in no list.
 * tell.c writes events. effects.c compares the file system with what it was. weak.c and weak_net.c
 * do what must not be left to the kernel where there are no namespaces.
 *
 * Paths are told as the world has them, "/home/alex/x"; world_path() says where to find them.
 */
#ifndef PRATIQUE_WATCH_KEEPER_H
#define PRATIQUE_WATCH_KEEPER_H

#include <limits.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sys/types.h>
#include <time.h>

#include "base/buf.h"
#include "watch/hook/protocol.h"
#include "watch/plan.h"
#include "watch/wheel.h"

/* ---- tell.c: events to the parent ---- */

struct teller {
    int out;
    uint64_t begun_us;
    uint32_t pass, events;
    uint16_t late[EVENTS]; /* told of each kind since there were too many */
    bool gone;             /* nobody listens any more */
    bool full;
};

/* Writes e; time and pass are filled in unless e is of the sink. */
void tell(struct teller *t, const struct watch_event *e) NONNULL;
/* An event of kind and texts alone. */
void tell_plain(struct teller *t, enum event_kind kind, uint32_t pid, const char *subject,
                const char *detail, uint64_t number) NONNULL;
uint64_t tell_now_us(const struct teller *t) NONNULL;
/* Whether the parent is still there to listen. */
bool tell_is_heard(const struct teller *t) NONNULL;

/* ---- crowd.c: processes, threads, and what the hooks said ---- */

#define CROWD_PEOPLE_MAX  4096
#define CROWD_THREADS_MAX 4096

/* The last thing that a thread's audit hook announced. */
struct note {
    pid_t tid;
    char event[32];
    char argument[256]; /* its first */
    char frames[EVENT_FRAMES_MAX];
    uint16_t frames_n;
    uint64_t at_us;
};

/* What a process runs. */
struct exe {
    uint64_t dev, ino, arguments; /* the last: a hash; 0: not known */
};

struct person {
    pid_t pid, parent;
    int pidfd;   /* -1: it is gone */
    bool runner; /* the process that imports */
    bool hooked; /* Python, and its audit hook said hello since its last exec */
    bool python; /* its program is a Python */
    bool warned; /* EVENT_UNHOOKED was told */
    bool alarm;  /* it asked for a signal far in the future */
    bool reaped; /* status is known */
    int status;
    uint32_t origin_n; /* frames of the call that started it */
    char *origin;
    /* What it was last told to run; unproved: nobody has seen yet that it did. */
    bool unproved;
    struct exe told, was;
    uint64_t clock; /* address of its struct hook_clock; 0: it has none */
};

struct crowd {
    struct person *people;
    size_t n, size;
    struct note *notes;
    size_t notes_n, notes_size;
    size_t unproved; /* people of whom it is not known whether they run what they were told to */
};

void crowd_free(struct crowd *c) NONNULL;

/* ---- the keeper itself ---- */

#define KEEPER_LISTENERS_MAX 64
#define KEEPER_WAITS_MAX     64
#define OUTPUT_MAX           ((uint64_t)16 * 1024 * 1024) /* printed by the watched */

/* A call that waits: answered when a descriptor is ready, or as if its time had passed. */
struct wait {
    int listener; /* -1: free */
    uint64_t id;
    uint64_t until_us; /* held back for so long, */
    uint64_t limit_us; /* and until then if others are at work */
    uint64_t due_ns;   /* when its time is over: drift_now() */
    uint64_t ns;       /* what it asked for */
    uint64_t look_us;  /* when to look for signals */
    int fds[8];        /* copies of what it waits for; -1 */
    short events[8];
    pid_t tid;
    uint64_t word_at; /* of a futex: address, and the value that is waited on */
    uint32_t word;
    uint64_t signals; /* that it takes; 0: it waits for none */
    int error;        /* what it gets when the time is over: 0, or ETIMEDOUT */
    bool course;      /* the runner's own: until no short wait of its threads stands, delays.c */
};

/* A deadline in the memory of a thread that was put right. */
struct corrected {
    pid_t tid;
    uint64_t address, ns;
};

/* A wait of a thread of the runner that is too short to be skipped. */
struct delay {
    pid_t tid;
    int nr;
    uint64_t first, until_us; /* the call's first argument */
};
#define KEEPER_DELAYS_MAX 64

/* A module to import. */
struct task_module {
    const char *name;
    bool sub;    /* beyond the import roots */
    bool listed; /* the runner was told to import it */
    bool done;   /* its import was begun */
};

struct stream {
    int fd; /* -1: closed */
    uint64_t bytes;
    char head[EVENT_DETAIL_MAX];
    size_t head_n;
};

/* What is known of a file before the watched ran. */
struct seen_file {
    const char *path;
    uint64_t ino, size;
    int64_t mtime_ns, ctime_ns;
    uint32_t mode;
    bool met; /* it was there afterwards */
};

struct snapshot {
    struct arena *arena;
    const struct world_config *world;
    struct seen_file *files; /* in the order in which they were met */
    size_t n, size;
    size_t next; /* the one after that which was met again last */
    struct seen_file **by_path;
};

struct honey_watch {
    int wd;
    const char *what; /* "~/.aws/credentials" */
    const char *path;
    bool told;
};

/* ---- weak_net.c ---- */

#define WEAK_SOCKETS_MAX 512

/* A socket of the watched, made by the keeper, who keeps a copy. */
struct weak_socket {
    uint64_t ino;
    int fd, family, type;
    unsigned missed; /* looks at all descriptors that did not find it */
    bool listens;
    const char *bound;         /* the path of the world, of a unix socket */
    struct sockaddr_in6 meant; /* what its port is told to mean, if any */
};

struct keeper {
    const struct watch_plan *plan;
    const struct world_layer *layers;
    struct teller teller;
    struct arena arena;
    struct crowd crowd;
    int control;                  /* to the sink; -1: it is gone */
    bool sink_told;               /* it was told to end */
    uint8_t tcp[8192], udp[8192]; /* bit set: the sink listens there */
    int listeners[KEEPER_LISTENERS_MAX];
    size_t listeners_n;
    struct wait waits[KEEPER_WAITS_MAX];
    struct stream streams[2];
    int inotify, signals;
    struct honey_watch *honey;
    size_t honey_n;
    struct task_module *modules;
    size_t modules_n;
    size_t current;    /* module being imported, or modules_n */
    size_t found;      /* module that was last named */
    pid_t runner;      /* 0: it has ended */
    bool runner_begun; /* its program was started */
    int runner_status;
    bool ending;       /* all imports are done: the grace period */
    bool apart;        /* each top-level package has an interpreter of its own */
    bool contradicted; /* marks of the runner made no sense */
    bool convicted;    /* a grave thing was seen: no second pass is needed */
    bool over;         /* a limit ended it */
    bool hung;         /* an import took too long, and everything was killed */
    bool as_root;
    bool ci;              /* the second pass */
    struct snapshot site; /* the environment as it was installed; one that changed is no more */
    uint64_t import_until_us, total_until_us, tick_us;
    uint64_t pass_wall_us;              /* CLOCK_REALTIME when the pass began */
    uint32_t sleeps;                    /* skipped */
    uint32_t late_sleeps, late_moments; /* skipped when all imports were done */
    struct delay delays[KEEPER_DELAYS_MAX];
    size_t delays_n;         /* in all: the newest take the places of the oldest */
    uint64_t timer_until_us; /* when the last timer that was set to a moment has run */
    uint32_t ticks;
    uint64_t hidden_memory; /* as it was counted last */
    size_t outlive;         /* told of as outliving the runner */
    uint64_t leap_us;       /* when the clocks move on for a timer that was; 0: never */
    uint64_t leap_due_ns;   /* and to when */
    uint64_t ahead_ns;      /* of the kernel's clocks: drift.c */
    struct corrected corrected[256];
    size_t corrected_at;
    size_t people; /* alive; the memory they have, the processor time they had: crowd_count() */
    uint64_t memory, work_ns;
    uint64_t worked_ns, measured_us;              /* as of the last tick */
    uint64_t busy_us;                             /* when they were last seen at work */
    uint64_t asleep_us;                           /* a short sleep lasts until then */
    struct weak_socket sockets[WEAK_SOCKETS_MAX]; /* in a weak world */
    size_t sockets_n;
    uint16_t sink_port; /* of datagrams, once it is known */
    uint64_t disk_us;   /* when it was looked how full the folders are */
};

#define KEEPER_NO_MODULE(k) ((k)->current == (k)->modules_n)

/* tells an event of pid with the frames that fit; see crowd.c */
struct call_event {
    enum event_kind kind;
    uint32_t flags;
    uint64_t number;
    const char *subject, *detail;
};
void keeper_tell(struct keeper *k, pid_t tid, const struct call_event *e) NONNULL;

/* The process of a thread, as a person; NULL: the crowd is full or it is gone. */
struct person *crowd_meet(struct keeper *k, pid_t tid) NONNULL;
struct person *crowd_find(struct crowd *c, pid_t pid) NONNULL;
/* A record of the audit hook: keeps it as the thread's note. */
void crowd_note(struct keeper *k, pid_t tid, struct span record) NONNULL;
/* The process is about to run another program. */
void crowd_exec(struct keeper *k, struct person *p, bool python) NONNULL;
/* A planted file was opened: what ("~/.netrc"), below the home at path (".netrc"). */
void crowd_honey(struct keeper *k, const char *what, const char *path) NONNULL;
/* Whether it has ended, though nobody may have asked how yet. */
bool crowd_is_over(const struct person *p) NONNULL;
/* Looks for processes that are gone; tells their end. */
void crowd_sweep(struct keeper *k) NONNULL;
/* Counts the processes of the world that are alive, the keeper apart: people, memory, work_ns. */
void crowd_count(struct keeper *k) NONNULL;
/* Calls each for every process that is alive. */
void crowd_each(struct keeper *k, void (*each)(struct keeper *k, pid_t pid)) NONNULL;

/* ---- target.c ---- */

/* Reads n bytes at address of a thread's memory; false when they are not all there. */
bool target_read(pid_t tid, uint64_t address, void *to, size_t n) NONNULL MUST_CHECK;
/* Reads a NUL-terminated text of at most size-1 bytes; false when it cannot be read or is longer.
 */
bool target_text(pid_t tid, uint64_t address, char *to, size_t size) NONNULL MUST_CHECK;
/* Writes n bytes to address of a thread's memory; false when they cannot all be written. */
bool target_write(pid_t tid, uint64_t address, const void *from, size_t n) NONNULL MUST_CHECK;
pid_t target_process(pid_t tid) MUST_CHECK; /* its thread group, or 0 */
/* Processor time that a process had, in nanoseconds. */
uint64_t target_work_ns(pid_t pid);
/* Signals that wait for the thread: of those in set, or, where set is 0, those it does not block.
 */
uint64_t target_signals(pid_t tid, uint64_t set);
/* The link /proc/TID/what ("exe", "cwd", "fd/3") into to, size bytes; false when there is none. */
bool target_link(pid_t tid, const char *what, char *to, size_t size) NONNULL MUST_CHECK;
/* A copy of the thread's descriptor, or -1. */
int target_descriptor(pid_t tid, int fd) MUST_CHECK;
/* The process that a descriptor of pidfd_open(2) means, or 0. */
pid_t target_pidfd(pid_t tid, int fd) MUST_CHECK;
/* The call that a thread is in, and its first argument; false when it runs. */
bool target_call(pid_t tid, int *nr, uint64_t *first) NONNULL MUST_CHECK;
/* Parent of a process, or 0. */
pid_t target_parent(pid_t pid);
/* What it was started with, each ended by NUL; the bytes, or -1. */
ssize_t target_arguments(pid_t pid, char *to, size_t size) NONNULL MUST_CHECK;
/* "python3 -c ..." of a process: its arguments, joined. */
void target_command(pid_t pid, char *to, size_t size) NONNULL;

/* ---- places.c ---- */

/*
 * The path that a thread means by (folder, name): absolute, without links as far as it
 * exists; "pipe:[7]" and the like where a link of /proc leads to no path. folder is a descriptor
 * of its, or AT_FDCWD. False when it is too long, or the folder cannot be known.
 */
bool place_resolve(const struct keeper *k, pid_t tid, int folder, const char *name, bool follow,
                   char to[PATH_MAX]) NONNULL;
/* Paths in a text become those of the world: a weak world's place is left out. */
void place_told(const struct keeper *k, char *text) NONNULL;
/* Where it lies: PATH_* */
uint32_t place_flags(const struct keeper *k, const char *path) NONNULL;
/* Whether a link of /proc led to what has no name (any more): "/memfd:x (deleted)". */
bool place_is_nameless(const char *path) NONNULL;
/* Whether the watched wrote it: it lies in a writable folder, and not in what was installed. */
bool place_is_written(const struct keeper *k, const char *path) NONNULL;
bool place_has_canary(const struct keeper *k, const char *path) NONNULL;

/* ---- calls.c, waits.c ---- */

/* Receives one notification from a listener and answers it; false when there was none. */
bool calls_serve(struct keeper *k, int listener) NONNULL;
/* Answers: lets the call go on, or ends it with value or -error. */
void calls_go_on(int listener, uint64_t id);
void calls_end(int listener, uint64_t id, int64_t value, int error);
/* A call that waits for time. True: it is answered, now or later. */
bool waits_take(struct keeper *k, int listener, const struct seccomp_notif *n) NONNULL;
/* Answers those whose time or descriptors have come. */
void waits_sweep(struct keeper *k) NONNULL;
/* Milliseconds until the next sweep, at most so many. */
int waits_next_ms(const struct keeper *k, int at_most) NONNULL;
void waits_forget(struct keeper *k, int listener) NONNULL;
/* Answers the call with 0 when no short wait stands any more, some seconds hence at the latest. */
void waits_hold(struct keeper *k, int listener, uint64_t id) NONNULL;
/* Tells of a wait that was cut short. */
void waits_tell(struct keeper *k, pid_t tid, uint64_t ms) NONNULL;

/* ---- delays.c: what waits for less, or by a timer ---- */

/* Remembers a wait that goes on. */
void delays_note(struct keeper *k, const struct seccomp_notif *n, uint64_t ms) NONNULL;
/* Whether a thread of the runner is still in one, or a timer of its has still to run. */
bool delays_stand(const struct keeper *k) NONNULL;
/* A call that sets a timer, or how long a socket waits. True: it is answered. */
bool delays_take(struct keeper *k, int listener, const struct seccomp_notif *n) NONNULL;

/* ---- hidden.c: what is in no list ---- */

/* Tells of native code of the process that the watched wrote, however it was loaded. */
void hidden_code(struct keeper *k, pid_t pid) NONNULL;
/* Memory that is in no process: files without a name, shared segments of System V. */
uint64_t hidden_memory(struct keeper *k) NONNULL;

/* ---- drift.c ---- */

/* When a call's time is over. */
struct deadline {
    uint64_t address; /* of the timespec */
    uint64_t ns;      /* by the kernel's clock */
    uint64_t rest;    /* nanoseconds until then */
    bool ahead;       /* in memory it is by the world's clock, which the kernel does not know */
};

uint64_t drift_ns_of(const struct timespec *t) NONNULL;
/* Nanoseconds of the world's CLOCK_MONOTONIC. */
uint64_t drift_now(const struct keeper *k) NONNULL;
/* Moves the clocks of all processes on. */
void drift_jump(struct keeper *k, uint64_t ns) NONNULL;
/* A process says where its clock is. */
void drift_told(struct keeper *k, pid_t tid, uint64_t address) NONNULL;
/* Reads an absolute timespec of the clock; false when it cannot be read. */
bool drift_deadline(const struct keeper *k, pid_t tid, uint64_t address, clockid_t clock,
                    struct deadline *out) NONNULL MUST_CHECK;
/* Makes the kernel wait until then; false when the memory cannot be written. */
bool drift_correct(struct keeper *k, pid_t tid, const struct deadline *d) NONNULL MUST_CHECK;
/* The same for the absolute itimerspec of a timer that is about to be set. */
void drift_timer(struct keeper *k, pid_t tid, uint64_t address) NONNULL;

/* ---- sinkhole: the sink's side of the keeper ---- */

/* Makes sure that the sink listens on the port; waits for its word. */
void sinkhole_want(struct keeper *k, bool tcp, uint16_t port) NONNULL;
/* Reads what the sink has to tell. */
void sinkhole_read(struct keeper *k) NONNULL;
/*
 * A pass begins, or is over: waits until the sink has told of all that went out before. A sink
 * that does not is told of, and the watch is not complete.
 */
void sinkhole_pass(struct keeper *k) NONNULL;
/* No more is to come: the sink tells what it still holds, and ends. */
void sinkhole_end(struct keeper *k) NONNULL;
/* In a weak world: what comes from peer, a port of 127.0.0.1, is meant for to. The port to send
 * it to; 0: the sink does not answer. */
uint16_t sinkhole_meant(struct keeper *k, bool tcp, uint16_t peer,
                        const struct sockaddr_in6 *to) NONNULL;

/* ---- weak.c, weak_net.c ---- */

/* Whether the process descends from the keeper. */
bool weak_is_watched(pid_t pid);
/* Whether a folder has more in it than it may; looked at once in a while. */
bool weak_is_full(struct keeper *k) NONNULL;
/* Forgets the sockets that no process has any more. */
void weak_net_sweep(struct keeper *k) NONNULL;
/* Forgets all of them, and hears what the sink has to say of them. Nobody is left. */
void weak_net_end(struct keeper *k) NONNULL;
/*
 * Opens what a path of the world is, an O_PATH descriptor: below a writable folder of the place,
 * whatever is done to its folders meanwhile, and never through a link. last: NULL, or room for the
 * last part of the path, which need not be there; its folder is opened then. -1 with errno.
 */
int weak_open(const struct keeper *k, const char *path, char last[NAME_MAX + 1])
    __attribute__((nonnull(1, 2)));

/* ---- supervise.c ---- */

/* Serves until the runner has ended, everything it started as well or the grace period over. */
void supervise(struct keeper *k) NONNULL;
void supervise_listen(struct keeper *k, int listener) NONNULL;

/* ---- effects.c ---- */

/* Adds what is below folder; false without memory, or when there is far too much. */
bool snapshot_take(struct snapshot *s, const char *folder) NONNULL;
void snapshot_free(struct snapshot *s) NONNULL;
/* Tells what is new or differs below folder: EVENT_LEFT. True when anything does. */
bool snapshot_compare(struct keeper *k, struct snapshot *s, const char *folder) NONNULL;
/* Tells what no comparison has met, and true when that is anything; may be compared again. */
bool snapshot_gone(struct keeper *k, struct snapshot *s) NONNULL;

/* ---- keeper.c, command.c ---- */

/* Starts what imports, or the command; and ends all that is left of it. */
bool runner_start(struct keeper *k) NONNULL;
void runner_clear(struct keeper *k) NONNULL;
/* What a command finds in the folders that it may write; and its course. */
bool command_folders(struct keeper *k) NONNULL;
bool command_run(struct keeper *k) NONNULL;
void command_hand_over(struct keeper *k) NONNULL;

/* ---- unpack.c ---- */

/* Installs what the plan says, in a locked child; fills modules. False: it was told why. */
bool unpack(struct keeper *k) NONNULL;

/* ---- compile.c ---- */

/* A process that waits for the names of modules; names: where they are written to. */
struct compiler {
    pid_t pid;
    int names;
};

/*
 * Compiles what the modules import, as far as it is seen: begun before there are any, so that
 * the interpreter starts aside. Whatever goes wrong costs time alone.
 */
struct compiler compile_begin(const struct keeper *k) NONNULL;
void compile_end(const struct keeper *k, struct compiler *c) NONNULL;

#endif
