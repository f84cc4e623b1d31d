/*
 * The command line without a sandbox: stands in for the watch itself with reports that never
 * were, by the wheel's name. For tests of options, exit statuses and formats.
 */
#include <string.h>

#include "base/status.h"
#include "sample.h"
#include "scan/watching.h"

/* What was asked for, as the wheel's own event would not tell it. */
static bool sensible(const struct pratique_watch_options *o)
{
    return (o->with_n == 0) == !o->with && (o->readable_n == 0) == !o->readable;
}

enum pratique_status pratique_watch_wheel(const char *path, const struct pratique_watch_options *o,
                                          pratique_report_fn *on_report, void *user,
                                          struct pratique_error *err)
{
    if (!sensible(o) || strstr(path, "foreign"))
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "for another platform");
    if (o->full_isolation || strstr(path, "missing"))
        return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "no sandbox can be had");
    sample_use_rule_table();
    on_report(user, strstr(path, "guilty")    ? sample_guilty(path)
                    : strstr(path, "hostile") ? sample_hostile(NULL)
                                              : sample_clean(path));
    return PRATIQUE_OK;
}

/* For admit; and so that nothing is taken from where the real ones are. */
enum pratique_status watch_wheel_as(const char *path, const char *name,
                                    const struct pratique_watch_options *o,
                                    pratique_report_fn *on_report, void *user,
                                    struct pratique_error *err)
{
    (void)name;
    return pratique_watch_wheel(path, o, on_report, user, err);
}

enum pratique_status pratique_watch_command(char *const argv[],
                                            const struct pratique_watch_options *o,
                                            pratique_report_fn *on_report, void *user, int *status,
                                            struct pratique_error *err)
{
    if (!sensible(o))
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "makes no sense");
    sample_use_rule_table();
    on_report(user, sample_command(strcmp(argv[0], "false") == 0 ? 256 : 0));
    if (status)
        *status = 0;
    return PRATIQUE_OK;
}
