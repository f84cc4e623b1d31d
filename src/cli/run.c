/* pratique run --manifest FILE -- COMMAND: verified first, protected while it runs. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "cli/verify.h"

/* The command's own, as a shell has it. */
static int status_of(int wait_status)
{
    return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

static int run(const struct verify_settings *set, char **command)
{
    struct pratique_error err = { 0 };
    struct verifying v;
    enum pratique_status st;
    int wait_status = -1, status;

    (void)signal(SIGCHLD, SIG_DFL); /* were it ignored, nobody would know how the command ended */
    status = verifying_begin(&v, set, true);
    if (status != OPT_GO_ON)
        return status;
    st = pratique_manifest_run(set->manifest, &set->options, command, verifying_report,
                               verifying_progress, &v, &wait_status, &err);
    status = verifying_end(&v, "run", st, &err);
    return status == EXIT_ADMIT && wait_status != -1 ? status_of(wait_status) : status;
}

static int run_run(const struct command *self, char **argv)
{
    struct verify_settings set = { .how = { .format = PRATIQUE_TEXT } };
    const struct opt rows[] = {
        { "manifest", 'm', OPT_TEXT, &set.manifest, "FILE", "the manifest (MANIFEST.json)" },
        VERIFY_ROWS(&set),
        { 0 },
    };
    char *first = NULL, **command = opt_cut_command(argv, &first);
    size_t n = 0;
    int status = opt_parse(self, rows, argv, &n);

    if (command)
        *command = first;
    if (status == OPT_GO_ON && (n > 0 || !command || !*command)) {
        complain("run: say which command behind --: pratique run --manifest FILE -- COMMAND");
        status = EXIT_USAGE;
    }
    if (status == OPT_GO_ON && set.how.format != PRATIQUE_TEXT && !set.how.output) {
        complain("run: standard output is the command's; name a file for the report: --output");
        status = EXIT_USAGE;
    }
    if (status == OPT_GO_ON)
        status = verify_settle("run", &set);
    if (status == OPT_GO_ON)
        status = run(&set, command);
    verify_free(&set);
    return status;
}

const struct command command_manifest_run = {
    "run", "[options] --manifest FILE -- COMMAND [ARG...]",
    "Verifies files, then runs a command while they stay as they were verified.", run_run
};
