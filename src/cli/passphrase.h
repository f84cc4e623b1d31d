/* Asking for a passphrase. */
#ifndef PRATIQUE_CLI_PASSPHRASE_H
#define PRATIQUE_CLI_PASSPHRASE_H

#include <stdbool.h>
#include <stddef.h>

struct passphrase {
    const char *file; /* its first line; "-": of standard input; NULL: the terminal is asked */
    bool twice;       /* the terminal is asked twice: it is a new one */
};

/* A pratique_passphrase_fn; user is the struct passphrase. It has complained when false. */
bool passphrase_ask(void *user, const char *what, char *text, size_t size);

#endif
