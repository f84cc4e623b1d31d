/*
 * Privileges, descriptors and resource limits: prctl(2), capset(2),
 * close_range(2), setrlimit(2). Landlock and seccomp have files of their own.
 */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Where the host's stack may grow without end, so would that of a parser gone astray. */
#define STACK_BYTES ((uint64_t)8 * 1024 * 1024)

void sandbox_set(struct sandbox_layer *layer, bool active, const char *fmt, ...)
{
    va_list ap;

    layer->active = active;
    va_start(ap, fmt);
    (void)vsnprintf(layer->detail, sizeof layer->detail, fmt, ap);
    va_end(ap);
}

const char *sandbox_layer_name(enum sandbox_layer_id id)
{
    static const char *const names[SANDBOX_LAYERS] = {
        [SANDBOX_PRIVILEGES] = "no-new-privs", [SANDBOX_DESCRIPTORS] = "descriptors",
        [SANDBOX_RLIMITS] = "rlimits",         [SANDBOX_LANDLOCK] = "landlock",
        [SANDBOX_SECCOMP] = "seccomp",
    };

    return (unsigned)id < SANDBOX_LAYERS ? names[id] : "?";
}

/* Gives up every capability but those in keep; a process that has none loses nothing. */
static bool drop_capabilities(uint32_t keep)
{
    struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct have[_LINUX_CAPABILITY_U32S_3], left[_LINUX_CAPABILITY_U32S_3];

    memset(left, 0, sizeof left);
    if (syscall(SYS_capget, &head, have) != 0)
        return false;
    left[0].effective = left[0].permitted = have[0].permitted & keep;
    return syscall(SYS_capset, &head, left) == 0;
}

static void give_up(struct sandbox_layer *layer, int parent, uint32_t keep)
{
    const char *failed = NULL;

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        failed = "no new privileges";
    else if (!drop_capabilities(keep))
        failed = "dropping capabilities";
    else if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        failed = "not being dumpable";
    else if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
        failed = "dying with the parent";
    else if (getppid() != parent)
        failed = "the parent is gone";
    if (failed)
        sandbox_set(layer, false, "%s: %s", failed, strerror(errno));
    else
        sandbox_set(layer, true, "%s, not dumpable",
                    keep ? "no capability but to bind ports" : "no capabilities");
}

void sandbox_privileges(struct sandbox_layer *layer, int parent)
{
    give_up(layer, parent, 0);
}

void sandbox_privileges_server(struct sandbox_layer *layer, int parent)
{
    give_up(layer, parent, 1u << CAP_NET_BIND_SERVICE);
}

/* A sanitizer writes its report to standard error. */
static bool close_others(void)
{
    unsigned from = SANDBOX_CHANNEL + 1;

    if (SANDBOX_SANITIZED) {
        (void)close(STDOUT_FILENO);
        from = STDERR_FILENO + 1;
    }
    return syscall(SYS_close_range, from, ~0u, 0) == 0;
}

void sandbox_descriptors(struct sandbox_layer *layer, int channel)
{
    if (channel != SANDBOX_CHANNEL && dup2(channel, SANDBOX_CHANNEL) == -1)
        sandbox_set(layer, false, "dup2: %s", strerror(errno));
    else if (!close_others())
        sandbox_set(layer, false, "close_range: %s", strerror(errno));
    else
        sandbox_set(layer, true, "one socket%s", SANDBOX_SANITIZED ? ", standard error" : "");
}

bool sandbox_limit(int what, uint64_t soft, uint64_t hard)
{
    struct rlimit now, want = { soft, hard };

    if (getrlimit((__rlimit_resource_t)what, &now) != 0)
        return false;
    want.rlim_max = now.rlim_max < want.rlim_max ? now.rlim_max : want.rlim_max;
    want.rlim_cur = want.rlim_max < want.rlim_cur ? want.rlim_max : want.rlim_cur;
    return setrlimit((__rlimit_resource_t)what, &want) == 0;
}

void sandbox_rlimits(struct sandbox_layer *layer, const struct sandbox_limits *limits)
{
    /* A sanitizer's shadow memory counts as data: it cannot be bounded here. */
    bool data = limits->memory_bytes && !SANDBOX_SANITIZED;
    uint64_t cpu = limits->cpu_seconds;
    const char *failed = NULL;

    if (!sandbox_limit(RLIMIT_CORE, 0, 0))
        failed = "core";
    else if (!sandbox_limit(RLIMIT_FSIZE, 0, 0))
        failed = "fsize";
    else if (!sandbox_limit(RLIMIT_NPROC, 0, 0))
        failed = "nproc";
    else if (!sandbox_limit(RLIMIT_NOFILE, limits->descriptors, limits->descriptors))
        failed = "nofile";
    else if (!sandbox_limit(RLIMIT_STACK, STACK_BYTES, STACK_BYTES))
        failed = "stack";
    else if (cpu && !sandbox_limit(RLIMIT_CPU, cpu,
                                   cpu + 1)) /* SIGXCPU first: it tells more than SIGKILL */
        failed = "cpu";
    else if (data && !sandbox_limit(RLIMIT_DATA, limits->memory_bytes, limits->memory_bytes))
        failed = "data";
    if (failed)
        sandbox_set(layer, false, "%s: %s", failed, strerror(errno));
    else if (data)
        sandbox_set(layer, true, "data %llu MiB, no files, no processes, no core",
                    (unsigned long long)(limits->memory_bytes >> 20));
    else
        sandbox_set(layer, true, "no files, no processes, no core; data unbounded%s",
                    SANDBOX_SANITIZED ? " (a sanitizer's build)" : "");
}

void sandbox_lock(struct sandbox_layer *layers, int channel, int parent,
                  const struct sandbox_limits *limits)
{
    sandbox_privileges(&layers[SANDBOX_PRIVILEGES], parent);
    sandbox_descriptors(&layers[SANDBOX_DESCRIPTORS], channel);
    sandbox_landlock(&layers[SANDBOX_LANDLOCK]); /* opens a descriptor: before rlimits */
    sandbox_rlimits(&layers[SANDBOX_RLIMITS], limits);
    sandbox_seccomp(&layers[SANDBOX_SECCOMP]);
}

void sandbox_lock_server(struct sandbox_layer *layers, int channel, int parent,
                         const struct sandbox_limits *limits)
{
    sandbox_privileges_server(&layers[SANDBOX_PRIVILEGES], parent);
    sandbox_descriptors(&layers[SANDBOX_DESCRIPTORS], channel);
    sandbox_landlock_server(&layers[SANDBOX_LANDLOCK]);
    sandbox_rlimits(&layers[SANDBOX_RLIMITS], limits);
    sandbox_seccomp_server(&layers[SANDBOX_SECCOMP]);
}
