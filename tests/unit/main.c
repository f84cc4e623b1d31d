/* Runs the tests in the order of file and name; arguments pick those whose name contains one. */
#include "test.h"

#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

#include "format/python/python.h"
#include "format/text/deny.h"
#include "rules/pynames.h"

static struct test *tests;
static int failures;

void test_register(struct test *t)
{
    struct test **at = &tests;

    while (*at && (strcmp((*at)->file, t->file) < 0 ||
                   (strcmp((*at)->file, t->file) == 0 && strcmp((*at)->name, t->name) < 0)))
        at = &(*at)->next;
    t->next = *at;
    *at = t;
}

void test_fail(const char *file, int line, const char *fmt, ...)
{
    va_list ap;

    failures++;
    printf("# %s:%d: ", file, line);
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    printf("\n");
}

static bool picked(const struct test *t, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strstr(t->name, argv[i]) || strstr(t->file, argv[i]))
            return true;
    return argc == 1;
}

int main(int argc, char **argv)
{
    int n = 0, bad = 0, home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (rules_interest() && python_warm(rules_interest())) /* as each worker, before its lock */
        text_names_warm(rules_interest());
    for (struct test *t = tests; t; t = t->next) {
        if (!picked(t, argc, argv))
            continue;
        failures = 0;
        t->run();
        if (fchdir(home) != 0) /* wherever the test went */
            test_fail(t->file, 0, "the folder it began in is gone");
        bad += failures > 0;
        printf("%s %d - %s: %s\n", failures ? "not ok" : "ok", ++n, t->file, t->name);
        fflush(stdout);
    }
    printf("1..%d\n", n);
    return bad ? 1 : 0;
}
