/* Options out of a table: --name VALUE, --name=VALUE, -x VALUE, -- ends them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"

static bool takes_value(const struct opt *o)
{
    return o->kind != OPT_FLAG && o->kind != OPT_CLEAR;
}

/* Decimal digits and nothing else before *end. */
static bool number(const char *s, uint64_t *out, const char **end)
{
    const char *p = s;

    *out = 0;
    for (; *p >= '0' && *p <= '9'; p++)
        if (__builtin_mul_overflow(*out, UINT64_C(10), out) ||
            __builtin_add_overflow(*out, (uint64_t)(*p - '0'), out))
            return false;
    *end = p;
    return p > s;
}

static bool size(const char *s, uint64_t *out)
{
    static const char units[] = "kMGT";
    const char *end, *unit;

    if (!number(s, out, &end) || *out == 0)
        return false;
    if (!*end)
        return true;
    unit = strchr(units, *end == 'K' ? 'k' : *end);
    return unit && !end[1] &&
           !__builtin_mul_overflow(*out, UINT64_C(1) << (10 * (unit - units + 1)), out);
}

static bool count(const char *s, uint64_t max, uint64_t *out)
{
    const char *end;

    return number(s, out, &end) && !*end && *out > 0 && *out <= max;
}

static bool format(const char *s, enum pratique_format *out)
{
    static const char *const names[] = { "text", "json", "sarif", "html", "cyclonedx" };

    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(s, names[i]) == 0) {
            *out = (enum pratique_format)i;
            return true;
        }
    return false;
}

static bool append(struct list *l, const char *s)
{
    const char **items = realloc(l->items, (l->n + 1) * sizeof *items);

    if (!items)
        return false;
    l->items = items;
    items[l->n++] = s;
    return *s != '\0';
}

bool list_add_copy(struct list *l, const char *s)
{
    const char **items = realloc(l->items, (l->n + 1) * sizeof *items);
    char *copy = strdup(s);

    if (items)
        l->items = items;
    if (!items || !copy) {
        free(copy);
        return false;
    }
    items[l->n++] = copy;
    return true;
}

void list_free_copies(struct list *l)
{
    for (size_t i = 0; i < l->n; i++)
        free((char *)(uintptr_t)l->items[i]);
    free(l->items);
}

/* Puts the value into its target; NULL, or what it should have been. */
static const char *set(const struct opt *o, const char *value)
{
    uint64_t n = 0;

    switch (o->kind) {
    case OPT_FLAG:
    case OPT_CLEAR:
        *(bool *)o->target = o->kind == OPT_FLAG;
        return NULL;
    case OPT_TEXT:
        *(const char **)o->target = value;
        return *value ? NULL : "a name that is not empty";
    case OPT_LIST:
        return append(o->target, value) ? NULL : "a name that is not empty";
    case OPT_SIZE:
        return size(value, o->target) ? NULL : "bytes, such as 500M or 16G";
    case OPT_COUNT:
        return count(value, UINT64_MAX, o->target) ? NULL : "a whole number from 1 on";
    case OPT_COUNT32:
        if (!count(value, UINT32_MAX, &n))
            return "a whole number from 1 on";
        *(uint32_t *)o->target = (uint32_t)n;
        return NULL;
    case OPT_SECONDS:
        if (!count(value, UINT32_MAX / 1000, &n))
            return "seconds, a whole number from 1 on";
        *(uint32_t *)o->target = (uint32_t)n * 1000;
        return NULL;
    case OPT_FORMAT:
        return format(value, o->target) ? NULL : "text, json, sarif, html or cyclonedx";
    }
    return "known";
}

static void help_row(const struct opt *o)
{
    char left[64];

    (void)snprintf(left, sizeof left, "%s%c%s--%s%s%s", o->letter ? "-" : " ",
                   o->letter ? o->letter : ' ', o->letter ? ", " : "  ", o->name, o->arg ? " " : "",
                   o->arg ? o->arg : "");
    printf("  %-30s %s\n", left, o->help);
}

static int help(const struct command *c, const struct opt *rows)
{
    printf("Usage: pratique %s %s\n%s\n\n", c->name, c->args, c->summary);
    for (const struct opt *o = rows; o->name; o++)
        help_row(o);
    printf("  %-30s %s\n", "-h, --help", "this text");
    return fflush(stdout) == 0 ? EXIT_ADMIT : EXIT_UNDECIDED;
}

/* The row that word ("--name", "--name=value", "-x") means; *value is what follows '='. */
static const struct opt *find(const struct opt *rows, const char *word, const char **value)
{
    size_t n = strcspn(word, "=");

    *value = NULL;
    for (const struct opt *o = rows; o->name; o++) {
        if (word[1] != '-' && o->letter && word[1] == o->letter && !word[2])
            return o;
        if (word[1] == '-' && strlen(o->name) == n - 2 && strncmp(o->name, word + 2, n - 2) == 0) {
            *value = word[n] ? word + n + 1 : NULL;
            return o;
        }
    }
    return NULL;
}

static int wrong(const struct command *c, const char *word, const char *what)
{
    complain("%s: %s %s (pratique %s --help)", c->name, word, what, c->name);
    return EXIT_USAGE;
}

/* One option at *argv; moves past its value. OPT_GO_ON, or an exit status. */
static int one(const struct command *c, const struct opt *rows, char ***argv)
{
    const char *word = **argv, *value, *should;
    const struct opt *o = find(rows, word, &value);
    char text[128];

    if (!o)
        return wrong(c, word, "is no option");
    if (value && !takes_value(o))
        return wrong(c, word, "takes no value");
    if (takes_value(o) && !value && !(value = *++*argv)) {
        --*argv;
        return wrong(c, word, "needs a value");
    }
    should = set(o, value);
    if (!should)
        return OPT_GO_ON;
    (void)snprintf(text, sizeof text, "should be %s, not '%.40s'", should, value);
    return wrong(c, o->name, text);
}

/*
 * "pratique scan *" in a folder of somebody else's making must not take orders
 * from it, nor skip a file whose name means something else here.
 */
static bool is_also_a_file(const char *word)
{
    struct stat st;

    return word[0] == '-' && lstat(word, &st) == 0;
}

int opt_parse(const struct command *c, const struct opt *rows, char **argv, size_t *n)
{
    static char file_dash[] = "./-";
    char **words = argv;
    bool ended = false;
    int status = OPT_GO_ON;

    *n = 0;
    for (; *argv; argv++) {
        const char *word = *argv;

        if (ended) {
            words[(*n)++] = strcmp(word, "-") == 0 ? file_dash : *argv;
        } else if (is_also_a_file(word)) {
            return wrong(c, word, "is also a file here; write ./ before it");
        } else if (word[0] != '-' || !word[1]) {
            words[(*n)++] = *argv;
        } else if (strcmp(word, "--") == 0) {
            ended = true;
        } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
            return help(c, rows);
        } else if ((status = one(c, rows, &argv)) != OPT_GO_ON) {
            return status;
        }
    }
    words[*n] = NULL;
    return OPT_GO_ON;
}

char **opt_cut_command(char **argv, char **first)
{
    while (*argv && strcmp(*argv, "--") != 0)
        argv++;
    if (!*argv)
        return NULL;
    *first = argv[1];
    argv[1] = NULL; /* opt_parse() ends here; it still judges the "--" itself */
    return argv + 1;
}
