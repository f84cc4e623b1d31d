/* pratique: a table of commands. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

static const struct command *const commands[] = {
    &command_scan,         &command_watch,  &command_admit,  &command_convert,   &command_manifest,
    &command_manifest_run, &command_attest, &command_keygen, &command_signature, &command_threats,
    &command_lock,         &command_fetch,  &command_rules,  &command_explain,   NULL
};

void complain(const char *fmt, ...)
{
    char text[1024];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    for (char *p = text; *p; p++)
        if (*p < ' ' || *p > '~')
            *p = '?';
    fprintf(stderr, "pratique: %s\n", text);
}

const struct command *command_find(const struct command *const *rows, const char *word)
{
    for (; *rows; rows++) {
        const char *last = strrchr((*rows)->name, ' ');

        if (strcmp(word, last ? last + 1 : (*rows)->name) == 0)
            return *rows;
    }
    return NULL;
}

/* The rows as --help lists them. */
static void list_commands(const struct command *const *rows)
{
    for (; *rows; rows++)
        printf("  pratique %s %s\n      %s\n", (*rows)->name, (*rows)->args, (*rows)->summary);
}

int command_group(const struct command *self, const struct command *const *rows, const char *about,
                  const char *which, char **argv)
{
    const char *word = argv[0] ? argv[0] : "";
    const struct command *found = command_find(rows, word);

    if (found)
        return found->run(found, argv + 1);
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        printf("Usage: pratique %s COMMAND\n%s\n\n", self->name, about);
        list_commands(rows);
        return fflush(stdout) == 0 ? EXIT_ADMIT : EXIT_UNDECIDED;
    }
    if (*word)
        complain("%s: no command is called '%s' (pratique %s --help)", self->name, word,
                 self->name);
    else
        complain("%s: say what to do: pratique %s %s", self->name, self->name, which);
    return EXIT_USAGE;
}

static int help(void)
{
    puts("pratique: is it safe to load this file? scan reads it and never runs it;\n"
         "watch runs it where it can do no harm, and tells what it did; admit lets it\n"
         "in; a manifest tells whether it is still what it was.\n");
    list_commands(commands);
    puts("\nEach command tells its options with --help; pratique --version tells the version.\n"
         "Exit status: 0 admit; 1 hold or refuse; 2 wrong use; 3 undecided.");
    return fflush(stdout) == 0 ? EXIT_ADMIT : EXIT_UNDECIDED;
}

static int version(void)
{
    printf("pratique %s\n", pratique_version());
    return fflush(stdout) == 0 ? EXIT_ADMIT : EXIT_UNDECIDED;
}

/* Descriptors 0, 1 and 2 are taken, so that no file that is opened later becomes one of them. */
static bool standard_descriptors(void)
{
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", O_RDWR) != fd)
            return false;
    return true;
}

int main(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "";
    const struct command *found;

    if (!standard_descriptors())
        return EXIT_UNDECIDED;
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
        return version();
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0)
        return help();
    found = command_find(commands, word);
    if (found)
        return found->run(found, argv + 2);
    if (*word)
        complain("no command is called '%s'; pratique --help lists them", word);
    else
        complain(
            "say what to do: pratique scan PATH..., pratique watch WHEEL..., or pratique --help");
    return EXIT_USAGE;
}
