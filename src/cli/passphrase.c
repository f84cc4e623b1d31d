/* Passphrases, from the terminal without an echo, or from a file that nobody else can read. */
#include "cli/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "cli/cli.h"

enum { CONTROL_C = 3, CONTROL_D = 4 };

/* Reads up to the end of the line, byte by byte: what follows is not ours. False when it ends
 * before, or is too long, or somebody gave up. */
static bool read_line(int fd, char *text, size_t size, bool end_is_enough)
{
    size_t n = 0;

    for (;;) {
        char c;
        ssize_t got = read(fd, &c, 1);

        if (got == -1 && errno == EINTR)
            continue;
        if (got == -1 || (got == 0 && !end_is_enough))
            return false;
        if (got == 0 || c == '\n')
            break;
        if (n + 1 == size || c == '\0' || c == CONTROL_C || c == CONTROL_D)
            return false;
        text[n++] = c;
    }
    if (n && text[n - 1] == '\r')
        n--;
    text[n] = '\0';
    return true;
}

/* ---- files ---- */

static bool file_is_private(int fd, const char *path)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return false;
    if (!S_ISREG(st.st_mode) || !(st.st_mode & (S_IRWXG | S_IRWXO)))
        return true;
    complain("%s: others may read this passphrase (mode %04o); run: chmod 600 %s", path,
             (unsigned)st.st_mode & 07777, path);
    return false;
}

static bool from_file(const char *path, char *text, size_t size)
{
    bool is_stdin = strcmp(path, "-") == 0, ok;
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (fd == -1) {
        complain("%s: %s", path, strerror(errno));
        return false;
    }
    ok = is_stdin || file_is_private(fd, path);
    if (ok && !(ok = read_line(fd, text, size, true)))
        complain("%s: its first line is no passphrase (at most %zu bytes)", path, size - 1);
    if (!is_stdin)
        close(fd);
    return ok;
}

/* ---- the terminal ---- */

static void say(int tty, const char *text)
{
    for (size_t n = strlen(text); n;) {
        ssize_t put = write(tty, text, n);

        if (put == -1 && errno != EINTR)
            return;
        text += put > 0 ? put : 0;
        n -= put > 0 ? (size_t)put : 0;
    }
}

/* ^C comes as a character, so that it cannot leave the terminal without its echo. */
static bool ask_quietly(int tty, const char *question, char *text, size_t size)
{
    struct termios before, quiet;
    bool ok;

    if (tcgetattr(tty, &before) != 0)
        return false;
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL | ISIG);
    quiet.c_cc[VEOL] = CONTROL_C; /* and at once, though the line has no end */
    if (tcsetattr(tty, TCSAFLUSH, &quiet) != 0)
        return false;
    say(tty, question);
    ok = read_line(tty, text, size, false);
    (void)tcsetattr(tty, TCSAFLUSH, &before);
    say(tty, "\n");
    return ok;
}

static bool ask_twice(int tty, const char *question, char *text, size_t size)
{
    char again[1024];
    bool ok, same;

    if (!ask_quietly(tty, question, text, size))
        return false;
    ok = ask_quietly(tty, "The same once more: ", again, sizeof again);
    same = ok && strcmp(text, again) == 0;
    explicit_bzero(again, sizeof again);
    if (ok && !same)
        complain("the two are not the same");
    return same;
}

static bool from_terminal(const struct passphrase *p, const char *what, char *text, size_t size)
{
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    char question[256];
    bool ok;

    if (tty == -1) {
        complain("%s: there is no terminal to ask for its passphrase; --passphrase-file FILE names "
                 "a file that holds it",
                 what);
        return false;
    }
    (void)snprintf(question, sizeof question, "Passphrase for %.150s: ", what);
    for (char *c = question; *c; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
    ok = p->twice ? ask_twice(tty, question, text, size) : ask_quietly(tty, question, text, size);
    close(tty);
    return ok;
}

bool passphrase_ask(void *user, const char *what, char *text, size_t size)
{
    const struct passphrase *p = user;

    if (p->file)
        return from_file(p->file, text, size);
    return from_terminal(p, what, text, size);
}
