/*
 * Canaries: harmless stand-ins for what a second stage is fetched as. Run, loaded or
 * imported, each tries to open "/CANARY-<token>-<kind>" for writing, which never works where
 * it is run, ignores that, and does nothing else. The attempt is what the supervisor sees.
 */
#include "watch/canary.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define STEM_MAX    64
#define MEMBERS_MAX 24
#define ARCHIVE_MAX (16u << 20)

#define PICKLE_LENGTH_AT 19 /* behind PROTO, GLOBAL builtins.exec, MARK, BINUNICODE */

const char *canary_name(enum canary_kind kind)
{
    static const char *const names[CANARY_KINDS] = {
        [CANARY_SCRIPT] = "script", [CANARY_PYTHON] = "python",  [CANARY_ZIP] = "zip",
        [CANARY_WHEEL] = "wheel",   [CANARY_TAR_GZ] = "archive", [CANARY_NATIVE] = "native",
        [CANARY_PICKLE] = "pickle", [CANARY_JSON] = "json",      [CANARY_TEXT] = "text",
    };

    return (unsigned)kind < CANARY_KINDS ? names[kind] : "?";
}

/* ---- texts ---- */

/*
 * No single quote stands in it, so that a shell can take it as one quoted word. Whatever is
 * asked of the module is there, and is nothing.
 */
#define PYTHON_TEXT                                                                                \
    "try:\n"                                                                                       \
    "    open(\"/CANARY-%s-%s\", \"w\").close()\n"                                                 \
    "except Exception:\n"                                                                          \
    "    pass\n"                                                                                   \
    "\n\n"                                                                                         \
    "class Nothing:\n"                                                                             \
    "    def __init__(self, *args, **kwargs):\n"                                                   \
    "        pass\n"                                                                               \
    "\n"                                                                                           \
    "    def __call__(self, *args, **kwargs):\n"                                                   \
    "        return self\n"                                                                        \
    "\n"                                                                                           \
    "    def __getattr__(self, name):\n"                                                           \
    "        if name.startswith(\"__\"):\n"                                                        \
    "            raise AttributeError(name)\n"                                                     \
    "        return self\n"                                                                        \
    "\n\n"                                                                                         \
    "def __getattr__(name):\n"                                                                     \
    "    if name.startswith(\"__\"):\n"                                                            \
    "        raise AttributeError(name)\n"                                                         \
    "    return Nothing()\n"

void canary_python(char out[CANARY_TEXT_MAX], const char *token, enum canary_kind kind)
{
    (void)snprintf(out, CANARY_TEXT_MAX, PYTHON_TEXT, token, canary_name(kind));
}

/*
 * To a shell, ": '''" begins a word that ends in the last line; to Python the first lines are
 * a text without consequence, the last a comment. The redirection is tried in a shell of its
 * own: a failing one would end the caller's, as would a failed command under "set -e".
 */
static struct span make_script(struct arena *arena, const char *token)
{
    char *s = arena_printf(arena,
                           "#!/bin/sh\n"
                           "''':'\n"
                           "(: > \"/CANARY-%s-script\") 2>/dev/null || :\n"
                           ": '''\n" PYTHON_TEXT "#'\n",
                           token, token, canary_name(CANARY_SCRIPT));

    return s ? span_text(s) : SPAN_EMPTY;
}

static struct span make_javascript(struct arena *arena, const char *token)
{
    char *s = arena_printf(
        arena, "try { require(\"fs\").writeFileSync(\"/CANARY-%s-script\", \"\"); } catch (e) {}\n",
        token);

    return s ? span_text(s) : SPAN_EMPTY;
}

static struct span make_python(struct arena *arena, const char *token)
{
    char text[CANARY_TEXT_MAX], *s;

    canary_python(text, token, CANARY_PYTHON);
    s = arena_copy(arena, text, strlen(text));
    return s ? span_text(s) : SPAN_EMPTY;
}

/*
 * Protocol 3: exec(text), whose None is dropped; what is loaded is an empty dict. Opcodes as
 * in CPython's pickletools.
 */
static struct span make_pickle(struct arena *arena, const char *token)
{
    char text[128], *p;
    int n = snprintf(text, sizeof text,
                     "try: open(\"/CANARY-%s-pickle\", \"w\").close()\nexcept Exception: pass\n",
                     token);

    p = arena_printf(arena, "..cbuiltins\nexec\n(X....%stR0}.", text);
    if (!p || n <= 0 || (size_t)n >= sizeof text)
        return SPAN_EMPTY;
    memcpy(p, "\x80\x03", 2);
    memset(p + PICKLE_LENGTH_AT, 0, 4);
    p[PICKLE_LENGTH_AT] = (char)n;
    return span_of(p, PICKLE_LENGTH_AT + 4 + (size_t)n + 5);
}

/* A text as a string of JSON has it (RFC 8259, section 7); it holds no other controls than \n. */
static const char *in_json(struct arena *arena, struct span text)
{
    char *to = arena_alloc(arena, 2 * text.n + 1);
    size_t n = 0;

    for (size_t i = 0; to && i < text.n; i++) {
        char c = (char)text.p[i];

        if (c == '"' || c == '\\' || c == '\n')
            to[n++] = '\\';
        to[n++] = c == '\n' ? 'n' : c;
    }
    if (to)
        to[n] = '\0';
    return to ? to : "";
}

/* What is to be run stands under the names that are asked for such. */
struct span canary_json(struct arena *arena, const char *base, const char *token)
{
    const char *run = in_json(arena, make_script(arena, token));
    char *s = arena_printf(
        arena,
        "{\"status\": \"ok\", \"success\": true, \"ok\": true, \"message\": \"ok\",\n"
        " \"code\": \"%s\",\n \"payload\": \"%s\",\n \"command\": \"%s\",\n \"cmd\": \"%s\",\n"
        " \"id\": \"1048576\", \"name\": \"update\", \"version\": \"1.4.2\", \"latest\": "
        "\"1.4.2\",\n"
        " \"tag_name\": \"v1.4.2\", \"ip\": \"52.23.118.7\", \"country\": \"US\", \"enabled\": "
        "true,\n"
        " \"url\": \"%s/download/update.py\", \"download_url\": \"%s/download/update.py\",\n"
        " \"script\": \"%s/download/update.sh\", \"binary_url\": "
        "\"%s/releases/download/v1.4.2/update\",\n"
        " \"info\": {\"name\": \"update\", \"version\": \"1.4.2\"},\n"
        " \"assets\": [{\"name\": \"update\", \"browser_download_url\": "
        "\"%s/releases/download/v1.4.2/update\"}],\n"
        " \"data\": {\"url\": \"%s/download/update.py\", \"version\": \"1.4.2\"}}\n",
        run, run, run, run, base, base, base, base, base, base);

    return s ? span_text(s) : SPAN_EMPTY;
}

/* ---- archives ---- */

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* A module's name out of a file's: "my-tool_v2" of "my-tool_v2.tar.gz" is "my_tool_v2". */
static void module_of(char out[STEM_MAX], const char *name)
{
    size_t n = 0;

    while (n + 1 < STEM_MAX && name[n] && name[n] != '.') {
        out[n] = is_name_char(name[n]) ? name[n] : '_';
        n++;
    }
    out[n] = '\0';
    if (n == 0)
        (void)snprintf(out, STEM_MAX, "payload");
}

/*
 * The project of "foo_bar-1.2-py3-none-any.whl" or "foo-bar-1.2.tar.gz", and its version. True
 * when the name says nothing more, as a source distribution's.
 */
static bool project_of(char project[STEM_MAX], char version[STEM_MAX], const char *name)
{
    const char *dash = strchr(name, '-'), *end;

    while (dash && !(dash[1] >= '0' && dash[1] <= '9'))
        dash = strchr(dash + 1, '-');
    if (!dash || dash == name) {
        module_of(project, name);
        (void)snprintf(version, STEM_MAX, "1.0.0");
        return false;
    }
    (void)snprintf(project, STEM_MAX, "%.*s", (int)(dash - name), name);
    for (char *c = project; *c; c++)
        *c = is_name_char(*c) ? *c : '_';
    end = dash + 1 + strcspn(dash + 1, "-");
    (void)snprintf(version, STEM_MAX, "%.*s", (int)(end - dash - 1), dash + 1);
    for (char *c = version; *c; c++) /* "1.2.tar.gz" */
        if (!is_name_char(*c) && *c != '+' && !(*c == '.' && c[1] >= '0' && c[1] <= '9'))
            *c = '\0';
    return *end == '\0';
}

struct members {
    struct pack_member list[MEMBERS_MAX];
    size_t n;
    struct arena *arena;
};

static void PRINTF_LIKE(4, 5)
    add(struct members *m, struct span bytes, unsigned mode, const char *fmt, ...);

static void add(struct members *m, struct span bytes, unsigned mode, const char *fmt, ...)
{
    char name[256], *copy;
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(name, sizeof name, fmt, ap);
    va_end(ap);
    copy = arena_copy(m->arena, name, strlen(name));
    if (copy && m->n < MEMBERS_MAX)
        m->list[m->n++] = (struct pack_member){ copy, bytes, mode };
}

/* Moves what was packed into the arena. */
static struct span finish(struct arena *arena, struct buf *b, bool ok)
{
    char *copy = ok ? arena_copy(arena, b->p, b->n) : NULL;
    size_t n = b->n;

    buf_free(b);
    return copy ? span_of(copy, n) : SPAN_EMPTY;
}

/* Compiled parts under the names that packages give them; folder ends in a slash, or is empty. */
static void add_native(struct members *m, const char *folder, const char *stem,
                       const struct sink_config *config)
{
    static const char *const names[] = { "_native.abi3.so", "_core.abi3.so", "_lib.so" };

    if (!config->native.n)
        return;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        add(m, config->native, 0755, "%s%s", folder, names[i]);
    add(m, config->native, 0755, "%slib%s.so", folder, stem);
    add(m, config->native, 0755, "%s%s.abi3.so", folder, stem);
}

/* A zipapp, with the module and the programs that whoever unpacks it would look for. */
static void add_zip(struct members *m, struct span code, const char *name,
                    const struct sink_config *config)
{
    static const char *const fixed[] = { "__main__.py", "__init__.py", "main.py",   "setup.py",
                                         "run.py",      "install.py",  "payload.py" };
    struct span script = make_script(m->arena, config->token);
    char stem[STEM_MAX];

    module_of(stem, name);
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
        add(m, code, 0644, "%s", fixed[i]);
    add(m, code, 0644, "%s.py", stem);
    add(m, code, 0644, "%s/__init__.py", stem);
    add(m, code, 0644, "%s/__main__.py", stem);
    add(m, script, 0755, "install.sh");
    add(m, script, 0755, "run.sh");
    if (config->native.n)
        add(m, config->native, 0755, "bin/%s", stem);
    add_native(m, "", stem, config);
}

static void add_wheel(struct members *m, struct span code, const char *name,
                      const struct sink_config *config)
{
    char folder[STEM_MAX + 2];
    char project[STEM_MAX], version[STEM_MAX], *record;
    char *metadata, *wheel = arena_printf(m->arena, "Wheel-Version: 1.0\nGenerator: "
                                                    "setuptools (75.6.0)\nRoot-Is-Purelib: true\n"
                                                    "Tag: py3-none-any\n\n");

    (void)project_of(project, version, name);
    metadata = arena_printf(m->arena, "Metadata-Version: 2.1\nName: %s\nVersion: %s\n\n", project,
                            version);
    if (!metadata || !wheel)
        return;
    (void)snprintf(folder, sizeof folder, "%s/", project);
    add(m, code, 0644, "%s__init__.py", folder);
    add_native(m, folder, project, config);
    add(m, span_text(metadata), 0644, "%s-%s.dist-info/METADATA", project, version);
    add(m, span_text(wheel), 0644, "%s-%s.dist-info/WHEEL", project, version);
    record = arena_printf(m->arena, "%s-%s.dist-info/RECORD,,\n", project, version);
    for (size_t i = 0; record && i < m->n; i++)
        record = arena_printf(m->arena, "%s%s,,\n", record, m->list[i].name);
    if (record)
        add(m, span_text(record), 0644, "%s-%s.dist-info/RECORD", project, version);
}

static char *make_setup(struct arena *arena, struct span code, const char *project,
                        const char *version)
{
    return arena_printf(arena,
                        "%.*s\n\ntry:\n    from setuptools import setup\n\n"
                        "    setup(name=\"%s\", version=\"%s\", packages=[\"%s\"])\n"
                        "except ImportError:\n    pass\n",
                        (int)code.n, (const char *)code.p, project, version, project);
}

/* A source distribution, all in one folder; or what whoever unpacks it would look for. */
static void add_tar(struct members *m, struct span code, const char *name,
                    const struct sink_config *config)
{
    char project[STEM_MAX], version[STEM_MAX], folder[2 * STEM_MAX + 2] = "";
    struct span script = make_script(m->arena, config->token);
    char *info, *setup;

    if (project_of(project, version, name))
        (void)snprintf(folder, sizeof folder, "%s-%s/", project, version);
    info =
        arena_printf(m->arena, "Metadata-Version: 2.1\nName: %s\nVersion: %s\n", project, version);
    setup = make_setup(m->arena, code, project, version);
    if (!info || !setup)
        return;
    add(m, span_text(setup), 0644, "%ssetup.py", folder);
    add(m, span_text(info), 0644, "%sPKG-INFO", folder);
    add(m, code, 0644, "%s%s/__init__.py", folder, project);
    add(m, code, 0644, "%s%s/__main__.py", folder, project);
    add(m, code, 0644, "%smain.py", folder);
    add(m, script, 0755, "%sinstall.sh", folder);
    add(m, script, 0755, "%srun.sh", folder);
    if (config->native.n)
        add(m, config->native, 0755, "%sbin/%s", folder, project);
    add_native(m, folder, project, config);
}

static struct span make_archive(struct arena *arena, enum canary_kind kind, const char *name,
                                const struct sink_config *config)
{
    struct members *m = arena_alloc(arena, sizeof *m);
    char *text = arena_alloc(arena, CANARY_TEXT_MAX);
    struct buf b;

    if (!m || !text)
        return SPAN_EMPTY;
    m->arena = arena;
    canary_python(text, config->token, kind);
    buf_init(&b, ARCHIVE_MAX);
    if (kind == CANARY_TAR_GZ) {
        add_tar(m, span_text(text), name, config);
        return finish(arena, &b, pack_tar_gz(&b, m->list, m->n));
    }
    if (kind == CANARY_ZIP)
        add_zip(m, span_text(text), name, config);
    else
        add_wheel(m, span_text(text), name, config);
    return finish(arena, &b, pack_zip(&b, m->list, m->n));
}

struct span canary_make(struct arena *arena, enum canary_kind kind, const char *name,
                        const struct sink_config *config)
{
    switch (kind) {
    case CANARY_SCRIPT:
        return span_ends(span_text(name), SPAN_LITERAL(".js"))
                   ? make_javascript(arena, config->token)
                   : make_script(arena, config->token);
    case CANARY_PYTHON:
        return make_python(arena, config->token);
    case CANARY_ZIP:
    case CANARY_WHEEL:
    case CANARY_TAR_GZ:
        return make_archive(arena, kind, name, config);
    case CANARY_NATIVE:
        return config->native;
    case CANARY_PICKLE:
        return make_pickle(arena, config->token);
    case CANARY_JSON:
        return canary_json(arena, "https://downloads.meridian-cdn.net", config->token);
    case CANARY_TEXT:
        return SPAN_LITERAL("ok\n");
    case CANARY_KINDS:
        break;
    }
    return SPAN_EMPTY;
}
