/*
 * Judges programs that were run, by what they are for and what they are asked: see watch.h.
 * What only asks the system's type, or where a library lies, is told from what acts by the shape
 * of its arguments; whatever has no such shape is at least worth a look. A program's effects
 * (files, network, its own children) are seen and judged by themselves.
 */
#include "base/compiler.h"
#include "verdict/watch.h"

/* ---- words ---- */

static bool is_quote(uint8_t c)
{
    return c == '\'' || c == '"';
}

/* Where a word ends: at a blank outside of quotes. False when a quote is left open. */
static bool word_end(struct span line, size_t *end)
{
    uint8_t quote = 0;
    size_t at = 0;

    for (; at < line.n && (quote || line.p[at] != ' '); at++) {
        uint8_t c = line.p[at];

        if (c == '\\' && quote != '\'' && at + 1 < line.n)
            at++;
        else if (quote ? c == quote : is_quote(c))
            quote = quote ? 0 : c;
    }
    *end = at;
    return !quote;
}

/* 'x' is x, when nothing inside ends the quotes; any other word is as it stands. */
static struct span unquoted(struct span word)
{
    struct span inner;
    uint8_t quote = word.n ? word.p[0] : 0;

    if (word.n < 2 || !is_quote(quote) || word.p[word.n - 1] != quote ||
        !span_sub(word, 1, word.n - 2, &inner) || memchr(inner.p, quote, inner.n))
        return word;
    return inner;
}

void words_split(struct words *out, struct span line)
{
    struct span word;
    size_t end;

    *out = (struct words){ .whole = !span_ends(line, SPAN_LITERAL("...")) };
    while (line.n) {
        if (line.p[0] == ' ') {
            (void)skip(&line, 1);
            continue;
        }
        out->whole &= out->n < WORDS_MAX && word_end(line, &end);
        if (!out->whole)
            return;
        (void)take(&line, end, &word);
        out->list[out->n++] = unquoted(word);
    }
}

static struct span first_word(struct span line)
{
    struct span word;
    size_t end;

    (void)word_end(line, &end);
    (void)take(&line, end, &word);
    return unquoted(word);
}

/* The program's own name, as it was started by: "cc" for gcc-12, "sh" for dash. */
static bool is_own_name(struct span program, struct span word)
{
    struct span name = watch_base_name(program), known, other;
    enum program_class class = watch_program_class(name, &known);

    word = watch_base_name(word);
    if (!word.n || word.p[0] == '-')
        return false;
    if (span_equal(name, word))
        return true;
    return watch_program_class(word, &other) == class &&
           (class != PROGRAM_UNKNOWN || span_starts(name, word));
}

struct span exec_arguments(const struct fact *fact)
{
    struct span line = fact->detail;
    size_t end;

    if (line.n && is_own_name(fact->subject, first_word(line))) {
        (void)word_end(line, &end);
        (void)skip(&line, end);
        while (line.n && line.p[0] == ' ')
            (void)skip(&line, 1);
    }
    return line;
}

/* ---- one program ---- */

/* A program and its words, from an event or out of a shell's command. */
struct call {
    const struct watch_case *c;
    const struct fact *fact; /* whose event it is */
    struct span known;       /* the program's name, without version */
    enum program_class class;
    unsigned flags;
    const struct span *words;
    size_t n;
    bool whole;
};

static bool word_is(const struct call *call, size_t i, const char *text)
{
    return i < call->n && span_is(call->words[i], text);
}

static bool first_is_of(const struct call *call, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (word_is(call, 0, list[i]))
            return true;
    return false;
}

#define FIRST_IS_OF(call, list) first_is_of(call, list, ARRAY_LEN(list))

static struct ruling of_command(const struct call *call, struct ruling otherwise)
{
    return call->c->command ? RULING_NOTED(WCH043, LOW, "in a command") : otherwise;
}

/* A file that was written is run by it, or is what it runs. */
static struct ruling judge_written(const struct call *call)
{
    if (call->flags & EXEC_CANARY)
        return RULING(WCH001);
    if (call->flags & EXEC_MEMFD)
        return RULING_NOTED(WCH032, HIGH, "it has no name in the file system");
    if (call->flags & EXEC_WRITTEN)
        return of_command(call, RULING(WCH032));
    if (!(call->flags & EXEC_ARG_WRITTEN))
        return RULING_NONE;
    switch (call->class) {
    case PROGRAM_SHELL:
    case PROGRAM_PYTHON:
    case PROGRAM_INTERPRETER:
    case PROGRAM_LAUNCHER:
    case PROGRAM_ENVIRONMENT:
        return of_command(call, RULING_NOTED(WCH032, HIGH, "an argument names what was written"));
    default:
        return RULING_NONE;
    }
}

/* ---- Python ---- */

static bool is_letter(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? true : c == '_';
}

/* A name that is given a value (pipe_handle=7), or None, True, False. Moves behind it. */
static bool take_plain_name(struct span *in)
{
    static const char *const constants[] = { "None", "True", "False" };
    struct span name;
    size_t n = 0;

    while (n < in->n && (is_letter(in->p[n]) || (in->p[n] >= '0' && in->p[n] <= '9')))
        n++;
    (void)take(in, n, &name);
    if (in->n > 1 && in->p[0] == '=' && in->p[1] != '=')
        return true;
    for (size_t i = 0; i < ARRAY_LEN(constants); i++)
        if (span_is(name, constants[i]))
            return true;
    return false;
}

/* Numbers, texts, lists and tables of them: nothing that Python would look up, or run. */
static bool is_plain_list(struct span in)
{
    while (in.n) {
        uint8_t c = in.p[0];
        size_t n = 1;

        if (is_letter(c)) {
            if (!take_plain_name(&in))
                return false;
            continue;
        }
        if (is_quote(c)) {
            while (n < in.n && in.p[n] != c && in.p[n] != '\\' && in.p[n] != '\n')
                n++;
            if (n == in.n || in.p[n] != c)
                return false;
            n++;
        } else if (!strchr("0123456789 ,:=*-[]{}", c)) {
            return false;
        }
        (void)skip(&in, n);
    }
    return true;
}

/*
 * What multiprocessing, loky and joblib start: "from multiprocessing.spawn import spawn_main;
 * spawn_main(tracker_fd=5, pipe_handle=7)". One import, one call, whose arguments call nothing.
 */
static bool is_worker_code(struct span code)
{
    static const char *const heads[] = {
        "from multiprocessing.spawn import spawn_main; spawn_main(",
        "from multiprocessing.resource_tracker import main;main(",
        "from multiprocessing.semaphore_tracker import main;main(",
        "from multiprocessing.forkserver import main; main(",
        "from joblib.externals.loky.backend.resource_tracker import main; main(",
        "from loky.backend.resource_tracker import main; main(",
    };
    struct span rest = SPAN_EMPTY;

    for (size_t i = 0; i < ARRAY_LEN(heads) && !rest.n; i++)
        if (span_starts(code, span_text(heads[i])))
            rest = span_from(code, strlen(heads[i]));
    if (!rest.n || rest.p[rest.n - 1] != ')')
        return false;
    return is_plain_list(span_of(rest.p, rest.n - 1));
}

/* Such code, and nothing behind it but what multiprocessing adds. */
static bool is_worker(const struct call *call, size_t at)
{
    return call->whole && at < call->n && is_worker_code(call->words[at]) &&
           (at + 1 == call->n ||
            (at + 2 == call->n && word_is(call, at + 1, "--multiprocessing-fork")));
}

/* Options of the interpreter that take no argument; not c and m, which say what to run. */
#define PYTHON_FLAGS "BEIOPRSbdqsuvx"

/* Behind options of the interpreter that say nothing of what it runs. */
static size_t python_options(const struct call *call)
{
    size_t i = 0;

    while (i < call->n && call->words[i].n > 1 && call->words[i].p[0] == '-') {
        if (word_is(call, i, "-W") || word_is(call, i, "-X"))
            i++;
        else if (!memchr(PYTHON_FLAGS, call->words[i].p[1], sizeof PYTHON_FLAGS - 1) &&
                 !span_starts(call->words[i], SPAN_LITERAL("-W")) &&
                 !span_starts(call->words[i], SPAN_LITERAL("-X")))
            break;
        i++;
    }
    return i < call->n ? i : call->n;
}

/*
 * The same interpreter once more: what it runs is watched as closely as the import itself.
 * In a session of its own it is meant to go on when nobody looks.
 */
static struct ruling of_child(const struct call *call)
{
    unsigned odd = EXEC_ARG_WRITTEN | EXEC_WRITTEN | EXEC_CANARY | EXEC_MEMFD | OUTLIVES_SESSION;

    if (call->flags & EXEC_SELF && !(call->flags & odd) && call->whole)
        return RULING_NOTED(WCH041, LOW, "watched like the import itself");
    return of_command(call, RULING(WCH041));
}

/* The word at is "-m". */
static struct ruling judge_module(const struct call *call, size_t at)
{
    static const char *const installers[] = { "pip", "ensurepip", "pipx", "uv", "easy_install" };

    if (call->whole && watch_is_probe(call->known, call->words + at, call->n - at))
        return RULING(WCH040);
    for (size_t i = 0; i < ARRAY_LEN(installers); i++)
        if (word_is(call, at + 1, installers[i]))
            return at + 3 == call->n && word_is(call, at + 2, "--version")
                       ? RULING(WCH040)
                       : of_command(call, RULING(WCH033));
    return of_child(call);
}

static struct ruling judge_python(const struct call *call)
{
    size_t at = python_options(call);

    if (word_is(call, at, "-c") && is_worker(call, at + 1))
        return RULING_NOTED(WCH040, INFO, "a worker of multiprocessing");
    if (word_is(call, at, "-m"))
        return judge_module(call, at);
    return of_child(call);
}

/* ---- shells ---- */

static struct ruling judge_call(const struct call *call);

/* Takes what is thrown away off the end: "2>/dev/null". */
static struct span without_redirection(struct span command)
{
    static const char *const tails[] = {
        " 2>/dev/null", " 2> /dev/null", " 2>&1",       " 1>/dev/null", " &>/dev/null",
        " >/dev/null",  " > /dev/null",  " </dev/null", " < /dev/null", " "
    };
    size_t before;

    do {
        before = command.n;
        for (size_t i = 0; i < ARRAY_LEN(tails); i++)
            if (span_ends(command, span_text(tails[i])))
                command.n -= strlen(tails[i]);
    } while (command.n != before);
    return command;
}

/* The call that a simple command makes: "LC_ALL=C ldconfig -p" without what stands before it. */
static struct call call_of(const struct call *shell, const struct words *w)
{
    struct call call = *shell;
    size_t i = 0;

    while (i < w->n && w->list[i].n && memchr(w->list[i].p, '=', w->list[i].n) &&
           (span_starts(w->list[i], SPAN_LITERAL("LC_ALL=")) ||
            span_starts(w->list[i], SPAN_LITERAL("LANG="))))
        i++;
    call.flags = 0;
    call.class = PROGRAM_UNKNOWN;
    call.known = SPAN_EMPTY;
    if (i < w->n)
        call.class = watch_program_class(watch_base_name(w->list[i]), &call.known);
    call.words = &w->list[i < w->n ? i + 1 : i];
    call.n = i < w->n ? w->n - i - 1 : 0;
    call.whole = w->whole;
    return call;
}

static bool is_graver(struct ruling a, struct ruling b)
{
    return a.rule && (!b.rule || a.severity > b.severity);
}

/* Whether the shell does more with the text than cut it into words. */
static bool is_simple(struct span command)
{
    for (size_t i = 0; i < command.n; i++)
        if (strchr("$`(){}<>\\*?~#\n", command.p[i]))
            return false;
    return true;
}

/*
 * The gravest of the programs that stand where a command begins. Only what is simple, and asks
 * only, is harmless; a shell's other ways of running things make it worth a look at least.
 */
static struct ruling judge_commands(const struct call *shell, struct span text)
{
    struct ruling worst = RULING_NONE;
    struct span left = text;

    while (left.n) {
        struct span one;
        struct words words;
        struct call call;
        struct ruling r;
        size_t n = 0;

        while (n < left.n && !strchr("|;&(`\n{", left.p[n]))
            n++;
        (void)take(&left, n, &one);
        (void)skip(&left, 1);
        words_split(&words, without_redirection(one));
        if (!words.n)
            continue;
        call = call_of(shell, &words);
        r = call.class == PROGRAM_SHELL ? RULING(WCH030) /* not deeper */ : judge_call(&call);
        if (is_graver(r, worst))
            worst = r;
    }
    return worst;
}

static struct ruling judge_command_text(const struct call *shell, struct span text, bool alone)
{
    struct span command = without_redirection(text);
    struct ruling worst = judge_commands(shell, command);

    if (span_find(text, 0, SPAN_LITERAL("/dev/tcp/")) != SIZE_MAX ||
        span_find(text, 0, SPAN_LITERAL("/dev/udp/")) != SIZE_MAX)
        return RULING_NOTED(WCH031, HIGH, "the shell itself connects");
    if (worst.rule && worst.severity >= PRATIQUE_HIGH)
        return worst;
    if (worst.rule && worst.severity == PRATIQUE_INFO && is_simple(command) && alone)
        return RULING(WCH040);
    return of_command(shell, RULING(WCH030));
}

/* "-c", "-ec", "-lc": a group of letters that ends so. */
static bool is_command_option(struct span word)
{
    return word.n >= 2 && word.n <= 5 && word.p[0] == '-' && word.p[1] != '-' &&
           word.p[word.n - 1] == 'c';
}

static struct ruling judge_shell(const struct call *call)
{
    for (size_t i = 0; i < call->n && call->words[i].n && call->words[i].p[0] == '-'; i++) {
        if (span_is(call->words[i], "-i"))
            return RULING_NOTED(WCH030, HIGH, "for somebody to type into");
        if (is_command_option(call->words[i]) && i + 1 < call->n)
            return judge_command_text(call, call->words[i + 1], call->whole && i + 2 == call->n);
    }
    return of_command(call, RULING(WCH030));
}

/* ---- the classes ---- */

static struct ruling judge_git(const struct call *call)
{
    static const char *const fetching[] = { "clone",     "fetch",     "pull",    "push",
                                            "ls-remote", "submodule", "archive", "send-email" };
    struct call inner = *call;

    while (word_is(&inner, 0, "--no-pager") || (word_is(&inner, 0, "-C") && inner.n > 1)) {
        size_t n = word_is(&inner, 0, "-C") ? 2 : 1;

        inner.words += n, inner.n -= n;
    }
    if (call->whole && watch_is_probe(inner.known, inner.words, inner.n))
        return RULING(WCH040);
    if (word_is(&inner, 0, "credential"))
        return RULING(WCH035);
    return FIRST_IS_OF(&inner, fetching) ? RULING(WCH031) : of_command(call, RULING(WCH039));
}

static struct ruling judge_installer(const struct call *call)
{
    static const char *const asking[] = { "list",   "freeze", "show", "info",   "config", "root",
                                          "prefix", "env",    "view", "search", "-l",     "-L",
                                          "-S",     "-s",     "-q",   "-qa" };

    return FIRST_IS_OF(call, asking) ? RULING(WCH036) : of_command(call, RULING(WCH033));
}

/* uuid.getnode() of the standard library asks for hardware addresses so. */
static bool is_by_uuid(const struct fact *fact)
{
    for (uint32_t i = 0; i < fact->refs_n && i < FACT_REFS_MAX; i++)
        if (span_find(fact->refs[i], 0, SPAN_LITERAL("/uuid.py:")) != SIZE_MAX)
            return true;
    return false;
}

static struct ruling judge_recon(const struct call *call)
{
    if (is_by_uuid(call->fact) && call->n <= 1)
        return RULING_NOTED(WCH036, INFO, "for uuid.getnode()");
    return call->c->command ? RULING_AT(WCH036, LOW) : RULING(WCH036);
}

static struct ruling judge_destructive(const struct call *call)
{
    bool all = !span_is(call->known, "rm");

    for (size_t i = 0; i < call->n && !all; i++)
        all = call->words[i].n > 1 && call->words[i].p[0] == '-' &&
              (memchr(call->words[i].p, 'r', call->words[i].n) ||
               memchr(call->words[i].p, 'R', call->words[i].n));
    return of_command(call, all ? RULING(WCH037) : RULING_AT(WCH037, MEDIUM));
}

/* Whether every path among its words is of a file that describes the system. */
static bool reads_system(const struct call *call, bool plain_words_are_paths)
{
    static const char *const heads[] = {
        "/proc/",      "/sys/", "/etc/os-release", "/etc/lsb-release", "/usr/lib/",
        "/usr/share/", "/lib/"
    };

    for (size_t i = 0; i < call->n; i++) {
        struct span word = call->words[i];
        bool option = span_starts(word, SPAN_LITERAL("-"));
        bool known = option || (!plain_words_are_paths && !memchr(word.p, '/', word.n));

        for (size_t k = 0; k < ARRAY_LEN(heads) && !known; k++)
            known = span_starts(word, span_text(heads[k]));
        if (!known || span_find(word, 0, SPAN_LITERAL("/../")) != SIZE_MAX ||
            span_find(word, 0, SPAN_LITERAL("environ")) != SIZE_MAX)
            return false;
    }
    return true;
}

/* What it lists is named: a folder of its own would be listed without. */
static bool lists_system(const struct call *call)
{
    bool named = false;

    for (size_t i = 0; i < call->n; i++)
        named |= !span_starts(call->words[i], SPAN_LITERAL("-"));
    return (named || span_is(call->known, "cat")) && reads_system(call, true);
}

/* env prints the environment unless it is given a program. */
static bool starts_another(const struct call *call)
{
    for (size_t i = 0; i < call->n; i++)
        if (!span_starts(call->words[i], SPAN_LITERAL("-")) &&
            !memchr(call->words[i].p, '=', call->words[i].n))
            return true;
    return false;
}

static struct ruling judge_unknown(const struct call *call)
{
    unsigned inside = PATH_SITE | EXEC_SELF;

    if (call->flags & inside && !call->c->command)
        return watch_asks_version(call->class, call->words, call->n) && call->whole
                   ? RULING_AT(WCH042, LOW)
                   : RULING(WCH042);
    return of_command(call, RULING(WCH039));
}

/* In a folder that is written any name may mean anything; the interpreter is known. */
static bool is_of_system(const struct call *call)
{
    bool interpreter = call->flags & EXEC_SELF && call->class == PROGRAM_PYTHON;

    return interpreter || !(call->flags & (PATH_TMP | PATH_HOME | PATH_SITE));
}

static bool only_asks(const struct call *call)
{
    if (!call->whole || !is_of_system(call))
        return false;
    return watch_is_probe(call->known, call->words, call->n) ||
           watch_asks_version(call->class, call->words, call->n);
}

static struct ruling judge_class(const struct call *call)
{
    if (only_asks(call))
        return RULING(WCH040);
    switch (call->class) {
    case PROGRAM_SHELL:
        return judge_shell(call);
    case PROGRAM_NETWORK:
        return RULING(WCH031);
    case PROGRAM_GIT:
        return judge_git(call);
    case PROGRAM_INSTALL:
        return judge_installer(call);
    case PROGRAM_PERSISTENCE:
        return RULING(WCH034);
    case PROGRAM_CREDENTIAL:
        return RULING(WCH035);
    case PROGRAM_RECON:
        return judge_recon(call);
    case PROGRAM_ENVIRONMENT:
        return starts_another(call) ? RULING_NOTED(WCH040, INFO, "starts another program")
                                    : judge_recon(call);
    case PROGRAM_DESTRUCTIVE:
        return judge_destructive(call);
    case PROGRAM_PRIVILEGE:
        return RULING(WCH038);
    case PROGRAM_PYTHON:
        return judge_python(call);
    case PROGRAM_INTERPRETER:
        return of_command(call, RULING(WCH041));
    case PROGRAM_COMPILER:
        return of_command(call, RULING_NOTED(WCH043, MEDIUM, "at import"));
    case PROGRAM_COMPILER_PART:
        return RULING_NOTED(WCH040, INFO, "part of a compiler");
    case PROGRAM_LAUNCHER:
        return RULING_NOTED(WCH040, INFO, "starts another program");
    case PROGRAM_READER:
        return reads_system(call, false) ? RULING(WCH040) : of_command(call, RULING(WCH039));
    case PROGRAM_LISTER:
        return lists_system(call) ? RULING(WCH040) : of_command(call, RULING(WCH039));
    case PROGRAM_UNKNOWN:
        break;
    }
    return judge_unknown(call);
}

/* A name says what a program is for where the system has put it; elsewhere it is but a name. */
static struct ruling judge_call(const struct call *call)
{
    struct ruling r = judge_class(call);

    return r.severity < PRATIQUE_MEDIUM && !is_of_system(call) ? judge_unknown(call) : r;
}

static struct call call_of_fact(const struct watch_case *c, const struct fact *fact,
                                const struct words *words)
{
    struct call call = { .c = c, .fact = fact, .flags = fact->flags };

    call.class = watch_program_class(watch_base_name(fact->subject), &call.known);
    call.words = words->list;
    call.n = words->n;
    call.whole = words->whole;
    return call;
}

/* Searching PATH tries one folder after another: told once, and not when it was found at last. */
static struct ruling judge_missing(const struct call *call, struct ruling r)
{
    struct span name = watch_base_name(call->fact->subject), line = exec_arguments(call->fact);

    if (case_find(call->c, MARK_FOUND, name, line) ||
        case_find(call->c, MARK_MISSING, name, line) != call->fact)
        return RULING_NONE;
    r.severity = severity_below(r.severity);
    r.note = "there is no such program here";
    return r;
}

/* What looks like an option may be the name that a program was given, and no option to it. */
static bool is_name_option(const struct fact *fact)
{
    return span_starts(fact->detail, SPAN_LITERAL("-")) &&
           !is_own_name(fact->subject, span_from(first_word(fact->detail), 1));
}

struct ruling watch_exec(const struct watch_case *c, const struct fact *fact)
{
    struct words words;
    struct call call;
    struct ruling r;

    words_split(&words, exec_arguments(fact));
    words.whole &= !is_name_option(fact);
    call = call_of_fact(c, fact, &words);
    if (case_has(c, MARK_WRITTEN, fact->subject))
        call.flags |= EXEC_WRITTEN;
    if (fact->flags & EXEC_MISSING) /* where it was looked for says nothing of it */
        call.flags = fact->flags & EXEC_ARG_WRITTEN;
    r = judge_written(&call);
    if (!r.rule)
        r = judge_call(&call);
    return fact->flags & EXEC_MISSING ? judge_missing(&call, r) : r;
}

struct ruling watch_outlives(const struct watch_case *c, const struct fact *fact)
{
    struct words words;
    struct call call;

    words_split(&words, exec_arguments(fact));
    call = call_of_fact(c, fact, &words);
    if (call.class == PROGRAM_PYTHON && call.whole && judge_python(&call).severity == PRATIQUE_INFO)
        return RULING_NOTED(WCH044, INFO, "a worker of multiprocessing");
    if (fact->flags & OUTLIVES_SESSION)
        return RULING_NOTED(WCH044, HIGH, "in a session of its own");
    return RULING_AT(WCH044, MEDIUM);
}
