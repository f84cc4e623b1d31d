/* See sample.h. */
#include "sample.h"

#include <stdio.h>

#include "base/compiler.h"

static const struct pratique_rule runs = {
    .id = "WAT001",
    .name = "watch-canary-run",
    .severity = PRATIQUE_CRITICAL,
    .message = "what was fetched was run",
    .why = "A second stage that nobody has seen starts with the rights of whoever imports it.",
    .remedy = "Do not install it. Ask its author; look for a release before this one.",
    .reference = "docs/WATCH.md"
};
static const struct pratique_rule fetches = {
    .id = "WAT002",
    .name = "watch-request",
    .severity = PRATIQUE_HIGH,
    .message = "importing it asks for something over the network",
    .why = "Code that is fetched at import is not in the wheel that was looked at.",
    .remedy = "Do not install it where it can reach the network.",
    .reference = "docs/WATCH.md"
};
static const struct pratique_rule leaves = { .id = "WAT003",
                                             .name = "watch-left",
                                             .severity = PRATIQUE_MEDIUM,
                                             .message = "importing it leaves a file behind",
                                             .why = "What is left behind may be run later.",
                                             .remedy = "See what the file is.",
                                             .reference = "docs/WATCH.md" };

#define MAIN_PY "/home/alex/project/main.py:31 main\n"
#define SITE    "/opt/venv/lib/python3.11/site-packages/"
#define FETCH                                                                                      \
    "/usr/lib/python3.11/urllib/request.py:216 urlopen\n" SITE                                     \
    "mistralai/client/__init__.py:14 _run_background_task\n" SITE                                  \
    "mistralai/client/__init__.py:40 <module>\n" SITE "mistralai/__init__.py:3 <module>\n" MAIN_PY
#define RUN                                                                                        \
    "/usr/lib/python3.11/subprocess.py:1024 Popen.__init__\n" SITE                                 \
    "mistralai/client/__init__.py:22 _run_background_task\n" SITE                                  \
    "mistralai/client/__init__.py:40 <module>\n" MAIN_PY

#define URL "https://files.example/transformers.pyz"

#define E(k, t, p, ps, s, d, n, fr, ru, se)                                                        \
    {                                                                                              \
        .kind = k, .time_us = t, .pid = p, .pass = ps, .subject = s, .detail = d, .number = n,     \
        .frames = fr, .rule = ru, .severity = se                                                   \
    }

static struct pratique_event guilty_events[] = {
    E("layer", 0, 0, 1, "user namespace", "", 1, "", NULL, 0),
    E("pass", 100, 0, 1, "as an ordinary user", "", 0, "", NULL, 0),
    E("start", 900, 2, 1, "python3", "", 1, "", NULL, 0),
    E("startup", 24000, 2, 1, "3.11.2", "61 modules", 0, "", NULL, 0),
    E("import", 25000, 2, 1, "mistralai", "", 0, "", NULL, 0),
    E("imported", 31000, 2, 1, "mistralai", "", 0, "", NULL, 0),
    E("import", 32000, 2, 1, "mistralai.client", "", 0, "", NULL, 0),
    E("lookup", 210100, 2, 1, "files.example", "A", 31, FETCH, &fetches, PRATIQUE_HIGH),
    E("connect", 213400, 2, 1, "tcp 198.18.0.7:443", "files.example", 0, FETCH, &fetches,
      PRATIQUE_HIGH),
    E("request", 220800, 2, 1, URL, "GET", 204, FETCH, &fetches, PRATIQUE_HIGH),
    E("answer", 221000, 0, 1, URL, "archive", 512, "", NULL, 0),
    E("open", 224000, 2, 1, "/tmp/transformers.pyz", "O_WRONLY|O_CREAT", 0, FETCH, NULL, 0),
    E("exec", 240500, 7, 1, "/usr/bin/python3.11", "python3 /tmp/transformers.pyz", 0, RUN, &runs,
      PRATIQUE_CRITICAL),
    E("setsid", 241000, 7, 1, "", "", 0, "", NULL, 0),
    E("canary", 262000, 7, 1, "python", URL, 0, "", &runs, PRATIQUE_CRITICAL),
    E("imported", 270000, 2, 1, "mistralai.client", "ImportError: No module named 'httpx'", 0, "",
      NULL, 0),
    E("end", 290000, 2, 1, "", "", 0, "", NULL, 0),
    E("end", 420000, 7, 1, "", "", 9, "", NULL, 0),
    E("left", 1900000, 0, 1, "/tmp/transformers.pyz", "PK\\x03\\x04", 512, "", &leaves,
      PRATIQUE_MEDIUM),
    E("pass", 2000000, 0, 2, "as root, with CI set", "", 0, "", NULL, 0),
    E("import", 2025000, 2, 2, "mistralai", "", 0, "", NULL, 0),
    E("imported", 2030000, 2, 2, "mistralai", "", 0, "", NULL, 0),
    E("request", 2220800, 2, 2, URL, "GET", 204, FETCH, &fetches, PRATIQUE_HIGH),
    E("done", 2500000, 0, 2, "wheel", "", 0, "", NULL, 0),
};
static struct pratique_process guilty_processes[] = {
    { 2, 0, 1, 900, 290000, 0, "python3 /home/alex/project/main.py" },
    { 7, 2, 1, 240000, 420000, 9, "python3 /tmp/transformers.pyz" },
    { 8, 7, 1, 300000, 0, 0, "sh -c \"while true; do sleep 60; done\"" },
    { 2, 0, 2, 2001000, 2400000, 0, "python3 /home/alex/project/main.py" },
};
static struct pratique_layer layers[] = {
    { "user namespace", true, "" },
    { "landlock", false, "the kernel has none" },
};

static char outer[1024], inner[1024 + 64]; /* paths of findings */

static struct pratique_finding guilty_findings[] = {
    { &runs, PRATIQUE_CRITICAL, inner, PRATIQUE_NO_OFFSET, 22, 0, 1, "/usr/bin/python3.11",
      "python3 /tmp/transformers.pyz", "_run_background_task", "", "", "", "" },
    { &fetches, PRATIQUE_HIGH, inner, PRATIQUE_NO_OFFSET, 14, 0, 2, URL, "GET",
      "_run_background_task", "", "", "", "" },
    { &leaves, PRATIQUE_MEDIUM, outer, PRATIQUE_NO_OFFSET, 0, 0, 1, "/tmp/transformers.pyz",
      "PK\\x03\\x04", "", "", "", "", "" },
};

static struct pratique_report report;
static bool use_rule_table;

void sample_use_rule_table(void)
{
    use_rule_table = true;
}

static const struct pratique_rule *of_table(const struct pratique_rule *r)
{
    static const struct pratique_rule *const ours[] = { &runs, &fetches, &leaves };

    for (size_t i = 0; use_rule_table && i < ARRAY_LEN(ours); i++)
        if (r == ours[i])
            return pratique_rule_at(i);
    return r;
}

static const struct pratique_report *finish(void)
{
    for (size_t i = 0; i < report.events_n; i++)
        report.events[i].rule = of_table(report.events[i].rule);
    for (size_t i = 0; i < report.judged.n; i++)
        report.judged.findings[i].rule = of_table(report.judged.findings[i].rule);
    return &report;
}

static void fill(const char *path, enum pratique_verdict verdict)
{
    report = (struct pratique_report){ .path = path,
                                       .format = "wheel",
                                       .policy = "watch",
                                       .bytes = 12345,
                                       .time_us = 2500000,
                                       .judged = { .verdict = verdict },
                                       .layers = layers,
                                       .layers_n = 1,
                                       .isolation = "full",
                                       .interpreter = "CPython 3.11.2 (/usr/bin/python3.11)" };
}

const struct pratique_report *sample_guilty(const char *path)
{
    fill(path, PRATIQUE_REFUSE);
    (void)snprintf(outer, sizeof outer, "%s", path);
    (void)snprintf(inner, sizeof inner, "%s!/mistralai/client/__init__.py", outer);
    report.judged.findings = guilty_findings;
    report.judged.n = ARRAY_LEN(guilty_findings);
    report.events = guilty_events;
    report.events_n = ARRAY_LEN(guilty_events);
    report.processes = guilty_processes;
    report.processes_n = ARRAY_LEN(guilty_processes);
    return finish();
}

const struct pratique_report *sample_clean(const char *path)
{
    fill(path, PRATIQUE_ADMIT);
    report.events = guilty_events + 1; /* up to its import */
    report.events_n = 5;
    report.processes = guilty_processes;
    report.processes_n = 1;
    return finish();
}

#define HOSTILE                                                                                    \
    "</script><script>document.title='out'</script>\"onload='document.title=1' `${1}` &amp; "      \
    "<!-- ]]> \x1b[31m\x07\n\r\t\x7f\x9b\xff\xe2\x80\xae\\u0041"

const struct pratique_report *sample_hostile(const char *path)
{
    static struct pratique_event events[] = {
        E("import", 10, 2, 1, HOSTILE, HOSTILE, 0, HOSTILE, NULL, 0),
        E("request", 20, 2, 1, HOSTILE, HOSTILE, 1, HOSTILE ":14 " HOSTILE "\n" HOSTILE, &runs,
          PRATIQUE_CRITICAL),
        E("left", 30, 2, 1, HOSTILE, HOSTILE, 1, "", &leaves, PRATIQUE_MEDIUM),
        E("output", 40, 2, 1, "stdout", HOSTILE, 9, "", NULL, 0),
        E(HOSTILE, 50, 4000000000, 4000000000, HOSTILE, HOSTILE, UINT64_MAX, HOSTILE, NULL, 0),
        E("done", UINT64_MAX, 0, 1, HOSTILE, HOSTILE, UINT64_MAX, "", NULL, 0),
    };
    static struct pratique_process processes[] = {
        { 2, 0, 1, 10, 5, 9, HOSTILE },
        { 3, 3, 1, UINT64_MAX, UINT64_MAX, -1, HOSTILE },
        { 4, 5, 1, 1, 0, 0, HOSTILE },
        { 5, 4, 1, 1, 0, 0, HOSTILE },
    };
    static struct pratique_layer layer = { HOSTILE, false, HOSTILE };
    static struct pratique_finding finding = {
        &runs,   PRATIQUE_CRITICAL, HOSTILE, 7,       0,       0,       1,
        HOSTILE, HOSTILE,           HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE
    };

    fill(path ? path : HOSTILE, PRATIQUE_REFUSE);
    report.format = HOSTILE;
    report.isolation = HOSTILE;
    report.interpreter = HOSTILE;
    report.layers = &layer;
    report.judged.findings = &finding;
    report.judged.n = 1;
    report.events = events;
    report.events_n = ARRAY_LEN(events);
    report.processes = processes;
    report.processes_n = ARRAY_LEN(processes);
    return finish();
}

const struct pratique_report *sample_command(int status)
{
    static struct pratique_event events[] = {
        E("start", 900, 2, 1, "make", "", 0, "", NULL, 0),
        E("output", 40000, 2, 1, "stdout", "cc -c a.c\\n", 10, "", NULL, 0),
        E("output", 40000, 2, 1, "stderr", "", 0, "", NULL, 0),
        E("done", 50000, 0, 1, "command", "", 0, "", NULL, 0),
    };

    fill("make all", PRATIQUE_ADMIT);
    events[3].number = (uint64_t)status;
    report.format = "command";
    report.bytes = 0;
    report.isolation = "weak";
    report.layers_n = ARRAY_LEN(layers);
    report.interpreter = NULL;
    report.events = events;
    report.events_n = ARRAY_LEN(events);
    report.processes = guilty_processes;
    report.processes_n = 1;
    return finish();
}
