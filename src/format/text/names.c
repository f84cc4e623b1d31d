/* Files by name, as the tools that run them tell them apart. See names.h. */
#include "format/text/names.h"

#include <strings.h>

#include "base/compiler.h"
#include "format/path.h"
#include "format/text/text.h"

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
    { "justfile", "just" },         { "meson.build", "Meson" },
    { "cmakelists.txt", "CMake" },  { "configure", "shell" },
    { "configure.ac", "M4" },       { ".bashrc", "shell" },
    { ".profile", "shell" },        { ".bash_profile", "shell" },
    { ".zshrc", "shell" },          { ".envrc", "shell" },
    { "crontab", "crontab" },       { "procfile", "shell" },
    { "build.bazel", "Starlark" },
};

/* Whole names, any case, of Python that goes without an extension. */
static const char *const python[] = { "sconstruct", "sconscript", "wscript" };

static const struct {
    const char *extension;
    enum text_class class;
} by_kind[] = {
    { "py", CLASS_PYTHON },       { "pyw", CLASS_PYTHON },        { "py3", CLASS_PYTHON },
    { "py2", CLASS_PYTHON },      { "pyi", CLASS_PYTHON },        { "pyt", CLASS_PYTHON },
    { "wsgi", CLASS_PYTHON },     { "tac", CLASS_PYTHON },        { "ipynb", CLASS_NOTEBOOK },
    { "pth", CLASS_PTH },         { "js", CLASS_SCRIPT },         { "mjs", CLASS_SCRIPT },
    { "cjs", CLASS_SCRIPT },      { "jsx", CLASS_SCRIPT },        { "ts", CLASS_SCRIPT },
    { "mts", CLASS_SCRIPT },      { "cts", CLASS_SCRIPT },        { "tsx", CLASS_SCRIPT },
    { "txt", CLASS_PROSE },       { "md", CLASS_PROSE },          { "markdown", CLASS_PROSE },
    { "rst", CLASS_PROSE },       { "csv", CLASS_PROSE },         { "tsv", CLASS_PROSE },
    { "jsonl", CLASS_PROSE },     { "ndjson", CLASS_PROSE },      { "log", CLASS_PROSE },
    { "po", CLASS_PROSE },        { "pot", CLASS_PROSE },         { "bib", CLASS_PROSE },
    { "srt", CLASS_PROSE },       { "vtt", CLASS_PROSE },         { "typed", CLASS_PROSE },
    { "css", CLASS_PROSE },       { "lock", CLASS_CONFIG },       { "json", CLASS_CONFIG },
    { "yaml", CLASS_CONFIG },     { "yml", CLASS_CONFIG },        { "toml", CLASS_CONFIG },
    { "ini", CLASS_CONFIG },      { "cfg", CLASS_CONFIG },        { "conf", CLASS_CONFIG },
    { "json5", CLASS_CONFIG },    { "properties", CLASS_CONFIG }, { "html", CLASS_MARKUP },
    { "htm", CLASS_MARKUP },      { "xhtml", CLASS_MARKUP },      { "svg", CLASS_MARKUP },
    { "xml", CLASS_MARKUP },      { "pmml", CLASS_MARKUP },       { "jinja", CLASS_TEMPLATE },
    { "jinja2", CLASS_TEMPLATE }, { "j2", CLASS_TEMPLATE },
};

/* Names of documentation, whatever follows: "LICENSE-MIT", "README.in". */
static const char *const prose[] = { "license",   "licence", "copying", "notice",      "readme",
                                     "changelog", "changes", "authors", "metadata",    "pkg-info",
                                     "record",    "wheel",   "history", "contributors" };

/* What packages say of themselves, whole names: programs read fields of it, and nobody runs it. */
static const char *const metadata[] = { "metadata", "pkg-info", "record", "wheel" };

static bool same(struct span a, const char *b)
{
    return a.n == strlen(b) && strncasecmp((const char *)a.p, b, a.n) == 0;
}

static bool is_one_of(struct span base, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (same(base, names[i]))
            return true;
    return false;
}

static bool is_prose(struct span base)
{
    for (size_t i = 0; i < ARRAY_LEN(prose); i++)
        if (base.n >= strlen(prose[i]) &&
            strncasecmp((const char *)base.p, prose[i], strlen(prose[i])) == 0)
            return true;
    return false;
}

static enum text_class class_of(struct span base, struct span ext)
{
    if (is_one_of(base, python, ARRAY_LEN(python)))
        return CLASS_PYTHON;
    for (size_t i = 0; i < ARRAY_LEN(by_kind); i++)
        if (same(ext, by_kind[i].extension))
            return by_kind[i].class;
    if (is_one_of(base, metadata, ARRAY_LEN(metadata)))
        return CLASS_METADATA;
    return is_prose(base) ? CLASS_PROSE : CLASS_UNKNOWN;
}

struct text_name text_name_of(struct span name)
{
    struct span base = path_base(name), ext = path_extension(base);

    for (size_t i = 0; i < ARRAY_LEN(by_name); i++)
        if (same(base, by_name[i].name))
            return (struct text_name){ CLASS_SOURCE, by_name[i].language };
    for (size_t i = 0; i < ARRAY_LEN(by_extension); i++)
        if (same(ext, by_extension[i].name))
            return (struct text_name){ CLASS_SOURCE, by_extension[i].language };
    return (struct text_name){ class_of(base, ext), NULL };
}

bool text_is_python_name(struct span name)
{
    return text_name_of(name).class == CLASS_PYTHON;
}
