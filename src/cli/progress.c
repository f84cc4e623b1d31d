/* One line on standard error while a scan takes long: only on a terminal, erased at the end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"

#define FIRST_MS 500 /* shorter work shows nothing */
#define EVERY_MS 100

static uint64_t now_ms(void)
{
    struct timespec t;

    if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
        return 0;
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void progress_start(struct progress *p)
{
    const char *term = getenv("TERM");

    p->shown = false;
    p->enabled = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
    p->started_ms = now_ms();
    p->drawn_ms = 0;
}

/* The last n bytes of a path, plain ASCII only: a name must not steer the terminal. */
static void tail(char *out, size_t n, const char *path)
{
    size_t len = strlen(path), from = len >= n ? len - n + 1 : 0, i = 0;

    for (; path[from + i]; i++)
        out[i] = path[from + i] >= ' ' && path[from + i] <= '~' ? path[from + i] : '?';
    out[i] = '\0';
}

/* Draws line, cut to the terminal's width. */
static void draw(struct progress *p, const char *line)
{
    struct winsize size = { 0 };
    int columns = 80;

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        columns = size.ws_col;
    fprintf(stderr, "\r%.*s\x1b[K", columns - 1, line);
    fflush(stderr);
    p->shown = true;
}

void progress_note(struct progress *p, const char *text)
{
    char line[161];

    if (!p->enabled)
        return;
    tail(line, sizeof line, text);
    draw(p, line);
}

/* ", 12 s left", where that can be said. */
static void remaining(char *out, size_t n, const struct pratique_progress *at, uint64_t spent_ms)
{
    uint64_t left = at->bytes_found > at->bytes_done ? at->bytes_found - at->bytes_done : 0;
    double seconds =
        at->bytes_done ? (double)left * (double)spent_ms / 1000 / (double)at->bytes_done : 0;

    out[0] = '\0';
    if (left && at->bytes_done)
        (void)snprintf(out, n, ", %.0f s left", seconds + 0.5);
}

void progress_show(struct progress *p, const struct pratique_progress *at)
{
    uint64_t now = now_ms(), spent = now - p->started_ms;
    double mb = (double)at->bytes_done / 1e6;
    char line[512], name[161] = "", left[40];

    if (!p->enabled || spent < FIRST_MS || now - p->drawn_ms < EVERY_MS)
        return;
    if (at->path)
        tail(name, sizeof name, at->path);
    remaining(left, sizeof left, at, spent);
    (void)snprintf(line, sizeof line, "%llu of %llu, %.0f MB, %.0f MB/s%s  %s",
                   (unsigned long long)at->artifacts_done, (unsigned long long)at->artifacts_found,
                   mb, mb * 1000 / (double)spent, left, name);
    draw(p, line);
    p->drawn_ms = now;
}

void progress_erase(struct progress *p)
{
    if (!p->shown)
        return;
    fputs("\r\x1b[K", stderr);
    fflush(stderr);
    p->shown = false;
}
