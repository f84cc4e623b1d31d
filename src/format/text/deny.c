/*
 * Looks for the names of dangerous calls and modules in text: in code samples, in
 * settings, in JavaScript, in Python that does not parse. What is looked for is
 * regular, and each shape is as a regular expression over all names at once:
 *
 *   \b (?:NAME \s* \. \s*)* NAME \s* \( \s* (?! \) | \.\.\. )     a call of a dotted name
 *   (?<![\w.]) (?<!def\s) (?:exec|eval|__import__|...) \s* \(     a call of a builtin
 *   ^ \s* (?:>>>|\.\.\.)? \s* import NAME (?: as \w+)? (?:, ...)* \s* (?:$|;|\#)
 *   ^ \s* ... from NAME import \(? NAME ...
 *
 * The names are those of the list (fact/interest.h), so a matcher of our own walks its
 * tree: a locked worker may not make code (PROT_EXEC), which rules out compiling the
 * expressions when they are needed, and compiling a thousand names costs more than most
 * scans. Each shape has a literal that stands in few places ("(", "import"); the C
 * library finds those at the speed of memory, and only there names are read, backwards or
 * forwards, at most so far; hence the cost is linear in the text.
 *
 * Prose names calls too: "os.system()" with nothing between the brackets, or "...", is
 * no call; nor is a name without a bracket, or an import in the middle of a sentence.
 * Left out: names that are put together, comments and strings of any language.
 */
#include "format/text/deny.h"

#include <ctype.h>

#include "base/compiler.h"
#include "fact/python.h"
#include "format/text/config.h"

#define WORDS_MAX     8  /* of a dotted name */
#define WORD_MAX      64 /* bytes of one */
#define GAP_MAX       16 /* blanks between two */
#define ARGUMENTS_MAX 1024
#define STATEMENT_MAX 4096
#define SAME_MAX      16 /* of one name in one text: more say nothing new */
#define NAMES_MAX     64 /* different ones */
#define LINE_BEFORE   160
#define LINE_AFTER    320

static const struct interest *names;

/* What a text says beyond the list, and what of the list it stands for. */
static const struct {
    const char *call, *subject;
} calls[] = {
    { "requests.get", "requests" },
    { "requests.post", "requests" },
    { "requests.put", "requests" },
    { "requests.request", "requests" },
    { "httpx.get", "httpx" },
    { "httpx.post", "httpx" },
    { "urllib.request.urlopen", "urllib.request" },
    { "urllib.request.urlretrieve", "urllib.request" },
    { "urllib.request.Request", "urllib.request" },
    { "urllib.urlopen", "urllib" },
    { "urllib.urlretrieve", "urllib" },
    { "urllib2.urlopen", "urllib2" },
    { "socket.socket", "socket" },
    { "socket.create_connection", "socket" },
    { "http.client.HTTPConnection", "http.client" },
    { "http.client.HTTPSConnection", "http.client" },
    { "smtplib.SMTP", "smtplib" },
    { "smtplib.SMTP_SSL", "smtplib" },
    { "ftplib.FTP", "ftplib" },
    { "telnetlib.Telnet", "telnetlib" },
    { "ctypes.CDLL", "ctypes" },
    { "ctypes.WinDLL", "ctypes" },
    { "ctypes.PyDLL", "ctypes" },
    { "ctypes.cdll.LoadLibrary", "ctypes" },
    { "ctypes.windll.LoadLibrary", "ctypes" },
    { "child_process.exec", "js.child_process" },
    { "child_process.execSync", "js.child_process" },
    { "child_process.execFile", "js.child_process" },
    { "child_process.execFileSync", "js.child_process" },
    { "child_process.spawn", "js.child_process" },
    { "child_process.spawnSync", "js.child_process" },
    { "child_process.fork", "js.child_process" },
    { "vm.runInThisContext", "js.vm.runInThisContext" },
    { "vm.runInNewContext", "js.vm.runInNewContext" },
    { "Deno.run", "js.Deno.run" },
    { "Bun.spawn", "js.Bun.spawn" },
    { "Bun.spawnSync", "js.Bun.spawn" },
    { "navigator.sendBeacon", "js.sendBeacon" },
    { "process.binding", "js.child_process" },
    { "execSync", "js.child_process" },
    { "spawnSync", "js.child_process" },
    { "execFileSync", "js.child_process" },
};

/* Modules of Node.js. */
static const struct {
    const char *module, *subject;
} modules[] = {
    { "child_process", "js.child_process" },
    { "cluster", "js.child_process" },
    { "vm", "js.vm.runInThisContext" },
    { "net", "js.net" },
    { "tls", "js.net" },
    { "dgram", "js.net" },
    { "dns", "js.net" },
    { "http", "js.http" },
    { "http2", "js.http" },
    { "https", "js.http" },
};

/* What JavaScript makes with "new". */
static const struct {
    const char *class, *subject;
} classes[] = {
    { "Function", "js.Function" },
    { "WebSocket", "js.WebSocket" },
    { "EventSource", "js.EventSource" },
    { "XMLHttpRequest", "js.XMLHttpRequest" },
};

/* Of the last words of those, and of others with a shape of their own: first byte and length. */
static uint64_t more_words[128];

static void add_more(const char *call)
{
    const char *dot = strrchr(call, '.'), *word = dot ? dot + 1 : call;

    more_words[word[0] & 0x7F] |= UINT64_C(1) << (strlen(word) & 63);
}

void text_names_warm(const struct interest *in)
{
    static const char *const others[] = { "getattr", "Path", "require", "import", "fetch" };

    names = in;
    for (size_t i = 0; i < ARRAY_LEN(calls); i++)
        add_more(calls[i].call);
    for (size_t i = 0; i < ARRAY_LEN(classes); i++)
        add_more(classes[i].class);
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        add_more(others[i]);
}

static bool may_be_more(struct span word)
{
    return word.p[0] < 0x80 && more_words[word.p[0]] >> (word.n & 63) & 1;
}

struct search {
    struct text text;
    uint32_t first_line;
    bool python; /* it was meant to be Python */
    /* Where the last match was: places are counted on from there. */
    size_t seen, line_start;
    uint32_t line;
    uint64_t arguments_left; /* bytes between brackets that are still looked at in full */
    struct {
        const char *name;
        unsigned times;
    } told[NAMES_MAX];
};

/* A dotted name that ends where it was looked from; word[0] is the last. */
struct chain {
    struct span word[WORDS_MAX];
    size_t n;
    size_t start;       /* where its first word stands */
    bool continues;     /* something and a dot stand before it */
    struct span before; /* the word before it, if blanks alone lie between */
};

/* What stands between the brackets of a call, as far as it matters. */
struct argument {
    uint32_t flags;    /* PY_ARG_*; 0: it is not given */
    struct span value; /* a string without its quotes, a name, True */
    uint8_t quote;     /* of a string */
    bool raw;          /* its backslashes stand for themselves */
};

static uint8_t at(struct span in, size_t off)
{
    return off < in.n ? in.p[off] : 0;
}

static bool is_word(uint8_t c)
{
    return isalnum(c) || c == '_' || c >= 0x80;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static size_t skip_blanks(struct span in, size_t off)
{
    while (is_blank(at(in, off)))
        off++;
    return off;
}

/* The offset behind the last character before off that is no blank; at most GAP_MAX are passed. */
static size_t back_over_blanks(struct span in, size_t off)
{
    for (unsigned i = 0; i < GAP_MAX && off > 0 && is_blank(in.p[off - 1]); i++)
        off--;
    return off;
}

/* Whether the character at off belongs to an escape, "\n" in JSON, and to no word. */
static bool is_escape(struct span in, size_t off)
{
    return off > 0 && in.p[off - 1] == '\\' && memchr("nrt", at(in, off), 3);
}

/* The word that ends at off; empty when there is none, or it is too long. */
static struct span word_before(struct span in, size_t off)
{
    size_t start = off;
    struct span word;

    while (start > 0 && off - start <= WORD_MAX && is_word(in.p[start - 1]))
        start--;
    start += start < off && is_escape(in, start);
    if (off - start > WORD_MAX || !span_sub(in, start, off - start, &word))
        return SPAN_EMPTY;
    return word;
}

static struct span word_at(struct span in, size_t off)
{
    size_t end = off;
    struct span word;

    while (is_word(at(in, end)) && end - off <= WORD_MAX)
        end++;
    if (end - off > WORD_MAX || !span_sub(in, off, end - off, &word))
        return SPAN_EMPTY;
    return word;
}

/* --- What is told --- */

/* Counts on to off: lines are counted once, as matches come in the order of the text. */
static void advance(struct search *x, size_t off)
{
    const uint8_t *p = x->text.in.p, *next;

    while (x->seen < off && (next = memchr(p + x->seen, '\n', off - x->seen))) {
        x->seen = (size_t)(next - p) + 1;
        x->line_start = x->seen;
        x->line++;
    }
    x->seen = off > x->seen ? off : x->seen;
}

/* Each kind of match is looked for from the start again. */
static void rewind_to_start(struct search *x)
{
    x->seen = x->line_start = 0;
    x->line = x->first_line;
}

/* The line, cut where it is long. */
static struct span evidence(const struct search *x, size_t off)
{
    size_t start = x->line_start, n;
    struct span rest, line;

    if (off - start > LINE_BEFORE)
        start = off - LINE_BEFORE;
    n = x->text.in.n - start;
    if (n > off - start + LINE_AFTER)
        n = off - start + LINE_AFTER;
    if (!span_sub(x->text.in, start, n, &rest))
        return SPAN_EMPTY;
    if (!take_line(&rest, &line))
        line = rest;
    while (line.n > 0 && line.p[line.n - 1] <= ' ')
        line.n--;
    return line;
}

/* Whether this name was told so often that once more says nothing. */
static bool is_told(struct search *x, const char *name)
{
    for (size_t i = 0; i < NAMES_MAX; i++) {
        if (!x->told[i].name)
            x->told[i].name = name;
        if (strcmp(x->told[i].name, name) == 0)
            return x->told[i].times++ >= SAME_MAX;
    }
    return true;
}

/* A string as repr() has it, nearly: its escapes are left as they are written. */
static size_t write_repr(const struct argument *arg, char out[2 * ARGUMENTS_MAX + 2])
{
    size_t n = 0;

    out[n++] = '\'';
    for (size_t i = 0; i < arg->value.n && i < ARGUMENTS_MAX; i++) {
        if (arg->raw && arg->value.p[i] == '\\')
            out[n++] = '\\';
        out[n++] = (char)arg->value.p[i];
    }
    out[n++] = '\'';
    return n;
}

static void tell(struct search *x, size_t off, const char *name, const struct argument *arg)
{
    struct fact f = { .kind = FACT_TEXT_NAME,
                      .flags = arg ? PY_CALLED | arg->flags : PY_IMPORTED,
                      .where = x->text.s->where,
                      .offset = x->text.exact ? off : PRATIQUE_NO_OFFSET,
                      .subject = span_text(name) };
    char repr[2 * ARGUMENTS_MAX + 2];

    if (is_told(x, name))
        return;
    for (size_t i = 0; i < PY_REFS; i++)
        f.refs[i] = SPAN_EMPTY;
    advance(x, off);
    f.line = x->line;
    f.column = (uint32_t)(off - x->line_start) + 1;
    f.detail = evidence(x, off);
    if (arg)
        f.refs[PY_REF_ARG] = arg->quote ? span_of(repr, write_repr(arg, repr)) : arg->value;
    f.refs_n = PY_REFS;
    facts_add(x->text.s->facts, &f);
}

/* --- Arguments --- */

/*
 * What lies between the bracket that opens at off and the one that closes it, or the bound,
 * which is a narrow one in a text that opens brackets and never closes them.
 */
static struct span arguments(struct search *x, size_t off)
{
    struct span rest = span_from(x->text.in, off + 1), all;
    size_t i, bound = x->arguments_left ? ARGUMENTS_MAX : ARGUMENTS_MAX / 16;
    unsigned depth = 1;
    uint8_t quote = 0;

    for (i = 0; i < rest.n && i < bound && depth > 0; i++) {
        uint8_t c = rest.p[i];

        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '(' || c == '[' || c == '{')
            depth++;
        else if (c == ')' || c == ']' || c == '}')
            depth--;
    }
    x->arguments_left -= i < x->arguments_left ? i : x->arguments_left;
    if (depth == 0)
        i--;
    return span_sub(rest, 0, i, &all) ? all : SPAN_EMPTY;
}

static struct span trimmed(struct span s)
{
    while (s.n > 0 && (s.p[0] <= ' ' || (s.p[0] == '\\' && s.n > 1 && s.p[1] == 'n')))
        (void)skip(&s, s.p[0] == '\\' ? 2 : 1);
    while (s.n > 0 && s.p[s.n - 1] <= ' ')
        s.n--;
    return s;
}

/* Cuts off what stands before the next comma that is in no bracket and no quotes. */
static struct span take_argument(struct span *in)
{
    unsigned depth = 0;
    uint8_t quote = 0;
    struct span arg;
    size_t i;

    for (i = 0; i < in->n; i++) {
        uint8_t c = in->p[i];

        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '(' || c == '[' || c == '{')
            depth++;
        else if (c == ')' || c == ']' || c == '}')
            depth -= depth > 0;
        else if (c == ',' && depth == 0)
            break;
    }
    (void)take(in, i, &arg);
    (void)skip(in, 1);
    return trimmed(arg);
}

/* Whether arg is "key=value"; value is then cut free. */
static bool has_keyword(struct span *arg, struct span *key)
{
    size_t n = word_at(*arg, 0).n, end = skip_blanks(*arg, n);

    *key = SPAN_EMPTY;
    if (n == 0 || at(*arg, end) != '=' || at(*arg, end + 1) == '=')
        return false;
    (void)span_sub(*arg, 0, n, key);
    *arg = trimmed(span_from(*arg, end + 1));
    return true;
}

/* The text of a string that value starts with, its quotes perhaps escaped in JSON. */
static bool read_string(struct span value, struct argument *out)
{
    size_t i = 0, start, end;
    bool formatted = false;

    for (; i < 2 && at(value, i) && strchr("rRbBuUfFtT", at(value, i)); i++) {
        formatted |= (at(value, i) | 0x20) == 'f' || (at(value, i) | 0x20) == 't';
        out->raw |= (at(value, i) | 0x20) == 'r';
    }
    i += at(value, i) == '\\';
    out->quote = at(value, i);
    if (out->quote != '"' && out->quote != '\'' && out->quote != '`')
        return false;
    start = end = i + 1;
    while (end < value.n && value.p[end] != out->quote && !(formatted && value.p[end] == '{'))
        end++;
    out->flags =
        at(value, end) == out->quote && end + 1 == value.n ? PY_ARG_CONSTANT : PY_ARG_PREFIX;
    if (end > start && value.p[end - 1] == '\\') /* an escaped quote: \"/etc/passwd\" */
        end--;
    return span_sub(value, start, end - start, &out->value);
}

static bool is_dotted_name(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_word(s.p[i]) && s.p[i] != '.')
            return false;
    return s.n > 0 && !isdigit(s.p[0]);
}

static struct argument read_argument(struct span value)
{
    struct argument arg = { .value = SPAN_EMPTY };

    if (read_string(value, &arg))
        return arg;
    arg = (struct argument){ .flags = PY_ARG_UNKNOWN, .value = SPAN_EMPTY };
    if (span_is(value, "True") || span_is(value, "False") || span_is(value, "None"))
        arg.flags = PY_ARG_CONSTANT;
    else if (is_dotted_name(value))
        arg.flags = PY_ARG_NAME;
    if (arg.flags != PY_ARG_UNKNOWN)
        arg.value = value;
    return arg;
}

/* The argument that the list asks about, at its place or under its keyword. */
static struct argument find_argument(struct span all, int place, const char *keyword)
{
    for (int i = 0; all.n > 0; i++) {
        struct span arg = take_argument(&all), key;

        if (has_keyword(&arg, &key) ? keyword && span_is(key, keyword) : i == place)
            return read_argument(arg);
    }
    return (struct argument){ .value = SPAN_EMPTY };
}

static bool is_absolute(struct span path)
{
    return at(path, 0) == '/' || at(path, 0) == '\\' ||
           (isalpha(at(path, 0)) && at(path, 1) == ':' &&
            (at(path, 2) == '\\' || at(path, 2) == '/'));
}

/*
 * Whether the call is worth a word. An argument incriminates that is an absolute path, or
 * True; one that may clear the call is for the rules to judge.
 */
static bool is_of_interest(const struct interest_row *row, const struct argument *arg)
{
    if ((row->arg < 0 && !row->key) || row->flags & INTEREST_UNLESS)
        return true;
    return arg->quote ? is_absolute(arg->value) : span_is(arg->value, "True");
}

/* Prose writes "os.system()", "run(...)", "exec(3)", "open(path[, mode])": no call is meant. */
static bool is_mention(struct span all)
{
    all = trimmed(all);
    return all.n == 0 || span_is(all, "...") || span_is(all, "\xE2\x80\xA6") ||
           (all.n == 1 && isdigit(all.p[0])) || span_find(all, 0, SPAN_LITERAL("[,")) != SIZE_MAX;
}

/* --- Calls --- */

static struct chain chain_before(struct span in, size_t off)
{
    struct chain c = { .start = off, .before = SPAN_EMPTY };

    for (;;) {
        size_t end = back_over_blanks(in, off);
        struct span word = word_before(in, end);

        if (word.n == 0 || c.n == WORDS_MAX) {
            c.continues = true;
            return c;
        }
        c.word[c.n++] = word;
        c.start = end - word.n;
        end = back_over_blanks(in, c.start);
        if (end == 0 || in.p[end - 1] != '.') {
            c.before = end < c.start ? word_before(in, end) : SPAN_EMPTY;
            c.continues = end == c.start && end > 0 && in.p[end - 1] == '$';
            return c;
        }
        off = end - 1;
    }
}

static uint32_t child(uint32_t node, struct span word)
{
    uint32_t i = interest_word(names, (const char *)word.p, word.n);

    return i < names->words_n ? interest_child(names, node, i) : 0;
}

static const struct interest_row *row_of(uint32_t node)
{
    return node && names->nodes[node].row ? &names->rows[names->nodes[node].row - 1] : NULL;
}

static const struct interest_row *row_called(const char *name)
{
    return row_of(interest_find(names, name));
}

/* The row of the last n words of a chain. */
static const struct interest_row *row_of_words(const struct chain *c, size_t n)
{
    uint32_t node = 0;

    for (size_t i = n; i > 0; i--)
        if (!(node = child(node, c->word[i - 1])))
            return NULL;
    return row_of(node);
}

/* A method of JavaScript: "exec(a) {". */
static bool is_method(struct span in, size_t close)
{
    return at(in, close) == ')' && at(in, skip_blanks(in, close + 1)) == '{';
}

/* "def eval(", "function compile(": what is defined there is another. */
static bool is_defined(const struct chain *c)
{
    static const char *const words[] = { "def", "class", "function", "func", "fn", "sub" };

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (span_is(c->before, words[i]))
            return true;
    return false;
}

static const struct interest_row *builtin_row(const struct chain *c)
{
    const struct interest_row *row;

    if (c->n != 1 || c->continues || is_defined(c))
        return NULL;
    row = row_of(child(interest_find(names, "builtins"), c->word[0]));
    return row && row->flags & INTEREST_USE ? row : NULL;
}

/* The row that a chain names: of an attribute of anything, of a dotted name, of a builtin. */
static const struct interest_row *find_row(const struct chain *c)
{
    uint32_t last = interest_word(names, (const char *)c->word[0].p, c->word[0].n);
    const struct interest_row *row;

    if (last >= names->words_n)
        return NULL;
    if (names->members[last] && (c->n > 1 || c->continues))
        return &names->rows[names->members[last] - 1];
    for (size_t n = c->n; n > 1; n--) {
        row = row_of_words(c, n);
        if (row && row->flags & INTEREST_USE)
            return row;
    }
    return builtin_row(c);
}

/* Whether the last words of the chain are those of a dotted name; a single word stands alone. */
static bool chain_is(const struct chain *c, const char *name)
{
    struct span rest = span_text(name);
    size_t words = 1;

    for (size_t i = 0; i < rest.n; i++)
        words += rest.p[i] == '.';
    if (c->n < words || (words == 1 && (c->n > 1 || c->continues || is_defined(c))))
        return false;
    for (size_t i = words; i > 0; i--) {
        struct span word = c->word[i - 1];

        if (!span_starts(rest, word) || (rest.n > word.n) != (i > 1))
            return false;
        rest = span_from(rest, word.n + (i > 1));
    }
    return true;
}

/* compile() alone runs nothing: it counts with the mode that makes code of a text. */
static bool compiles(struct span all)
{
    for (int i = 0; all.n > 0; i++) {
        struct span arg = take_argument(&all), key;
        bool named = has_keyword(&arg, &key);
        struct argument mode = read_argument(arg);

        if ((named ? span_is(key, "mode") : i == 2) && mode.quote)
            return span_is(mode.value, "exec") || span_is(mode.value, "eval") ||
                   span_is(mode.value, "single");
    }
    return false;
}

/* __import__("os").popen(...): told as what is taken from the module. */
static bool tell_of_module(struct search *x, const struct chain *c, size_t open, struct span all)
{
    struct argument module = read_argument(trimmed(all)), none = { .value = SPAN_EMPTY };
    size_t close = open + 1 + all.n;
    const struct interest_row *row;

    if (!module.quote || at(x->text.in, close) != ')' || at(x->text.in, close + 1) != '.')
        return false;
    row = row_of(child(child(0, module.value), word_at(x->text.in, close + 2)));
    if (!row || !(row->flags & INTEREST_USE))
        return false;
    tell(x, c->start, row->name, &none);
    return true;
}

static void tell_row(struct search *x, const struct chain *c, const struct interest_row *row,
                     struct span all)
{
    struct argument arg;

    if (is_mention(all) && !span_starts(c->word[0], SPAN_LITERAL("__")))
        return;
    if (strcmp(row->name, "builtins.compile") == 0 && !compiles(all))
        return;
    arg = find_argument(all, row->arg, row->key);
    if (is_of_interest(row, &arg))
        tell(x, c->start, row->name, &arg);
}

/* getattr(os, "system") */
static void tell_getattr(struct search *x, const struct chain *c, struct span all)
{
    struct span object = take_argument(&all);
    struct argument name = read_argument(take_argument(&all)), none = { .value = SPAN_EMPTY };
    uint32_t node = 0;

    if (!is_dotted_name(object) || !name.quote)
        return;
    while (object.n > 0) {
        struct span word = word_at(object, 0);

        node = word.n ? child(node, word) : 0;
        if (!node)
            return;
        object = span_from(object, word.n + 1);
    }
    node = child(node, name.value);
    if (row_of(node) && row_of(node)->flags & INTEREST_USE)
        tell(x, c->start, row_of(node)->name, &none);
}

/* Path("/etc/passwd").read_text( */
static void tell_path(struct search *x, const struct chain *c, size_t open, struct span all)
{
    struct argument path = read_argument(trimmed(all));
    size_t close = open + 1 + all.n;
    char name[WORD_MAX + 16] = "pathlib.Path.";
    const struct interest_row *row;
    struct span method;

    if (!path.quote || !is_absolute(path.value) || at(x->text.in, close) != ')' ||
        at(x->text.in, close + 1) != '.')
        return;
    method = word_at(x->text.in, close + 2);
    if (at(x->text.in, close + 2 + method.n) != '(')
        return;
    memcpy(name + strlen(name), method.p, method.n);
    row = row_called(name);
    if (row)
        tell(x, c->start, row->name, &path);
}

static const char *node_module(struct span name)
{
    if (span_starts(name, SPAN_LITERAL("node:")))
        (void)skip(&name, 5);
    for (size_t i = 0; i < ARRAY_LEN(modules); i++)
        if (span_is(name, modules[i].module))
            return modules[i].subject;
    return NULL;
}

/* new Function("..."), new WebSocket("..."); "return this" is how bundles find the global object.
 */
static void tell_new(struct search *x, const struct chain *c, struct span all)
{
    struct argument arg = read_argument(take_argument(&all));

    for (size_t i = 0; i < ARRAY_LEN(classes); i++)
        if (chain_is(c, classes[i].class) && !(arg.quote && span_is(arg.value, "return this")))
            tell(x, c->start, classes[i].subject, &arg);
}

/* require("net"), import("net"), fetch("https://...") */
static void tell_script(struct search *x, const struct chain *c, struct span all)
{
    struct argument first = read_argument(take_argument(&all));

    if (!first.quote)
        return;
    if ((chain_is(c, "require") || chain_is(c, "import")) && node_module(first.value))
        tell(x, c->start, node_module(first.value), &first);
    else if (chain_is(c, "fetch") && span_starts(first.value, SPAN_LITERAL("http")))
        tell(x, c->start, "js.fetch", &first);
}

/* What the tables above add to the list. */
static void tell_more(struct search *x, const struct chain *c, size_t open)
{
    struct argument none = { .value = SPAN_EMPTY };
    struct span all = arguments(x, open);

    for (size_t i = 0; i < ARRAY_LEN(calls); i++)
        if (chain_is(c, calls[i].call)) {
            if (!is_mention(all))
                tell(x, c->start, calls[i].subject, &none);
            return;
        }
    if (chain_is(c, "getattr"))
        tell_getattr(x, c, all);
    else if (span_is(c->word[0], "Path"))
        tell_path(x, c, open, all);
    else if (span_is(c->before, "new"))
        tell_new(x, c, all);
    else
        tell_script(x, c, all);
}

/* A bracket opens at off: is what stands before it one of the names? */
static void look_at_call(struct search *x, size_t off)
{
    struct chain c = chain_before(x->text.in, off);
    const struct interest_row *row;
    struct span all;

    if (c.n == 0 || c.word[0].n < 2)
        return;
    if (c.n == 1 && !x->python && is_blank(x->text.in.p[off - 1])) /* "eval (as in ...)" */
        return;
    row = find_row(&c);
    if (row) {
        all = arguments(x, off);
        if ((c.n > 1 || !is_method(x->text.in, off + 1 + all.n)) &&
            !(chain_is(&c, "__import__") && tell_of_module(x, &c, off, all)))
            tell_row(x, &c, row, all);
    } else if (may_be_more(c.word[0])) {
        tell_more(x, &c, off);
    }
}

static void find_calls(struct search *x)
{
    struct span in = x->text.in;
    const uint8_t *hit;

    rewind_to_start(x);
    for (size_t off = 0; off < in.n && (hit = memchr(in.p + off, '(', in.n - off)); off++) {
        off = (size_t)(hit - in.p);
        look_at_call(x, off);
    }
}

/* --- Imports --- */

/* if, try, else and their kin, which a statement may follow on the same line. */
static bool is_block(struct span in, size_t colon)
{
    static const char *const words[] = { "if",   "try",   "else",   "elif", "for",   "while",
                                         "with", "class", "except", "def",  "async", "finally" };
    size_t start = colon;
    struct span word;

    while (start > 0 && colon - start < 200 && in.p[start - 1] != '\n')
        start--;
    word = word_at(in, skip_blanks(in, start));
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (span_is(word, words[i]))
            return true;
    return false;
}

static bool ends_with(struct span in, size_t off, struct span what)
{
    struct span head;

    return span_sub(in, 0, off, &head) && span_ends(head, what);
}

/* Whether a statement may start at off: of a line, of what a prompt asks for, after another. */
static bool starts_statement(struct span in, size_t off)
{
    size_t end = back_over_blanks(in, off);

    if (end == 0 || memchr("\n\r;", in.p[end - 1], 3) || (end == 3 && in.p[0] == 0xEF) ||
        ends_with(in, end, SPAN_LITERAL("\\n")))
        return true;
    if (ends_with(in, end, SPAN_LITERAL(">>>")) || ends_with(in, end, SPAN_LITERAL("...")))
        return end == 3 || memchr("\n\r \t", in.p[end - 4], 4);
    if (in.p[end - 1] == '"' || in.p[end - 1] == '\'') { /* python -c "import ..." */
        end = back_over_blanks(in, end - 1 - (end > 1 && in.p[end - 2] == '\\'));
        return ends_with(in, end, SPAN_LITERAL("-c"));
    }
    return in.p[end - 1] == ':' && is_block(in, end - 1);
}

/* Whether code sets a string off that holds it: "import os;..." or "import os\n...". */
static bool starts_string(struct span in, size_t off)
{
    return off > 0 && (in.p[off - 1] == '"' || in.p[off - 1] == '\'');
}

static bool ends_statement(struct span in, size_t off)
{
    uint8_t c;

    off = skip_blanks(in, off);
    c = at(in, off);
    return off >= in.n || (c && strchr("\n\r;#\\\"'", c));
}

/* The same for a statement that starts a string: another must follow. */
static bool ends_first_statement(struct span in, size_t off)
{
    off = skip_blanks(in, off);
    return at(in, off) == ';' || span_starts(span_from(in, off), SPAN_LITERAL("\\n"));
}

struct import {
    const struct interest_row *rows[SAME_MAX];
    size_t n;
};

static void note(struct import *list, const struct interest_row *row)
{
    if (list->n < SAME_MAX)
        list->rows[list->n++] = row;
}

/* Walks a dotted name down the tree from *node; its length. *module: the deepest that counts. */
static size_t read_name(struct span in, size_t off, uint32_t *node,
                        const struct interest_row **module)
{
    size_t start = off;
    bool known = true;

    for (;;) {
        struct span word = word_at(in, off);
        const struct interest_row *row;

        if (word.n == 0)
            return 0;
        *node = known ? child(*node, word) : 0;
        known = *node != 0;
        row = row_of(*node);
        if (row && row->flags & (INTEREST_IMPORT | INTEREST_EXEMPT))
            *module = row;
        off += word.n;
        if (at(in, off) != '.')
            return off - start;
        off++;
    }
}

/* Past " as NAME", where it stands. */
static size_t skip_as(struct span in, size_t off)
{
    size_t as = skip_blanks(in, off);

    if (as == off || !span_is(word_at(in, as), "as"))
        return off;
    as = skip_blanks(in, as + 2);
    return as + word_at(in, as).n;
}

static bool counts(const struct interest_row *module)
{
    return module && !(module->flags & INTEREST_EXEMPT);
}

/* "a.b as c, d": where it ends, or 0. */
static size_t read_modules(struct span in, size_t off, struct import *list)
{
    for (;;) {
        const struct interest_row *module = NULL;
        uint32_t node = 0;
        size_t n;

        off = skip_blanks(in, off);
        n = read_name(in, off, &node, &module);
        if (n == 0)
            return 0;
        if (counts(module))
            note(list, module);
        off = skip_as(in, off + n);
        if (at(in, skip_blanks(in, off)) != ',')
            return off;
        off = skip_blanks(in, off) + 1;
    }
}

/* Past blanks; inside brackets also past line ends, written out or as "\n", and comments. */
static size_t skip_between(struct span in, size_t off, bool bracket, size_t end)
{
    while (off < end) {
        if (is_blank(at(in, off)))
            off++;
        else if (bracket && (at(in, off) == '\n' || at(in, off) == '\r'))
            off++;
        else if (at(in, off) == '\\' && at(in, off + 1) == '\n')
            off += 2;
        else if (bracket && at(in, off) == '\\' && at(in, off + 1) == 'n')
            off += 2;
        else if (bracket && at(in, off) == '#')
            while (off < end && at(in, off) != '\n')
                off++;
        else
            break;
    }
    return off;
}

/* What "from MODULE import" goes on with: where it ends, or 0. */
static size_t read_members(struct span in, size_t off, uint32_t node,
                           const struct interest_row *module, struct import *list)
{
    size_t end = in.n - off < STATEMENT_MAX ? in.n : off + STATEMENT_MAX;
    bool bracket;

    off = skip_between(in, off, false, end);
    bracket = at(in, off) == '(';
    off += bracket;
    for (;;) {
        const struct interest_row *row, *below = module;
        struct span word;

        off = skip_between(in, off, bracket, end);
        word = at(in, off) == '*' ? SPAN_LITERAL("*") : word_at(in, off);
        if (word.n == 0)
            return bracket && at(in, off) == ')' ? off + 1 : 0;
        row = node ? row_of(child(node, word)) : NULL;
        if (row && row->flags & (INTEREST_IMPORT | INTEREST_EXEMPT))
            below = row;
        if (counts(below))
            note(list, below);
        else if (row && row->flags & INTEREST_USE && !(row->flags & INTEREST_CALL))
            note(list, row);
        off = skip_between(in, skip_as(in, off + word.n), bracket, end);
        if (at(in, off) != ',')
            return bracket ? (at(in, off) == ')' ? off + 1 : 0) : off;
        off++;
    }
}

/* import {exec} from "child_process"; import "net"; a call of import() was looked at as such. */
static void look_at_script_import(struct search *x, size_t off)
{
    struct span line = span_from(x->text.in, off), word;
    size_t end, start = SIZE_MAX;

    if (at(line, skip_blanks(line, 6)) == '(')
        return;
    for (end = 0; end < line.n && end < 512 && line.p[end] != '\n' && line.p[end] != ';'; end++)
        if (start == SIZE_MAX && (line.p[end] == '"' || line.p[end] == '\''))
            start = end + 1;
        else if (start != SIZE_MAX && line.p[end] == line.p[start - 1])
            break;
    if (start != SIZE_MAX && span_sub(line, start, end - start, &word) && node_module(word))
        tell(x, off, node_module(word), NULL);
}

/* Where "from MODULE" starts whose "import" stands at off; SIZE_MAX when none does. */
static size_t from_before(struct span in, size_t off, struct span *module)
{
    size_t end = back_over_blanks(in, off), start = end;

    *module = SPAN_EMPTY;
    if (end == off)
        return SIZE_MAX;
    while (start > 0 && end - start < WORDS_MAX * WORD_MAX &&
           (is_word(in.p[start - 1]) || in.p[start - 1] == '.'))
        start--;
    if (!span_sub(in, start, end - start, module) || module->n == 0)
        return SIZE_MAX;
    end = back_over_blanks(in, start);
    if (end == start || !span_is(word_before(in, end), "from"))
        return SIZE_MAX;
    return end - 4;
}

/* The word "import" stands at off. */
static void look_at_import(struct search *x, size_t off)
{
    const struct interest_row *module = NULL;
    struct import list = { .n = 0 };
    struct span in = x->text.in, name;
    size_t start = from_before(in, off, &name), end = off + 6;
    bool first = starts_statement(in, start == SIZE_MAX ? off : start);
    uint32_t node = 0;

    if (!first && !starts_string(in, start == SIZE_MAX ? off : start))
        return;
    if (start == SIZE_MAX) {
        start = off;
        end = is_blank(at(in, end)) ? read_modules(in, end, &list) : 0;
    } else if (read_name(name, 0, &node, &module) == name.n) {
        end = read_members(in, end, node, module, &list);
    }
    if (end == 0 && first)
        look_at_script_import(x, start);
    if (end == 0 || !(first ? ends_statement(in, end) : ends_first_statement(in, end)))
        return;
    for (size_t i = 0; i < list.n; i++)
        tell(x, start, list.rows[i]->name, NULL);
}

static void find_imports(struct search *x)
{
    static const struct span import = { (const uint8_t *)"import", 6 };
    struct span in = x->text.in;
    size_t off = 0;

    rewind_to_start(x);
    for (; (off = span_find(in, off, import)) != SIZE_MAX; off += import.n)
        if ((off == 0 || !is_word(in.p[off - 1]) || is_escape(in, off - 1)) &&
            !is_word(at(in, off + import.n)))
            look_at_import(x, off);
}

/* --- The exec statement of Python 2 --- */

/* exec "..."; in what was meant to be Python, exec of anything. */
static bool is_exec_statement(const struct search *x, size_t off)
{
    struct span in = x->text.in;
    size_t code = skip_blanks(in, off + 4);
    struct argument arg = { .value = SPAN_EMPTY };

    if (code == off + 4 || !starts_statement(in, off))
        return false;
    if (x->python)
        return is_word(at(in, code)) || at(in, code) == '"' || at(in, code) == '\'';
    return read_string(span_from(in, code), &arg) && arg.quote != '`' && at(arg.value, 0) != '$';
}

static void find_exec_statements(struct search *x)
{
    static const struct span exec = { (const uint8_t *)"exec ", 5 };
    const struct interest_row *row = row_called("builtins.exec");
    struct argument none = { .value = SPAN_EMPTY };
    size_t off = 0;

    rewind_to_start(x);
    for (; row && (off = span_find(x->text.in, off, exec)) != SIZE_MAX; off += exec.n)
        if (is_exec_statement(x, off))
            tell(x, off, row->name, &none);
}

static enum pratique_status search(struct search *x)
{
    if (!names)
        return scan_fail(x->text.s, PRATIQUE_E_NOMEM, 0, "no list of names");
    x->arguments_left = 4 * (uint64_t)x->text.in.n;
    find_calls(x);
    find_imports(x);
    find_exec_statements(x);
    return PRATIQUE_OK;
}

enum pratique_status text_deny(const struct text *t)
{
    struct search x = { .text = *t, .first_line = 1 };

    return search(&x);
}

enum pratique_status text_names(struct scan *s, struct span text, uint32_t line)
{
    struct search x = { .text = { s, text, false }, .first_line = line, .python = true };

    return search(&x);
}
