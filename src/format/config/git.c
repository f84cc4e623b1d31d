/*
 * Configurations of git: settings that name a program. A folder that comes with a .git runs them as
 * soon as anybody asks git about it; a prompt that shows the branch, or an editor, does so unasked.
 *
 * Spec: git-scm.com/docs/git-config (syntax; core.fsmonitor, core.sshCommand, core.hooksPath,
 * filter.<driver>, diff.<driver>, alias.*, credential.helper), git-scm.com/docs/gitmodules. Values
 * that go on in the next line, and "include.path", which only names another file, are not followed.
 */
#include <ctype.h>
#include <strings.h>

#include "base/compiler.h"
#include "format/config/config.h"
#include "format/path.h"
#include "format/text/config.h"

#define TOLD_MAX 16

/* A key that is run: always, or only with a value that starts so. */
static const struct {
    const char *key, *start;
} programs[] = {
    { "fsmonitor", "" },       { "sshcommand", "" }, { "hookspath", "" },   { "editor", "" },
    { "pager", "" },           { "askpass", "" },    { "gitproxy", "" },    { "textconv", "" },
    { "external", "" },        { "command", "" },    { "clean", "" },       { "smudge", "" },
    { "process", "" },         { "driver", "" },     { "cmd", "" },         { "program", "" },
    { "packobjectshook", "" }, { "uploadpack", "" }, { "receivepack", "" }, { "update", "!" },
    { "url", "ext::" },        { "url", "-" },       { "helper", "!" },     { "helper", "/" },
};

static struct span trim(struct span s)
{
    while (s.n > 0 && (isspace(s.p[0]) || s.p[0] == '"'))
        (void)skip(&s, 1);
    while (s.n > 0 && (isspace(s.p[s.n - 1]) || s.p[s.n - 1] == '"'))
        s.n--;
    return s;
}

static bool same(struct span a, const char *b)
{
    return a.n == strlen(b) && strncasecmp((const char *)a.p, b, a.n) == 0;
}

/* What git itself writes there, and Git LFS. */
static bool is_ordinary(struct span key, struct span value)
{
    if (value.n == 0 || span_starts(value, SPAN_LITERAL("git-lfs ")))
        return true;
    return same(key, "fsmonitor") && (same(value, "true") || same(value, "false"));
}

static bool runs(struct span section, struct span key, struct span value)
{
    if (same(section, "alias"))
        return span_starts(value, SPAN_LITERAL("!"));
    for (size_t i = 0; i < ARRAY_LEN(programs); i++)
        if (same(key, programs[i].key) && span_starts(value, span_text(programs[i].start)))
            return !is_ordinary(key, value);
    return false;
}

/* "[filter "x"]": filter. */
static struct span section_of(struct span line)
{
    size_t n = 1;

    while (n < line.n && (isalnum(line.p[n]) || line.p[n] == '-'))
        n++;
    return span_of(line.p + 1, n - 1);
}

static bool is_setting(struct span line, struct span *key, struct span *value)
{
    const uint8_t *equals = memchr(line.p, '=', line.n);

    if (!equals)
        return false;
    *key = trim(span_of(line.p, (size_t)(equals - line.p)));
    *value = trim(span_from(line, (size_t)(equals - line.p) + 1));
    return true;
}

bool config_is_git(struct span name, struct span text)
{
    struct span base = path_base(name);

    if (same(base, ".gitconfig") || same(base, ".gitmodules"))
        return true;
    return (same(base, "config") || same(base, "config.worktree")) &&
           (span_starts(text, SPAN_LITERAL("[core]")) ||
            span_find(text, 0, SPAN_LITERAL("\n[core]")) != SIZE_MAX);
}

void config_git(const struct text *t)
{
    struct span in = t->in, line, section = SPAN_EMPTY, key, value;
    unsigned told = 0;

    while (in.n > 0 && told < TOLD_MAX) {
        size_t off = (size_t)(in.p - t->in.p);

        if (!take_line(&in, &line)) {
            line = in;
            in = SPAN_EMPTY;
        }
        line = trim(line);
        if (line.n > 0 && line.p[0] == '[') {
            section = section_of(line);
        } else if (is_setting(line, &key, &value) && runs(section, key, value)) {
            text_fact(t, FACT_CONFIG_GIT, off, key, value);
            told++;
        }
    }
}
