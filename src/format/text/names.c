/* Files by name, as the tools that run them tell them apart. See names.h. */
#include "format/text/names.h"

#include <strings.h>

#include "base/compiler.h"

static const struct {
    const char *name, *language;
} by_extension[] = {
#define LANGUAGE(extension, language) { extension, language },
#include "format/text/languages.def"
#undef LANGUAGE
};

/* Whole names, any case, that a build tool or a shell runs. */
static const struct {
    const char *name, *language;
} by_name[] = {
    { "makefile", "make" },         { "gnumakefile", "make" },
    { "dockerfile", "Dockerfile" }, { "containerfile", "Dockerfile" },
    { "jenkinsfile", "Groovy" },    { "vagrantfile", "Ruby" },
    { "rakefile", "Ruby" },         { "gemfile", "Ruby" },
    { "justfile", "just" },         { "sconstruct", "Python" },
    { "sconscript", "Python" },     { "wscript", "Python" },
    { "cmakelists.txt", "CMake" },  { "meson.build", "Meson" },
    { "configure", "shell" },       { "configure.ac", "M4" },
    { ".bashrc", "shell" },         { ".profile", "shell" },
    { ".bash_profile", "shell" },   { ".zshrc", "shell" },
    { ".envrc", "shell" },          { "crontab", "crontab" },
    { "procfile", "shell" },        { "build.bazel", "Starlark" },
};

static const struct {
    const char *extension;
    enum text_class class;
} data[] = {
    { "txt", CLASS_PROSE },   { "md", CLASS_PROSE },     { "markdown", CLASS_PROSE },
    { "rst", CLASS_PROSE },   { "csv", CLASS_PROSE },    { "tsv", CLASS_PROSE },
    { "jsonl", CLASS_PROSE }, { "ndjson", CLASS_PROSE }, { "log", CLASS_PROSE },
    { "po", CLASS_PROSE },    { "pot", CLASS_PROSE },    { "bib", CLASS_PROSE },
    { "srt", CLASS_PROSE },   { "vtt", CLASS_PROSE },    { "pyi", CLASS_PROSE },
    { "typed", CLASS_PROSE }, { "css", CLASS_PROSE },    { "lock", CLASS_CONFIG },
    { "json", CLASS_CONFIG }, { "yaml", CLASS_CONFIG },  { "yml", CLASS_CONFIG },
    { "toml", CLASS_CONFIG }, { "ini", CLASS_CONFIG },   { "cfg", CLASS_CONFIG },
    { "conf", CLASS_CONFIG }, { "json5", CLASS_CONFIG }, { "properties", CLASS_CONFIG },
    { "html", CLASS_MARKUP }, { "htm", CLASS_MARKUP },   { "xhtml", CLASS_MARKUP },
    { "svg", CLASS_MARKUP },  { "xml", CLASS_MARKUP },   { "pmml", CLASS_MARKUP },
};

/* Names of documentation, whatever follows: "LICENSE-MIT", "README.in". */
static const char *const prose[] = { "license",   "licence", "copying", "notice",      "readme",
                                     "changelog", "changes", "authors", "metadata",    "pkg-info",
                                     "record",    "wheel",   "history", "contributors" };

static bool same(struct span a, const char *b)
{
    return a.n == strlen(b) && strncasecmp((const char *)a.p, b, a.n) == 0;
}

/* The last part of a path, as a file system sees it: no NUL, no dots or spaces at its end. */
static struct span base_of(struct span name)
{
    size_t start = 0, end = name.n;
    struct span base;

    for (size_t i = 0; i < end; i++) {
        if (name.p[i] == 0)
            end = i;
        else if (name.p[i] == '/' || name.p[i] == '\\')
            start = i + 1;
    }
    while (end > start && (name.p[end - 1] == ' ' || name.p[end - 1] == '.'))
        end--;
    return span_sub(name, start, end - start, &base) ? base : SPAN_EMPTY;
}

static struct span extension_of(struct span base)
{
    for (size_t i = base.n; i > 0; i--)
        if (base.p[i - 1] == '.')
            return span_from(base, i);
    return SPAN_EMPTY;
}

struct text_name text_name_of(struct span name)
{
    struct span base = base_of(name), ext = extension_of(base);

    for (size_t i = 0; i < ARRAY_LEN(by_name); i++)
        if (same(base, by_name[i].name))
            return (struct text_name){ CLASS_SOURCE, by_name[i].language };
    for (size_t i = 0; i < ARRAY_LEN(by_extension); i++)
        if (same(ext, by_extension[i].name))
            return (struct text_name){ CLASS_SOURCE, by_extension[i].language };
    for (size_t i = 0; i < ARRAY_LEN(data); i++)
        if (same(ext, data[i].extension))
            return (struct text_name){ data[i].class, NULL };
    for (size_t i = 0; i < ARRAY_LEN(prose); i++)
        if (base.n >= strlen(prose[i]) &&
            strncasecmp((const char *)base.p, prose[i], strlen(prose[i])) == 0)
            return (struct text_name){ CLASS_PROSE, NULL };
    return (struct text_name){ CLASS_UNKNOWN, NULL };
}
