/* See watchnames.h. The tables are short and are searched from the front. */
#include "rules/watchnames.h"

#include "base/compiler.h"

static const struct {
    const char *name;
    enum program_class class;
} programs[] = {
#define PROGRAM(name, class) { name, PROGRAM_##class },
#include "rules/watch_programs.def"
#undef PROGRAM
};

static const struct {
    const char *program, *words;
} probes[] = {
#define PROBE(program, words) { program, words },
#include "rules/watch_probes.def"
#undef PROBE
};

static const struct {
    const char *pattern;
    enum path_class class;
} paths[] = {
#define PATH(pattern, class) { pattern, PLACE_##class },
#include "rules/watch_paths.def"
#undef PATH
};

static const struct {
    const char *pattern;
    enum socket_class class;
} sockets[] = {
#define UNIX(pattern, class) { pattern, SOCKET_##class },
#define PORT(number, class)
#include "rules/watch_sockets.def"
#undef PORT
#undef UNIX
};

static const struct {
    unsigned port;
    enum socket_class class;
} ports[] = {
#define UNIX(pattern, class)
#define PORT(number, class) { number, SOCKET_##class },
#include "rules/watch_sockets.def"
#undef PORT
#undef UNIX
};

bool watch_matches(struct span text, struct span pattern)
{
    struct span star_pattern = SPAN_EMPTY, star_text = SPAN_EMPTY; /* behind the last star */
    bool star = false;

    for (;;) {
        if (pattern.n && pattern.p[0] == '*') {
            pattern = span_from(pattern, 1);
            if (!pattern.n)
                return true;
            star = true, star_pattern = pattern, star_text = text;
        } else if (text.n && pattern.n && text.p[0] == pattern.p[0]) {
            text = span_from(text, 1), pattern = span_from(pattern, 1);
        } else if (!text.n && !pattern.n) {
            return true;
        } else if (star && star_text.n) {
            star_text = span_from(star_text, 1);
            text = star_text, pattern = star_pattern;
        } else {
            return false;
        }
    }
}

/* ---- programs ---- */

struct span watch_base_name(struct span path)
{
    size_t at = path.n;

    while (at > 0 && path.p[at - 1] != '/')
        at--;
    return span_from(path, at);
}

static enum program_class find_program(struct span name)
{
    for (size_t i = 0; i < ARRAY_LEN(programs); i++)
        if (span_is(name, programs[i].name))
            return programs[i].class;
    return PROGRAM_UNKNOWN;
}

static bool is_of_version(uint8_t c)
{
    return c == '.' || (c >= '0' && c <= '9');
}

/* "python3.11" is python, "gcc-12" is gcc. */
static struct span without_version(struct span name)
{
    while (name.n && is_of_version(name.p[name.n - 1]))
        name.n--;
    if (name.n && name.p[name.n - 1] == '-')
        name.n--;
    return name;
}

/* "x86_64-linux-gnu-gcc" is gcc. */
static struct span without_triple(struct span name)
{
    static const char *const marks[] = { "-linux-gnu-", "-linux-musl-", "-linux-gnueabihf-",
                                         "-conda-linux-gnu-" };

    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        size_t at = span_find(name, 0, span_text(marks[i]));

        if (at != SIZE_MAX)
            return span_from(name, at + strlen(marks[i]));
    }
    return name;
}

enum program_class watch_program_class(struct span name, struct span *known)
{
    struct span short_name = without_triple(name),
                names[] = { name, short_name, without_version(short_name) };

    if (known)
        *known = name;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        enum program_class class = find_program(names[i]);

        if (class != PROGRAM_UNKNOWN) {
            if (known)
                *known = names[i];
            return class;
        }
    }
    return PROGRAM_UNKNOWN;
}

/* Cuts the first word of a pattern off. */
static bool take_word(struct span *in, struct span *word)
{
    size_t at = span_find(*in, 0, SPAN_LITERAL(" "));

    if (!in->n)
        return false;
    (void)take(in, at == SIZE_MAX ? in->n : at, word);
    (void)skip(in, 1);
    return true;
}

/* One that names something: no option, and nothing that is set. */
static bool is_plain_word(struct span word)
{
    return !span_starts(word, SPAN_LITERAL("-")) && !memchr(word.p, '=', word.n);
}

static bool words_match(struct span pattern, const struct span *words, size_t n)
{
    struct span word;
    size_t i = 0;

    while (take_word(&pattern, &word)) {
        if (span_is(word, "..."))
            return true;
        if (i == n)
            return false;
        if (span_is(word, "?") ? !is_plain_word(words[i]) : !watch_matches(words[i], word))
            return false;
        i++;
    }
    return i == n;
}

bool watch_is_probe(struct span known, const struct span *words, size_t n)
{
    for (size_t i = 0; i < ARRAY_LEN(probes); i++)
        if (span_is(known, probes[i].program) && words_match(span_text(probes[i].words), words, n))
            return true;
    return false;
}

bool watch_asks_version(enum program_class class, const struct span *words, size_t n)
{
    static const char *const questions[] = {
        "--version",    "--help",   "-V",    "-dumpversion", "-dumpfullversion",
        "-dumpmachine", "-version", "-help", "version"
    };
    size_t asked = class == PROGRAM_SHELL                                    ? 2
                   : class == PROGRAM_PYTHON || class == PROGRAM_INTERPRETER ? 3
                                                                             : ARRAY_LEN(questions);

    for (size_t i = 0; n == 1 && i < asked; i++)
        if (span_is(words[0], questions[i]))
            return true;
    return false;
}

/* ---- paths ---- */

bool watch_in_home(struct span path, struct span *rest)
{
    size_t at;

    *rest = SPAN_EMPTY;
    if (span_starts(path, SPAN_LITERAL("~/"))) { /* as sources name it */
        *rest = span_from(path, 2);
        return true;
    }
    if (span_starts(path, SPAN_LITERAL("/root/"))) {
        *rest = span_from(path, 6);
        return true;
    }
    if (!span_starts(path, SPAN_LITERAL("/home/")))
        return false;
    at = span_find(path, 6, SPAN_LITERAL("/"));
    if (at == SIZE_MAX)
        return false;
    *rest = span_from(path, at + 1);
    return true;
}

enum path_class watch_path_class(struct span path, struct span environment)
{
    bool inside = environment.n && span_starts(path, environment);
    struct span in_home, below = inside ? span_from(path, environment.n) : SPAN_EMPTY;
    bool home = watch_in_home(path, &in_home);

    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct span pattern = span_text(paths[i].pattern);

        if (span_starts(pattern, SPAN_LITERAL("~/"))
                ? home && !inside && watch_matches(in_home, span_from(pattern, 2))
            : span_starts(pattern, SPAN_LITERAL("$/"))
                ? inside && watch_matches(below, span_from(pattern, 2))
                : watch_matches(path, pattern))
            return paths[i].class;
    }
    return PLACE_UNKNOWN;
}

/* ---- sockets ---- */

enum socket_class watch_socket_class(struct span path)
{
    for (size_t i = 0; i < ARRAY_LEN(sockets); i++)
        if (watch_matches(path, span_text(sockets[i].pattern)))
            return sockets[i].class;
    return SOCKET_UNKNOWN;
}

enum socket_class watch_port_class(unsigned port)
{
    for (size_t i = 0; i < ARRAY_LEN(ports); i++)
        if (ports[i].port == port)
            return ports[i].class;
    return SOCKET_UNKNOWN;
}
