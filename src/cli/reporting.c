/* What every command with a report shares: its writer, its place, the exit status. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/cli.h"

#define WIDTH_MAX 110 /* columns; longer lines are hard to read */

static bool write_out(void *user, const char *text, size_t len)
{
    struct reporting *run = user;

    if (run->abandoned)
        return false;
    if (!run->terminal)
        return sink_write(&run->sink, text, len);
    progress_erase(&run->progress);
    return sink_write(&run->sink, text, len) && sink_flush(&run->sink);
}

/* The width to wrap at: a terminal's, or $COLUMNS; elsewhere lines are left whole, for grep. */
static unsigned width(int fd)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size = { 0 };
    unsigned long n = columns ? strtoul(columns, NULL, 10) : 0;

    if (n == 0 && ioctl(fd, TIOCGWINSZ, &size) == 0)
        n = size.ws_col ? size.ws_col : 80;
    return n > WIDTH_MAX ? WIDTH_MAX : (unsigned)n;
}

/* no-color.org, and terminals that say they cannot. */
static bool wants_colour(const struct reporting_options *how, int fd)
{
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

    if (how->style.colour || how->no_colour)
        return how->style.colour && !how->no_colour;
    return isatty(fd) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

/* $SOURCE_DATE_EPOCH, for a bill of materials: without it none tells a time, and the same files
 * give the same bill (reproducible-builds.org). */
static int64_t time_to_tell(void)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    char *end = NULL;
    long long at = epoch && *epoch ? strtoll(epoch, &end, 10) : 0;

    return end && !*end && at > 0 ? at : 0;
}

int gate_begin(struct pratique_gate **out, const struct pratique_options *options)
{
    struct pratique_error err = { 0 };
    enum pratique_status st = pratique_gate_open(out, options, &err);

    if (st == PRATIQUE_OK)
        return OPT_GO_ON;
    complain("%s", err.msg[0] ? err.msg : pratique_status_name(st));
    return st == PRATIQUE_E_USAGE ? EXIT_USAGE : EXIT_UNDECIDED;
}

int reporting_begin(struct reporting *run, const struct reporting_options *how,
                    const struct pratique_gate *gate)
{
    struct pratique_style style = how->style;

    *run = (struct reporting){ .worst = PRATIQUE_UNDECIDED };
    if (!sink_open(&run->sink, how->output))
        return EXIT_USAGE;
    run->terminal = isatty(run->sink.fd);
    style.colour = wants_colour(how, run->sink.fd);
    style.width = width(run->sink.fd);
    style.time = time_to_tell();
    progress_start(&run->progress);
    if (pratique_writer_begin(&run->writer, how->format, &style, gate, write_out, run) ==
        PRATIQUE_OK)
        return OPT_GO_ON;
    (void)sink_close(&run->sink, false);
    return EXIT_UNDECIDED;
}

void reporting_add(void *user, const struct pratique_report *r)
{
    struct reporting *run = user;
    enum pratique_verdict v = pratique_report_verdict(r);

    run->worst = run->artifacts++ ? pratique_verdict_worse(run->worst, v) : v;
    if (!run->abandoned && pratique_writer_add(run->writer, r) != PRATIQUE_OK)
        run->abandoned = true;
}

static int exit_status(const struct reporting *run)
{
    if (run->abandoned || run->artifacts == 0)
        return EXIT_UNDECIDED;
    switch (run->worst) {
    case PRATIQUE_ADMIT:
        return EXIT_ADMIT;
    case PRATIQUE_HOLD:
    case PRATIQUE_REFUSE:
        return EXIT_STOPPED;
    case PRATIQUE_UNDECIDED:
        break;
    }
    return EXIT_UNDECIDED;
}

int reporting_end(struct reporting *run, enum pratique_status st)
{
    int status;

    progress_erase(&run->progress);
    if (st != PRATIQUE_OK)
        run->abandoned = true;
    if (pratique_writer_end(run->writer) != PRATIQUE_OK)
        run->abandoned = true;
    status = st == PRATIQUE_E_USAGE ? EXIT_USAGE : exit_status(run);
    if (sink_close(&run->sink, !run->abandoned) || status == EXIT_USAGE)
        return status;
    return EXIT_UNDECIDED;
}
