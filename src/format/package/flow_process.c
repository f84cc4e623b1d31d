/*
 * Commands that are run: programs that fetch (curl, wget), that install (pip), that unpack; a
 * download that is run, or handed to a shell.
 */
#include "base/buf.h"
#include "format/package/flow_effect.h"

#define WORDS_MAX 48

struct command {
    uint32_t words[WORDS_MAX];
    uint32_t n;
    bool shell;
    struct span text; /* as one line */
};

/* The words of a command as text: constants parted at blanks, unknown pieces as they are. */
static void add_words(struct effect_call *e, struct command *cmd, uint32_t v)
{
    struct flow *f = e->f;
    const struct value *x = val(f, v);
    uint32_t pieces[8], k = 0;
    const uint32_t *list = x->kind == V_CONCAT ? x->items : &v;
    uint32_t list_n = x->kind == V_CONCAT ? x->n : 1;

    for (uint32_t i = 0; i < list_n; i++) {
        struct span s = fv_string(&f->values, list[i]), part;
        size_t at = 0, end;

        if (val(f, list[i])->kind != V_TEXT) {
            if (k < 8)
                pieces[k++] = list[i];
            continue;
        }
        while (at <= s.n) {
            for (end = at; end < s.n && s.p[end] != ' ' && s.p[end] != '\n'; end++)
                continue;
            if (end > at && k < 8 && span_sub(s, at, end - at, &part))
                pieces[k++] = fv_text(&f->values, part);
            if (end < s.n && k && cmd->n < WORDS_MAX) {
                cmd->words[cmd->n++] = fv_concat(&f->values, pieces, k);
                k = 0;
            }
            at = end + 1;
        }
    }
    if (k && cmd->n < WORDS_MAX)
        cmd->words[cmd->n++] = fv_concat(&f->values, pieces, k);
}

static void command_make(struct effect_call *e, struct command *cmd)
{
    struct flow *f = e->f;
    uint32_t v = box_items(f, e->c->store, e->a);
    const struct value *x = val(f, v);

    cmd->shell =
        (e->m->word && strcmp(e->m->word, "shell") == 0) || call_get(f, e->c, -9, "shell") == TRUE_;
    cmd->text = print_value(f, v);
    if (x->kind == V_LIST || x->kind == V_TUPLE) {
        for (uint32_t i = 0; i < x->n && cmd->n < WORDS_MAX; i++)
            cmd->words[cmd->n++] = file_path(f, x->items[i]);
        return;
    }
    if (x->kind == V_TERM && x->sub == T_CALL && x->n &&
        (span_is(flow_text(f, x->a), ".split") || span_is(flow_text(f, x->a), "shlex.split")))
        v = x->items[0];
    add_words(e, cmd, v);
    for (uint32_t i = 1; span_ends(e->name, SPAN_LITERAL("create_subprocess_exec")) &&
                         i < e->c->n && cmd->n < WORDS_MAX;
         i++)
        cmd->words[cmd->n++] = e->c->args[i];
}

static struct span word(struct effect_call *e, const struct command *cmd, uint32_t i)
{
    return i < cmd->n && val(e->f, cmd->words[i])->kind == V_TEXT
               ? fv_string(&e->f->values, cmd->words[i])
               : SPAN_EMPTY;
}

/* "/usr/bin/curl", "C:\\Windows\\PowerShell.EXE" */
static bool is_program(struct span text, const char *name)
{
    struct span tail = text;
    size_t n = strlen(name);

    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == '/' || text.p[i] == '\\')
            tail = span_from(text, i + 1);
    if (tail.n == n + 4 && (tail.p[n + 1] | 32) == 'e' && tail.p[n] == '.')
        tail.n = n;
    for (size_t i = 0; i < n && tail.n == n; i++)
        if ((tail.p[i] | 32) != ((uint8_t)name[i] | 32))
            return false;
    return tail.n == n;
}

static bool is_shell(struct span text)
{
    return is_program(text, "sh") || is_program(text, "bash") || is_program(text, "zsh") ||
           is_program(text, "dash") || is_program(text, "ksh") || is_program(text, "fish") ||
           is_program(text, "powershell") || is_program(text, "pwsh") || is_program(text, "cmd");
}

static bool is_fetcher(struct span text)
{
    return is_program(text, "curl") || is_program(text, "wget") || is_program(text, "aria2c") ||
           is_program(text, "certutil") || is_program(text, "bitsadmin") ||
           is_program(text, "fetch");
}

static void tell_command(struct effect_call *e, enum fact_kind kind, const struct command *cmd,
                         unsigned flags)
{
    tell_here(e->f, &(struct note){
                        .kind = kind, .subject = e->name, .detail = cmd->text, .flags = flags });
}

/* curl ... | sh, sh -c "$(curl ...)" */
static bool pipes_to_shell(struct effect_call *e, const struct command *cmd)
{
    struct span t = cmd->text;
    bool fetches = span_find(t, 0, SPAN_LITERAL("curl ")) != SIZE_MAX ||
                   span_find(t, 0, SPAN_LITERAL("wget ")) != SIZE_MAX ||
                   span_find(t, 0, SPAN_LITERAL("DownloadString")) != SIZE_MAX ||
                   span_find(t, 0, SPAN_LITERAL("irm ")) != SIZE_MAX ||
                   span_find(t, 0, SPAN_LITERAL("iwr ")) != SIZE_MAX ||
                   span_find(t, 0, SPAN_LITERAL("Invoke-WebRequest")) != SIZE_MAX ||
                   span_find(t, 0, SPAN_LITERAL("Invoke-RestMethod")) != SIZE_MAX;
    bool shell = span_find(t, 0, SPAN_LITERAL("| sh")) != SIZE_MAX ||
                 span_find(t, 0, SPAN_LITERAL("|sh")) != SIZE_MAX ||
                 span_find(t, 0, SPAN_LITERAL("| bash")) != SIZE_MAX ||
                 span_find(t, 0, SPAN_LITERAL("|bash")) != SIZE_MAX ||
                 span_find(t, 0, SPAN_LITERAL("| python")) != SIZE_MAX ||
                 span_find(t, 0, SPAN_LITERAL("| sudo")) != SIZE_MAX ||
                 span_find(t, 0, SPAN_LITERAL("$(curl")) != SIZE_MAX ||
                 span_find(t, 0, SPAN_LITERAL("<(curl")) != SIZE_MAX ||
                 span_find(t, 0, SPAN_LITERAL("<(wget")) != SIZE_MAX ||
                 span_find(t, 0, SPAN_LITERAL("iex")) != SIZE_MAX ||
                 span_find(t, 0, SPAN_LITERAL("IEX")) != SIZE_MAX ||
                 span_find(t, 0, SPAN_LITERAL("Invoke-Expression")) != SIZE_MAX ||
                 span_find(t, 0, SPAN_LITERAL("$(wget")) != SIZE_MAX;

    shell = shell || (span_find(t, 0, SPAN_LITERAL("OutFile")) != SIZE_MAX &&
                      (span_find(t, 0, SPAN_LITERAL("; &")) != SIZE_MAX ||
                       span_find(t, 0, SPAN_LITERAL("Start-Process")) != SIZE_MAX));
    return fetches && shell && (cmd->shell || is_shell(word(e, cmd, 0)));
}

static bool installs(struct effect_call *e, const struct command *cmd, bool *pinned)
{
    struct flow *f = e->f;
    bool pip = false, install = false;

    for (uint32_t i = 0; i < cmd->n; i++) {
        struct span w = word(e, cmd, i);

        pip = pip || is_program(w, "pip") || is_program(w, "pip3") || is_program(w, "conda") ||
              is_program(w, "uv") || is_program(w, "mamba") || is_program(w, "easy_install");
        install = install || span_is(w, "install");
        *pinned = *pinned || span_is(w, "--require-hashes");
    }
    (void)f;
    return pip && install;
}

static bool is_url(struct effect_call *e, uint32_t v)
{
    struct span s = fv_string(&e->f->values, v);

    return span_starts(s, SPAN_LITERAL("http://")) || span_starts(s, SPAN_LITERAL("https://")) ||
           span_starts(s, SPAN_LITERAL("ftp://"));
}

/* -o, -fsSLo, -O, --output: the file to write comes next. */
static bool is_output(struct span w)
{
    bool letters = w.n >= 2 && w.p[0] == '-' && w.p[1] != '-';

    for (size_t i = 1; letters && i < w.n; i++)
        letters = (w.p[i] | 32) >= 'a' && (w.p[i] | 32) <= 'z';
    return span_is(w, "--output") || span_is(w, "--output-document") || span_is(w, ">") ||
           (letters && w.n <= 8 && (w.p[w.n - 1] | 32) == 'o');
}

/* Words of curl and wget: the URL, and the file that is written. */
static void run_fetcher(struct effect_call *e, const struct command *cmd, uint32_t *data)
{
    uint32_t url = NOTHING, path = NOTHING;
    bool behind =
        is_program(word(e, cmd, 0), "certutil") || is_program(word(e, cmd, 0), "bitsadmin");

    for (uint32_t i = 1; i < cmd->n; i++) {
        struct span w = word(e, cmd, i);
        bool out = is_output(w);

        if (out && i + 1 < cmd->n && !is_url(e, cmd->words[i + 1]))
            path = cmd->words[++i];
        else if (is_url(e, cmd->words[i]) || (!url && w.n == 0))
            url = cmd->words[i];
        if (behind && url && i + 1 == cmd->n && !is_url(e, cmd->words[i]) &&
            (w.n == 0 || w.p[0] != '-'))
            path = cmd->words[i]; /* certutil -urlcache -f URL FILE */
        if (span_is(w, "-k") || span_is(w, "--insecure") || span_is(w, "--no-check-certificate"))
            tell_command(e, FACT_PKG_TLS_OFF, cmd, PKG_SURE);
    }
    if (!url)
        return;
    *data = effect_fetch(e, url);
    if (path) {
        use_bytes(e->f, e->c, "curl", PKG_USE_WRITE, *data, path);
        e->c->store = file_set(e->f, e->c->store, path, *data);
    }
}

/* git clone URL FOLDER: what lies below the folder was fetched. */
static bool run_git(struct effect_call *e, const struct command *cmd)
{
    uint32_t url = NOTHING, folder = NOTHING, data;
    bool clones = false;

    for (uint32_t i = 1; i < cmd->n; i++) {
        struct span w = word(e, cmd, i);

        if (span_is(w, "clone"))
            clones = true;
        else if (w.n && w.p[0] == '-')
            continue;
        else if (clones && !url && (is_url(e, cmd->words[i]) || w.n == 0))
            url = cmd->words[i];
        else if (url)
            folder = cmd->words[i];
    }
    if (!url)
        return false;
    data = effect_fetch(e, url);
    if (folder)
        e->c->store = store_set(e->f, e->c->store, slot_key(S_TREE, folder, 0), data);
    return true;
}

/* A program of the system that unpacks, copies or changes the mode. */
static bool run_tool(struct effect_call *e, const struct command *cmd)
{
    struct span program = word(e, cmd, 0);
    struct flow *f = e->f;

    if (is_program(program, "chmod")) {
        for (uint32_t i = 2; i < cmd->n; i++)
            use_path(f, e->c, "chmod", PKG_USE_CHMOD, cmd->words[i]);
        return true;
    }
    if (is_program(program, "git"))
        return run_git(e, cmd);
    if (is_program(program, "tar") || is_program(program, "unzip")) {
        uint32_t folder = fv_text(&f->values, SPAN_LITERAL(".")), bytes = NOTHING;

        for (uint32_t i = 1; i < cmd->n; i++) {
            struct span w = word(e, cmd, i);
            uint32_t content = file_content(f, e->c->store, cmd->words[i]);

            if ((span_is(w, "-C") || span_is(w, "-d")) && i + 1 < cmd->n)
                folder = cmd->words[++i];
            else if (val(f, content)->prov & P_FETCHED)
                bytes = content;
        }
        if (bytes) {
            use_bytes(f, e->c, "tar", PKG_USE_EXTRACT, bytes, folder);
            e->c->store = store_set(f, e->c->store, slot_key(S_TREE, folder, 0), bytes);
        }
        return true;
    }
    return false;
}

static bool has_word(struct effect_call *e, const struct command *cmd, const char *text)
{
    for (uint32_t i = 1; i < cmd->n; i++)
        if (span_is(word(e, cmd, i), text))
            return true;
    return false;
}

/* Programs that keep passwords, and those that have others run by themselves later. */
static bool run_keeper(struct effect_call *e, const struct command *cmd)
{
    static const struct {
        const char *program, *word;
        enum fact_kind kind;
        const char *what;
    } all[] = {
        { "security", "find-generic-password", FACT_PKG_READS, "keyring" },
        { "security", "find-internet-password", FACT_PKG_READS, "keyring" },
        { "security", "dump-keychain", FACT_PKG_READS, "keyring" },
        { "secret-tool", "lookup", FACT_PKG_READS, "keyring" },
        { "secret-tool", "search", FACT_PKG_READS, "keyring" },
        { "pbpaste", NULL, FACT_PKG_READS, "clipboard" },
        { "crontab", NULL, FACT_PKG_WRITES, "crontab" },
        { "schtasks", "/create", FACT_PKG_WRITES, "schtasks" },
        { "schtasks", "/Create", FACT_PKG_WRITES, "schtasks" },
        { "schtasks.exe", "/create", FACT_PKG_WRITES, "schtasks" },
        { "launchctl", "load", FACT_PKG_WRITES, "launchctl" },
    };

    for (unsigned i = 0; i < ARRAY_LEN(all); i++) {
        if (!is_program(word(e, cmd, 0), all[i].program) ||
            (all[i].word && !has_word(e, cmd, all[i].word)) || (i == 6 && has_word(e, cmd, "-l")))
            continue;
        tell_here(e->f, &(struct note){ .kind = all[i].kind,
                                        .subject = span_text(all[i].what),
                                        .detail = cmd->text,
                                        .flags = PKG_SURE });
        return all[i].kind == FACT_PKG_READS;
    }
    return false;
}

/* reg add HKCU\...\Run: as winreg does it. */
static void run_registry(struct effect_call *e, const struct command *cmd)
{
    if ((is_program(word(e, cmd, 0), "reg") || is_program(word(e, cmd, 0), "reg.exe")) &&
        cmd->n > 2 && has_word(e, cmd, "add"))
        file_writes(e->f, cmd->words[2]);
}

static const char *name_copy(struct effect_call *e)
{
    char *copy = arena_copy(&e->f->arena, e->name.p, e->name.n);

    return copy ? copy : "?";
}

static void run_words(struct effect_call *e, const struct command *cmd)
{
    struct flow *f = e->f;
    uint32_t input = call_get(f, e->c, -9, "input");

    for (uint32_t i = 0; i < cmd->n; i++) {
        uint32_t content = file_content(f, e->c->store, cmd->words[i]);

        if ((val(f, content)->prov & P_FETCHED) || i == 0)
            use_bytes(f, e->c, name_copy(e), PKG_USE_EXEC, content, cmd->words[i]);
        else if (is_shell(word(e, cmd, 0)) && (val(f, cmd->words[i])->prov & P_FETCHED))
            use_bytes(f, e->c, name_copy(e), PKG_USE_EXEC, cmd->words[i], 0);
        if (val(f, cmd->words[i])->kind == V_DATA)
            use_bytes(f, e->c, name_copy(e), PKG_USE_EXEC, cmd->words[i], 0);
    }
    if (input && (val(f, input)->prov & P_FETCHED) &&
        (is_shell(word(e, cmd, 0)) || cmd->shell ||
         span_find(cmd->text, 0, SPAN_LITERAL("python")) != SIZE_MAX ||
         span_find(cmd->text, 0, SPAN_LITERAL("{sys.executable}")) != SIZE_MAX)) {
        use_bytes(f, e->c, name_copy(e), PKG_USE_EXEC, input, 0);
        tell_command(e, FACT_PKG_PIPE_SHELL, cmd, PKG_SURE);
    }
}

static void run_command(struct effect_call *e, const struct command *cmd, uint32_t *data)
{
    bool pinned = false;

    if (cmd->n == 0)
        return;
    run_registry(e, cmd);
    if (run_keeper(e, cmd))
        e->private = true;
    if (is_fetcher(word(e, cmd, 0)))
        run_fetcher(e, cmd, data);
    else if (installs(e, cmd, &pinned))
        tell_command(e, FACT_PKG_PIP, cmd, pinned ? PKG_SURE : 0);
    else if (!run_tool(e, cmd))
        run_words(e, cmd);
}

static bool is_separator(struct span w)
{
    return span_is(w, "&&") || span_is(w, "||") || span_is(w, ";") || span_is(w, "|") ||
           span_is(w, "&");
}

/* A line of a shell: one command after the other; sh -c TEXT is such a line, too. */
static void run_segments(struct effect_call *e, const struct command *cmd, uint32_t *data)
{
    struct command one = { .shell = cmd->shell, .text = cmd->text };
    struct command line = { .shell = true, .text = cmd->text };

    if (cmd->n >= 3 && is_shell(word(e, cmd, 0)) && val(e->f, cmd->words[2])->kind != V_DATA) {
        add_words(e, &line, cmd->words[2]);
        if (line.n > 1)
            cmd = &line;
    }
    for (uint32_t i = 0; i < cmd->n; i++) {
        struct span w = word(e, cmd, i);
        bool last = span_ends(w, SPAN_LITERAL(";"));

        if (is_separator(w)) {
            run_command(e, &one, data);
            one.n = 0;
            continue;
        }
        one.words[one.n++] = last ? fv_text(&e->f->values, span_of(w.p, w.n - 1)) : cmd->words[i];
        if (last) {
            run_command(e, &one, data);
            one.n = 0;
        }
    }
    run_command(e, &one, data);
}

/* powershell -EncodedCommand, by any of its shorter names, of something that stands here. */
static bool is_encoded(struct effect_call *e, const struct command *cmd)
{
    struct span program = word(e, cmd, 0);

    if (!is_program(program, "powershell") && !is_program(program, "pwsh"))
        return false;
    for (uint32_t i = 1; i + 1 < cmd->n; i++) {
        struct span w = word(e, cmd, i);

        if (w.n >= 2 && w.p[0] == '-' && (w.p[1] | 32) == 'e' &&
            (w.n == 2 || (w.p[2] | 32) == 'n' || (w.p[2] | 32) == 'c') &&
            word(e, cmd, i + 1).n >= 16)
            return true;
    }
    return false;
}

static bool has_one(struct span text, const char *const *all, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (span_find(text, 0, span_text(all[i])) != SIZE_MAX)
            return true;
    return false;
}

static bool is_python(struct effect_call *e, const struct command *cmd)
{
    struct span w = word(e, cmd, 0);
    struct span text = cmd->n ? print_value(e->f, cmd->words[0]) : SPAN_EMPTY;

    return is_program(w, "python") || is_program(w, "python3") || is_program(w, "py") ||
           span_find(text, 0, SPAN_LITERAL("sys.executable")) != SIZE_MAX;
}

/* python -c "exec(urlopen(...).read())": it is no other program than the one that stands there. */
static bool child_fetches(struct effect_call *e, const struct command *cmd)
{
    static const char *const brings[] = { "urlopen(",     "urlretrieve(", "requests.get(",
                                          "http.client.", "httpx.get(",   "create_connection(" };
    static const char *const runs[] = { "exec(",  "eval(",         "os.system(", "subprocess.",
                                        "CDLL(",  "pickle.loads(", "runpy.",     "__import__(",
                                        "popen(", "marshal.loads(" };

    if (cmd->n < 3 || !is_python(e, cmd) || !span_is(word(e, cmd, 1), "-c"))
        return false;
    return has_one(cmd->text, brings, ARRAY_LEN(brings)) &&
           has_one(cmd->text, runs, ARRAY_LEN(runs));
}

/* A shell whose standard input is a connection. */
static bool is_piped_in(struct effect_call *e, const struct command *cmd)
{
    return (is_shell(word(e, cmd, 0)) || is_python(e, cmd)) &&
           apply_is_connection(e->f, call_get(e->f, e->c, -9, "stdin"));
}

bool effect_feed(struct effect_call *e)
{
    struct flow *f = e->f;
    uint32_t process = e->c->self,
             bytes = object_bytes(f, e->c->store, call_get(f, e->c, 0, "input"));

    if (is_term(f, process, T_ATTR) && span_is(flow_text(f, val(f, process)->a), "stdin"))
        process = val(f, process)->items[0];
    else if (!span_is(e->name, ".communicate"))
        return false;
    if (!is_term(f, process, T_CALL) ||
        !is_term(f, val(f, process)->n ? val(f, process)->items[0] : NOTHING, T_PATHSHELL) ||
        !(val(f, bytes)->prov & P_FETCHED))
        return false;
    use_bytes(f, e->c, "Popen.stdin", PKG_USE_EXEC, bytes, 0);
    return false;
}

/* "$HOME/x" as "~/x". */
static uint32_t home_path(struct effect_call *e, uint32_t v)
{
    static const char *const names[] = { "$HOME/", "${HOME}/", "%USERPROFILE%/" };
    struct span s = fv_string(&e->f->values, v);

    for (unsigned i = 0; i < ARRAY_LEN(names); i++)
        if (span_starts(s, span_text(names[i])))
            return fv_below(&e->f->values, fv_text(&e->f->values, SPAN_LITERAL("~")),
                            fv_text(&e->f->values, span_from(s, strlen(names[i]))));
    return v;
}

static bool is_sender(struct span w)
{
    return is_fetcher(w) || is_program(w, "nc") || is_program(w, "ncat") || is_program(w, "scp") ||
           is_program(w, "rsync") || is_program(w, "ftp") || is_program(w, "sftp");
}

/* The file that a word of curl sends: "f=@~/.ssh/id_rsa". */
static uint32_t sent_by(struct effect_call *e, uint32_t v)
{
    struct span s = fv_string(&e->f->values, v);
    const uint8_t *at = s.n ? memchr(s.p, '@', s.n) : NULL;

    return at ? fv_text(&e->f->values, span_from(s, (size_t)(at - s.p) + 1)) : v;
}

static bool is_key_option(struct span w)
{
    return span_is(w, "-i") || span_is(w, "--key") || span_is(w, "--cert") || span_is(w, "-E") ||
           span_is(w, "--identity");
}

/* What a line of a shell appends to, and what is private and handed to a program that sends. */
static void tell_paths(struct effect_call *e, const struct command *cmd)
{
    struct flow *f = e->f;
    bool sends = false;

    for (uint32_t i = 0; i < cmd->n; i++) {
        struct span w = word(e, cmd, i);

        sends = sends || is_sender(w);
        if (i + 1 < cmd->n &&
            (span_is(w, ">>") || span_is(w, ">") || span_is(w, "tee") || span_is(w, "-a")))
            file_writes(f, home_path(e, cmd->words[i + 1]));
        else if (span_starts(w, SPAN_LITERAL(">>")))
            file_writes(f, home_path(e, fv_text(&f->values, span_from(w, 2))));
    }
    for (uint32_t i = 0; sends && i < cmd->n; i++)
        if (is_private_path(f, home_path(e, sent_by(e, cmd->words[i]))) &&
            !(i && is_key_option(word(e, cmd, i - 1))))
            tell_here(f, &(struct note){ .kind = FACT_PKG_SENDS,
                                         .subject = e->name,
                                         .because = print_value(f, cmd->words[i]),
                                         .flags = PKG_SURE });
}

void effect_process(struct effect_call *e)
{
    struct command cmd = { .n = 0 };
    uint32_t data = NOTHING, items[1] = { NOTHING }, n = 0;
    struct flow *f = e->f;

    command_make(e, &cmd);
    if (pipes_to_shell(e, &cmd) || child_fetches(e, &cmd) || is_piped_in(e, &cmd))
        tell_command(e, FACT_PKG_PIPE_SHELL, &cmd, PKG_SURE);
    if (is_encoded(e, &cmd))
        tell_command(e, FACT_PKG_ENCODED, &cmd, PKG_SURE);
    tell_paths(e, &cmd);
    run_segments(e, &cmd, &data);
    for (uint32_t i = 0; i < cmd.n; i++)
        if ((val(f, cmd.words[i])->prov & P_DECODED) &&
            !(val(f, cmd.words[i])->prov & (P_FETCHED | P_ARG)))
            tell_command(e, FACT_PKG_ENCODED, &cmd, PKG_SURE);
    call_may_raise(f, e->c, 0, e->out);
    if (data) {
        items[0] = data;
        returns(f, e->out, e->c,
                span_ends(e->name, SPAN_LITERAL("check_output"))
                    ? data
                    : fv_make(&f->values,
                              (struct value){
                                  .kind = V_OBJ, .sub = O_RESPONSE, .items = items, .n = 1 }));
        return;
    }
    if (is_shell(word(e, &cmd, 0)) || is_python(e, &cmd)) { /* what it is told is run */
        items[0] = fv_term(&f->values, T_PATHSHELL, 0, NULL, 0);
        n = 1;
    }
    returns(f, e->out, e->c,
            fv_make(&f->values, (struct value){ .kind = V_TERM,
                                                .sub = T_CALL,
                                                .a = ir_name(&f->names, e->name),
                                                .items = items,
                                                .n = n,
                                                .prov = e->private ? P_PRIVATE : 0 }));
}
