/* See blame.h. */
#include "scan/blame.h"

#include <string.h>

static const struct {
    int signal;
    enum fact_kind kind;
    const char *text;
} reasons[] = {
    { SIGBUS, FACT_CHANGED, "it shrank, or the disk failed, while it was read (SIGBUS)" },
    { SIGXCPU, FACT_WORKER_STALLED, "no end after all the processor time it may take (SIGXCPU)" },
    { SIGSYS, FACT_WORKER_DIED, "it tried a forbidden system call (SIGSYS)" },
    { SIGSEGV, FACT_WORKER_DIED, "SIGSEGV: an access out of bounds, or a stack too deep" },
    { SIGABRT, FACT_WORKER_DIED, "SIGABRT: it gave up by itself" },
    { SIGKILL, FACT_WORKER_DIED, "SIGKILL: killed from outside, perhaps for want of memory" },
};

static void blame_signal(struct task *t, int sig)
{
    const char *name = sigabbrev_np(sig);

    for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
        if (reasons[i].signal == sig) {
            task_fact(t, reasons[i].kind, "%s", reasons[i].text);
            return;
        }
    task_fact(t, FACT_WORKER_DIED, "SIG%s", name ? name : "?");
}

void blame_end(struct task *t, const siginfo_t *how)
{
    if (how->si_code == CLD_KILLED || how->si_code == CLD_DUMPED)
        blame_signal(t, how->si_status);
    else if (how->si_code == CLD_EXITED)
        task_fact(t, FACT_WORKER_DIED, "it ended with status %d", how->si_status);
    else
        task_fact(t, FACT_WORKER_DIED, "for a reason that the system does not tell");
}
