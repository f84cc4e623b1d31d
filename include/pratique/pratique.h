/*
 * libpratique: the gate between untrusted artifacts and the machine that loads
 * them. This header is the whole public interface; it is C99 and C++11.
 *
 * Threads: a gate belongs to one thread at a time; gates share nothing.
 * Text is UTF-8. Nothing here prints, exits, or handles signals.
 */
#ifndef PRATIQUE_PRATIQUE_H
#define PRATIQUE_PRATIQUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PRATIQUE_VERSION "0.1.0"

/* Whether a call finished. It says nothing about the artifact. */
enum pratique_status {
    PRATIQUE_OK = 0,
    PRATIQUE_E_NOMEM = -1,  /* out of memory */
    PRATIQUE_E_IO = -2,     /* the system refused; the error says what */
    PRATIQUE_E_FORMAT = -3, /* the bytes cannot be parsed to their end */
    PRATIQUE_E_LIMIT = -4,  /* a bound of the budget was reached */
    PRATIQUE_E_USAGE = -5   /* the caller's options make no sense */
};

/* What the gate thinks of an artifact. Zeroed memory means undecided. */
enum pratique_verdict {
    PRATIQUE_UNDECIDED = 0, /* inspection did not finish */
    PRATIQUE_ADMIT,         /* inspected to the end, nothing against it */
    PRATIQUE_HOLD,          /* a person should look */
    PRATIQUE_REFUSE         /* loading it does harm, or was made to */
};

/* How grave a finding is; the verdict follows from the gravest. */
enum pratique_severity {
    PRATIQUE_INFO = 0, /* worth knowing; never changes a verdict */
    PRATIQUE_LOW,      /* odd, and harmless by itself; never changes a verdict */
    PRATIQUE_GAP,      /* something was not inspected: undecided */
    PRATIQUE_MEDIUM,   /* not known to be harmless: hold */
    PRATIQUE_HIGH,     /* refuse */
    PRATIQUE_CRITICAL  /* refuse; it runs the attacker's code */
};

/* The gravest wins: refuse, then undecided, then hold, then admit. */
enum pratique_verdict pratique_verdict_worse(enum pratique_verdict a, enum pratique_verdict b);

/* Names as printed; "?" for a value out of range. The strings are static. */
const char *pratique_status_name(enum pratique_status s);
const char *pratique_verdict_name(enum pratique_verdict v);
const char *pratique_severity_name(enum pratique_severity s);
const char *pratique_version(void); /* of the library at run time */

/* Filled where a fault is seen; untouched on success. */
struct pratique_error {
    enum pratique_status status;
    uint64_t offset; /* byte in the input, or PRATIQUE_NO_OFFSET */
    char msg[240];   /* one line, no newline; cut to fit */
};
#define PRATIQUE_NO_OFFSET UINT64_MAX

/* A rule, as `pratique explain` shows it. The strings are static. */
struct pratique_rule {
    const char *id;   /* "PKL001" */
    const char *name; /* "pickle-process-execution": stable, lower case */
    enum pratique_severity severity;
    const char *message;   /* what was found, in one line */
    const char *why;       /* why it matters */
    const char *remedy;    /* what to do instead */
    const char *reference; /* where the fact is from: a specification, an advisory */
};

/* The number of rules, and rule i of them in the order of their ids (NULL past the end). */
size_t pratique_rule_count(void);
const struct pratique_rule *pratique_rule_at(size_t i);
/* By id or name, any case; NULL when there is none. */
const struct pratique_rule *pratique_rule_find(const char *id);

/* A policy: which rules count beside those of formats, which always do. The strings are static. */
struct pratique_policy {
    const char *name;    /* "upload" */
    const char *prefix;  /* of the ids of the rules that it turns on: "UPL"; may be empty */
    const char *purpose; /* in one line */
};

/* The number of policies, and policy i of them; NULL past the end. */
size_t pratique_policy_count(void);
const struct pratique_policy *pratique_policy_at(size_t i);
/* The name of the policy that turns a rule on; "" when it counts under every policy. */
const char *pratique_rule_policy(const struct pratique_rule *rule);

/* A rule that matched a fact. Every string belongs to the report. */
struct pratique_finding {
    const struct pratique_rule *rule;
    enum pratique_severity severity; /* after policy */
    const char *path;                /* "outer.whl!/inner/model.pt!/data.pkl" */
    uint64_t offset;                 /* byte in the innermost file of path, or PRATIQUE_NO_OFFSET */
    uint32_t line, column;           /* from 1; 0 where the file has no lines */
    uint64_t count;                  /* how often it was seen there, at least 1 */
    const char *subject;             /* "posix.system"; never NULL, may be empty */
    const char *detail;              /* the evidence: "\"curl ...\""; never NULL, may be empty */
    const char *function;            /* "Class.method" that it stands in; may be empty */
    const char *excuse;              /* by whom or what it is excused, and why; "": it is not */
    /* Of the policy "package"; each may be empty. */
    const char *chain;   /* "a/__init__.py:10 -> _boot.ensure (178) -> urllib.request.urlopen" */
    const char *source;  /* where the bytes come from: "https://host/{VERSION}/x" */
    const char *because; /* the other place that it takes */
};

/* Something that was read, or left unread with reason. */
struct pratique_component {
    const char *path;   /* as in a finding */
    const char *format; /* "zip", "pickle", "npy", ... */
    const char *detail; /* "protocol 4, 1,204 opcodes"; may be empty */
    uint64_t bytes;     /* size of the component */
    /* Each is never NULL, and may be empty. */
    const char *version; /* of its format, or what it says of itself: "4" */
    const char *role;    /* of a file of a model: "weights, loaded", "tokenizer": docs/models.md */
    const char *sha256;  /* of a file of a model, where files are hashed: 64 hex digits */
};

/* What a model says of itself. Nobody has checked that. */
struct pratique_trait {
    const char *path;  /* as in a finding: of the file that says so */
    const char *key;   /* "architecture", "license", "base model", ...: docs/models.md */
    const char *value; /* "BertForMaskedLM" */
};

/* A layer of a worker's lock-down, and whether it holds. */
struct pratique_layer {
    const char *name; /* "seccomp", "landlock", "no-new-privs", "rlimits", ... */
    bool active;
    const char *detail; /* "ABI 7", or why it is not active */
};

struct pratique_report; /* one artifact's answer; valid until the callback returns */

const char *pratique_report_path(const struct pratique_report *r);
enum pratique_verdict pratique_report_verdict(const struct pratique_report *r);
const char *pratique_report_format(const struct pratique_report *r); /* "zip (torch)"; "" unknown */
uint64_t pratique_report_bytes(const struct pratique_report *r);     /* size of the artifact */
uint64_t
pratique_report_bytes_read(const struct pratique_report *r);       /* inspected, nested included */
uint64_t pratique_report_time_us(const struct pratique_report *r); /* wall clock in the worker */
const char *pratique_report_sha256(const struct pratique_report *r); /* 64 hex digits, or NULL */
/* The policies in force: "model", "upload,source". */
const char *pratique_report_policy(const struct pratique_report *r);
/* Findings, gravest first, then by path and offset. */
size_t pratique_report_findings(const struct pratique_report *r);
const struct pratique_finding *pratique_report_finding(const struct pratique_report *r, size_t i);
/* Components in the order they were read; omitted counts those beyond the bound. */
size_t pratique_report_components(const struct pratique_report *r);
const struct pratique_component *pratique_report_component(const struct pratique_report *r,
                                                           size_t i);
uint64_t pratique_report_components_omitted(const struct pratique_report *r);
size_t pratique_report_traits(const struct pratique_report *r);
const struct pratique_trait *pratique_report_trait(const struct pratique_report *r, size_t i);
/* Whether it is the report on a folder that is a model, whose files have reports of their own. */
bool pratique_report_whole(const struct pratique_report *r);

/*
 * What pratique_watch_wheel() and pratique_watch_command() add: what was seen, in the order
 * of time, the processes, and the layers of the sandbox. A scan's report has none of them.
 */
struct pratique_event {
    const char *kind;   /* "exec", "connect", ...: docs/watch-events.md */
    uint64_t time_us;   /* since the watch began */
    uint32_t pid, pass; /* pid: in the numbers of the sandbox, 0: nobody's; pass: from 1 */
    const char *subject, *detail; /* what they mean depends on the kind; never NULL */
    uint64_t number;              /* likewise */
    const char *frames; /* Python's, innermost first, "FILE:LINE FUNCTION" a line; may be empty */
    const struct pratique_rule *rule; /* that it fired (the gravest), or NULL */
    enum pratique_severity severity;  /* of that finding */
    bool denied;                      /* the call was refused */
};
struct pratique_process {
    uint32_t pid, parent, pass;  /* parent 0: started by the watch itself */
    uint64_t begun_us, ended_us; /* ended_us 0: it lived until the watch was over */
    int status;                  /* wait status; -1: not known, its parent asked for it */
    const char *command;         /* the last program it ran, with its arguments */
};
size_t pratique_report_events(const struct pratique_report *r);
const struct pratique_event *pratique_report_event(const struct pratique_report *r, size_t i);
size_t pratique_report_processes(const struct pratique_report *r);
const struct pratique_process *pratique_report_process(const struct pratique_report *r, size_t i);
size_t pratique_report_layers(const struct pratique_report *r);
const struct pratique_layer *pratique_report_layer(const struct pratique_report *r, size_t i);
/* "full" or "weak"; NULL: nothing was watched. */
const char *pratique_report_isolation(const struct pratique_report *r);
/* "CPython 3.11.2 (/usr/bin/python3.11)"; NULL as above, or for a command. */
const char *pratique_report_interpreter(const struct pratique_report *r);

/* Bounds for one artifact, nested content included. 0 takes the default. */
struct pratique_limits {
    uint64_t memory_bytes; /* private memory of a worker (default 2 GiB) */
    uint64_t output_bytes; /* decompressed in all (default 16 GiB) */
    uint64_t ratio;        /* decompressed over compressed, past 64 MiB (default 400) */
    uint64_t members;      /* archive members in all (default 1,000,000) */
    uint32_t depth;        /* archives within archives (default 16) */
    uint32_t time_ms;      /* wall clock (default 120,000) */
};

struct pratique_options {
    struct pratique_limits limits;
    unsigned workers;                 /* 0: one for each processor */
    bool sha256;                      /* hash every artifact */
    bool values;                      /* read the numbers in safetensors: docs/formats.md */
    bool weak_sandbox_ok;             /* scan although a layer of the lock-down is missing */
    const char *const *trust_classes; /* package names, borrowed while the gate lives */
    size_t trust_classes_n;
    /* Names of the policies in force together; none: those of the mode, or by what the artifact is.
     */
    const char *const *policies;
    size_t policies_n;
    const char *policy_file; /* docs/policy.md; NULL: none. Read once, by pratique_gate_open() */
    const char *mode;        /* of the policy file; NULL: its default_mode */
    const char *threats;     /* docs/threats.md; NULL: found beside what is scanned */
    uint32_t today; /* 20261124: what expiry dates are held against; 0 with no policy_file */
};

struct pratique_progress {
    uint64_t artifacts_done, artifacts_found, bytes_done;
    const char *path;     /* the one that was finished last */
    uint64_t bytes_found; /* in all; 0: not known beforehand */
};

struct pratique_gate;

typedef void pratique_report_fn(void *user, const struct pratique_report *report);
typedef void pratique_progress_fn(void *user, const struct pratique_progress *progress);

/*
 * Starts the workers, each locked down before it sees a byte.
 * *out is new, closed with pratique_gate_close(); NULL on failure, when *err
 * says why: PRATIQUE_E_USAGE (a depth past 64, less than 16 MiB of memory, more
 * than 256 workers, an unknown policy or mode, a policy file or a file of threats
 * that is wrong: "FILE:line:column: ..."), PRATIQUE_E_NOMEM, or PRATIQUE_E_IO, also when a layer of
 * the lock-down is missing and options->weak_sandbox_ok is not set. Landlock alone may be missing,
 * as it is from many a kernel: the system calls that it would judge are not allowed to begin with.
 * It is then told as a layer that is not active.
 */
enum pratique_status pratique_gate_open(struct pratique_gate **out,
                                        const struct pratique_options *options,
                                        struct pratique_error *err);
void pratique_gate_close(struct pratique_gate *gate); /* NULL is allowed */

/* The layers of the workers' lock-down. */
size_t pratique_gate_layers(const struct pratique_gate *gate);
const struct pratique_layer *pratique_gate_layer(const struct pratique_gate *gate, size_t i);

/*
 * Scans n paths: files, or folders followed down (symbolic links are not
 * followed out of the folder given). "-" is standard input. on_report is called
 * once for each artifact, in the order of the paths, a folder's files sorted by
 * name; once more for each folder that is a model, behind the last file of the path it was found
 * at; on_progress may be NULL. An artifact that cannot be opened or read is
 * reported as undecided; it is no failure of the call. Entries of the policy file that
 * this call could not use are told last, as a report on the policy file.
 * PRATIQUE_E_NOMEM or PRATIQUE_E_IO only when the gate itself cannot go on;
 * PRATIQUE_E_USAGE, and nothing is scanned, when a security/THREATS.md is wrong.
 */
enum pratique_status pratique_gate_scan(struct pratique_gate *gate, const char *const *paths,
                                        size_t n, pratique_report_fn *on_report,
                                        pratique_progress_fn *on_progress, void *user,
                                        struct pratique_error *err);

/* Scans len bytes at data (borrowed until return), called name in the report. */
enum pratique_status pratique_gate_scan_memory(struct pratique_gate *gate, const char *name,
                                               const void *data, size_t len,
                                               pratique_report_fn *on_report, void *user,
                                               struct pratique_error *err);

/* How a wheel or a command is watched: docs/WATCH.md. Zeroes are the defaults. */
struct pratique_watch_options {
    const char *python;      /* a path or a word on PATH; NULL: python3 */
    const char *const *with; /* dependencies: wheels, or folders of packages (site-packages) */
    size_t with_n;
    bool all_modules;    /* import every module, not the roots alone */
    bool no_answers;     /* the network is a wall: nothing is answered */
    bool one_pass;       /* as an ordinary user alone */
    bool full_isolation; /* PRATIQUE_E_IO where isolation would be weak */
    const char *const
        *readable; /* of a command: folders and files of the host that it may read ... */
    size_t readable_n;
    const char *const *writable; /* ... folders that it may write, by way of a copy: what is in the
                                    copy afterwards replaces the folder's content if the verdict is
                                    admit, and is dropped otherwise */
    size_t writable_n;
    uint32_t time_ms;      /* for one import (default 30,000) */
    uint32_t total_ms;     /* for everything (default 300,000) */
    uint32_t grace_ms;     /* for threads and children after the last import (default 1,500) */
    uint64_t memory_bytes; /* resident, of all processes together (default 8 GiB) */
    uint64_t disk_bytes;   /* of each writable folder (default 2 GiB) */
    uint32_t processes;    /* at a time (default 128) */
};

/*
 * Installs the wheel at path into a throw-away environment in a sandbox, imports what there is
 * to import, and reports what happened, judged by the policy "watch". Nothing of it runs outside of
 * the sandbox and nothing leaves it. PRATIQUE_OK: on_report was called once (undecided when the
 * watch could not be done to its end). E_USAGE: the options make no sense (no such interpreter, an
 * sdist in place of a wheel, a wheel for another platform); E_IO: no sandbox can be had, or the
 * file cannot be read; E_NOMEM. Forks: call it where fork(2) is safe.
 */
enum pratique_status pratique_watch_wheel(const char *path,
                                          const struct pratique_watch_options *options,
                                          pratique_report_fn *on_report, void *user,
                                          struct pratique_error *err);
/* The same for a command (argv ends with NULL). *status (may be NULL) is its wait status. */
enum pratique_status pratique_watch_command(char *const argv[],
                                            const struct pratique_watch_options *options,
                                            pratique_report_fn *on_report, void *user, int *status,
                                            struct pratique_error *err);

/* An entry of security/THREATS.md: a risk that somebody has taken (docs/threats.md). */
struct pratique_threat {
    const char *id, *title;
    const char
        *file; /* as from the folder above "security"; "upload.zip!/a.py" inside an archive */
    const struct pratique_rule *rule;
    unsigned probability, severity; /* 1 to 5 */
    unsigned detection;             /* thousandths: 1000 is detected for certain */
    unsigned risk; /* what is left, in thousandths: probability * severity * (1 - detection) */
    const char *reason, *owner, *date;
    uint32_t line; /* of its heading */
};

/*
 * Reads a file of threats. *out is new, freed with pratique_threats_free(); NULL on
 * failure: PRATIQUE_E_USAGE with "FILE:line: what is wrong", or PRATIQUE_E_NOMEM.
 */
struct pratique_threats;
enum pratique_status pratique_threats_read(struct pratique_threats **out, const char *path,
                                           struct pratique_error *err);
void pratique_threats_free(struct pratique_threats *t); /* NULL is allowed */
size_t pratique_threats_count(const struct pratique_threats *t);
/* Entry i in the order of the file; NULL past the end. */
const struct pratique_threat *pratique_threats_at(const struct pratique_threats *t, size_t i);
/* The folder that its paths start from, absolute. */
const char *pratique_threats_root(const struct pratique_threats *t);

/* Where a writer puts its text; returns false to stop. */
typedef bool pratique_write_fn(void *user, const char *text, size_t len);

enum pratique_format {
    PRATIQUE_TEXT = 0,
    PRATIQUE_JSON,
    PRATIQUE_SARIF,
    PRATIQUE_HTML,
    PRATIQUE_CYCLONEDX /* a bill of materials: CycloneDX 1.6 in JSON, with the models' cards */
};

struct pratique_style {
    bool colour;    /* ANSI colours, text only */
    unsigned width; /* columns to wrap text at; 0: never */
    bool verbose;   /* text: components and informational findings as well */
    bool quiet;     /* text: nothing for what is admitted */
    bool steps;     /* the reports are steps with one artifact: the totals count it once */
    int64_t time;   /* seconds since 1970, told in a bill of materials; 0: no time is told */
};

/*
 * Writes reports one after the other: begin, one add for each report, end.
 * The writer is freed by end, whatever it returns. PRATIQUE_E_IO when write
 * returned false, PRATIQUE_E_NOMEM.
 */
struct pratique_writer;
enum pratique_status pratique_writer_begin(struct pratique_writer **out, enum pratique_format f,
                                           const struct pratique_style *style,
                                           const struct pratique_gate *gate,
                                           pratique_write_fn *write, void *user);
enum pratique_status pratique_writer_add(struct pratique_writer *w,
                                         const struct pratique_report *r);
enum pratique_status pratique_writer_end(struct pratique_writer *w);

/* ==== trust: docs/TRUST.md ==== */

/*
 * Asks for a passphrase: puts it into text (size bytes, NUL-terminated) and returns true, or
 * false when there is none to be had. what says for which file. The library wipes text.
 */
typedef bool pratique_passphrase_fn(void *user, const char *what, char *text, size_t size);

/* Whose word counts. Keys are always named by the caller, never found beside what they vouch for.
 */
struct pratique_trust {
    /* Files: a minisign or OpenSSH public key, an allowed_signers file, a PEM public key, root
     * certificates in PEM, an OpenPGP keyring; told apart by what is in them. */
    const char *const *keys;
    size_t keys_n;
    const char *file;     /* keys with names, roles and expiry: docs/TRUST.md; NULL: none */
    const char *identity; /* who must have signed: a principal of allowed_signers, a certificate's
                             subject alternative name; NULL: anybody the keys vouch for */
    const char *space;    /* OpenSSH's namespace; NULL: "pratique-manifest" */
};

/* ---- signatures ---- */

enum pratique_signature_kind {
    PRATIQUE_SIGNATURE_AUTO = 0,     /* by the kind of the key */
    PRATIQUE_SIGNATURE_MINISIGN,     /* Ed25519, pre-hashed: FILE.minisig */
    PRATIQUE_SIGNATURE_SSH,          /* ssh-keygen -Y: FILE.sig */
    PRATIQUE_SIGNATURE_MODEL_SIGNING /* OpenSSF Model Signing v1.0, of what a manifest lists:
                                        model.sig */
};

struct pratique_sign_options {
    enum pratique_signature_kind kind;
    const char *key;                 /* the secret key's file; required */
    const char *output;              /* NULL: beside the file, named by the kind */
    const char *comment;             /* minisign's trusted comment; NULL: time and file name */
    const char *space;               /* OpenSSH's namespace; NULL: "pratique-manifest" */
    const char *const *certificates; /* model signing: the signer's first, PEM files */
    size_t certificates_n;
    const char *root;                      /* model signing: the folder; NULL: the manifest's */
    pratique_passphrase_fn *on_passphrase; /* NULL: encrypted keys are an error */
    void *user;
};

/* Signs the file at path. E_USAGE: a key of the wrong kind, with loose permissions, or not opened
 * by the passphrase; E_IO. The signature is there whole or not at all. */
enum pratique_status pratique_sign(const char *path, const struct pratique_sign_options *options,
                                   struct pratique_error *err);

/*
 * Makes a minisign key pair: secret (mode 0600, encrypted unless on_passphrase is NULL) and public.
 * Neither may be there already (E_USAGE).
 */
enum pratique_status pratique_keygen(const char *secret_path, const char *public_path,
                                     const char *comment, pratique_passphrase_fn *on_passphrase,
                                     void *user, struct pratique_error *err);

/*
 * Verifies the detached signature of the file at path; signature NULL: the one that lies beside it
 * (FILE.minisig, FILE.sig, FILE.asc). on_report is called once, with the rules SIG...; the verdict
 * is admit only when a key of trust has signed these bytes. trust->space NULL: "pratique-manifest".
 * E_USAGE: a key, or no key at all; E_IO: the file cannot be read. A file past 1 GiB is mapped: if
 * somebody shortens it meanwhile, the process dies of SIGBUS.
 */
enum pratique_status pratique_signature_verify(const char *path, const struct pratique_trust *trust,
                                               const char *signature, pratique_report_fn *on_report,
                                               void *user, struct pratique_error *err);

/* ---- manifests ---- */

/* What goes wrong when such a file is not what it was: by its role. */
enum pratique_risk {
    PRATIQUE_RISK_TEST,           /* it matters when something is tested */
    PRATIQUE_RISK_INTEGRITY,      /* results are wrong */
    PRATIQUE_RISK_DESERIALISATION /* code may run */
};
const char *pratique_risk_name(enum pratique_risk risk);

struct pratique_artifact {
    const char *path;   /* relative to the root, with '/' */
    const char *sha256; /* 64 hex digits */
    uint64_t bytes;
    const char *role; /* "model-weights" */
    enum pratique_risk risk;
};

struct pratique_manifest;

/* Is told of a file, and why it cannot stand in a manifest. */
typedef void pratique_fault_fn(void *user, const char *path, const char *why);

struct pratique_manifest_options {
    const char *root;         /* NULL: "." */
    const char *const *roles; /* "GLOB=ROLE", the first that matches counts */
    size_t roles_n;
    const char *const *excludes; /* globs of paths that are left out */
    size_t excludes_n;
    int64_t generated_at;        /* seconds since 1970; 0: now */
    unsigned threads;            /* 0: one for each processor */
    pratique_fault_fn *on_fault; /* for each file that stands in the way; NULL: nobody asks */
};

/*
 * Lists and hashes every file below the root; .git and the manifest named output (NULL: none) with
 * its signatures are left out. E_USAGE: files that cannot stand in a manifest (a link, a socket,
 * a name with control characters), or that cannot be read: options->on_fault is told of each, *err
 * names the first; an option is wrong; E_IO. user is handed to both callbacks. *out:
 * pratique_manifest_free().
 */
enum pratique_status pratique_manifest_create(struct pratique_manifest **out, const char *output,
                                              const struct pratique_manifest_options *options,
                                              pratique_progress_fn *on_progress, void *user,
                                              struct pratique_error *err);
/* Reads a manifest in a locked-down process. E_FORMAT: "FILE:line: what is wrong". */
enum pratique_status pratique_manifest_read(struct pratique_manifest **out, const char *path,
                                            struct pratique_error *err);
void pratique_manifest_free(struct pratique_manifest *m); /* NULL is allowed */
size_t pratique_manifest_count(const struct pratique_manifest *m);
const struct pratique_artifact *pratique_manifest_at(const struct pratique_manifest *m, size_t i);
const char *pratique_manifest_generated_at(const struct pratique_manifest *m); /* RFC 3339 */
const char *pratique_manifest_git_sha(const struct pratique_manifest *m); /* NULL: outside of one */
/* Whether the repository had changes; *unknown (may be NULL): nobody could say. */
bool pratique_manifest_dirty(const struct pratique_manifest *m, bool *unknown);
/* The bytes of the file, *n of them; they are the manifest's. */
const char *pratique_manifest_text(const struct pratique_manifest *m, size_t *n);
/* Writes it: whole or not at all. */
enum pratique_status pratique_manifest_write(const struct pratique_manifest *m, const char *path,
                                             struct pratique_error *err);

struct pratique_verify_options {
    const char *root;            /* NULL: the manifest's folder */
    struct pratique_trust trust; /* without any key nothing is said of who made it */
    const char *signature;       /* NULL: beside the manifest, where there are keys */
    bool strict;                 /* files that are there and not declared count as well */
    int64_t not_before;          /* a manifest that was generated earlier is refused; 0: any */
    const char *record;          /* file that remembers the last manifest accepted for each root
                                    and key: an older one is refused; NULL: none. Needs keys */
    const char *const *ignores;  /* strict: globs of paths that may be there */
    size_t ignores_n;
    int64_t now; /* seconds since 1970; 0: by the clock */
    unsigned threads;
};

/*
 * Verifies the manifest at path (or an OpenSSF Model Signing bundle, which holds one): first the
 * signature over its raw bytes, then that every file is what it says. on_report is called once:
 * a finding for each file that is not (rules MAN...), its path the file's, or for the signature;
 * verdict admit only when there is none. on_progress is called a last time when all files are
 * done. E_USAGE: options, keys; E_IO: the manifest cannot be read.
 */
enum pratique_status pratique_manifest_verify(const char *path,
                                              const struct pratique_verify_options *options,
                                              pratique_report_fn *on_report,
                                              pratique_progress_fn *on_progress, void *user,
                                              struct pratique_error *err);

/*
 * The same, and the files stay as they were verified while the command runs (docs/MANIFEST.md says
 * how far that reaches); argv ends with NULL. It is not started unless the verdict is admit.
 * *status is its wait status, -1 when it was not started (E_IO where it cannot be). When a file
 * changes meanwhile the command is stopped and on_report is called a second time. Blocks signals of
 * the calling thread while the command runs, hands on to it those that would end this process, and
 * takes SIGCHLD and a real-time signal. Forks: call it where fork(2) is safe.
 */
enum pratique_status pratique_manifest_run(const char *path,
                                           const struct pratique_verify_options *options,
                                           char *const argv[], pratique_report_fn *on_report,
                                           pratique_progress_fn *on_progress, void *user,
                                           int *status, struct pratique_error *err);

/* ---- attestations ---- */

struct pratique_attest_options {
    const char *key;    /* secret: minisign, or an EC key in PEM */
    const char *output; /* NULL: ARTIFACT.vsa.json */
    int64_t time;       /* seconds since 1970; 0: now */
    pratique_passphrase_fn *on_passphrase;
    void *passphrase_user;
};

/*
 * Scans the artifact and writes the verdict down: a SLSA verification summary in a signed DSSE
 * envelope. Written only when the verdict is admit; on_report is called once in any case.
 */
enum pratique_status pratique_attest(struct pratique_gate *gate, const char *artifact,
                                     const struct pratique_attest_options *options,
                                     pratique_report_fn *on_report, void *user,
                                     struct pratique_error *err);

/* ---- admission ---- */

struct pratique_admit_options {
    const char *to; /* the folder: made, and not there before, or there and empty; required */
    bool whole;     /* the artifact itself is put there, even where it is an archive */
    const struct pratique_watch_options
        *watch;                      /* NULL: not watched, unless the policy demands it */
    struct pratique_trust trust;     /* keys: a signature of the artifact is demanded */
    const char *signature;           /* NULL: beside the artifact */
    struct pratique_trust attestors; /* keys: an attestation is demanded */
    const char *attestation;         /* NULL: ARTIFACT.vsa.json */
};

/*
 * All or nothing: signature, attestation, scan, watch, then the files, from one private copy of
 * the artifact. on_report is called for each step (the last is the unpacking, format "unpack");
 * *admitted tells whether the files are there. On any refusal, fault or kill there is nothing
 * under the final name.
 */
enum pratique_status pratique_admit(struct pratique_gate *gate, const char *artifact,
                                    const struct pratique_admit_options *options,
                                    pratique_report_fn *on_report, void *user, bool *admitted,
                                    struct pratique_error *err);

/* ---- conversion ---- */

struct pratique_convert_options {
    bool skip;      /* what cannot be represented is left out */
    bool overwrite; /* of the output */
};

/* What became of one entry of the checkpoint. The strings are valid during the call. */
struct pratique_conversion {
    const char *name;  /* "encoder.layer.0.weight" */
    const char *dtype; /* "BF16"; empty: it is no tensor */
    const char *what;  /* empty: written; "shares its bytes with ..."; or why it cannot be */
    bool left_out;
    uint64_t bytes;
};
typedef void pratique_conversion_fn(void *user, const struct pratique_conversion *c);

/*
 * Reads a torch checkpoint without running it and writes its tensors as safetensors. E_FORMAT:
 * something cannot be represented (on_note told what) and skip is not set, or it is no checkpoint;
 * E_USAGE: the output was there before, and overwrite is not set; E_IO, E_LIMIT, E_NOMEM. The
 * output is there whole or not at all. on_note and on_progress may be NULL.
 */
enum pratique_status pratique_convert(const char *in, const char *out,
                                      const struct pratique_convert_options *options,
                                      pratique_conversion_fn *on_note,
                                      pratique_progress_fn *on_progress, void *user,
                                      struct pratique_error *err);

/* ---- fetching files that a lock pins: docs/LOCK.md ---- */

struct pratique_lock; /* what a pratique.lock says */

/* One file of a lock. What a lock has none of is NULL, or 0. */
struct pratique_locked {
    const char *name;           /* where it goes: "pkg/_native.abi3.so" */
    const char *platform, *abi; /* tags, with dots between them */
    const char *python;         /* NULL: any */
    const char *const *urls;    /* in the order in which they are tried */
    size_t urls_n;
    const char *sha256; /* 64 lower-case hex digits: of what the URLs give */
    uint64_t size;      /* likewise */
    const char *member; /* of the archive that the URLs give; NULL: it is the file */
    const char *member_sha256;
    uint64_t member_size;
    const char *signature_key, *signature; /* minisign's, over what the URLs give */
};

/*
 * Reads a lock. *out is new, freed with pratique_lock_free(); NULL on failure: E_USAGE (it is
 * wrong: "FILE:line: the key and why"), E_IO, E_LIMIT (it is larger than 1 MiB), E_NOMEM.
 */
enum pratique_status pratique_lock_read(struct pratique_lock **out, const char *path,
                                        struct pratique_error *err);
void pratique_lock_free(struct pratique_lock *lock); /* NULL is allowed */
const char *pratique_lock_package(const struct pratique_lock *lock);
const char *pratique_lock_version(const struct pratique_lock *lock);
size_t pratique_lock_files(const struct pratique_lock *lock);
/* In the order of the lock; NULL past the end. Valid while the lock is. */
const struct pratique_locked *pratique_lock_file(const struct pratique_lock *lock, size_t i);

/*
 * Writes a lock, which must be one that can be read: E_USAGE says what is wrong with it, or that
 * path is there already and replace is not set. The file is there whole or not at all.
 */
enum pratique_status pratique_lock_write(const char *path, const char *package, const char *version,
                                         const struct pratique_locked *files, size_t n,
                                         bool replace, struct pratique_error *err);

/* What a lock pins of a file: lower-case hex with a NUL, and bytes. */
struct pratique_pin {
    char sha256[65];
    uint64_t size;
};
/* Hashes the file at path into *file and, where member is not NULL, that member of the zip that it
 * is into *in_it. E_USAGE: there is no such member, or it is no zip file; E_IO, E_FORMAT. */
enum pratique_status pratique_lock_pin(const char *path, const char *member,
                                       struct pratique_pin *file, struct pratique_pin *in_it,
                                       struct pratique_error *err);

struct pratique_fetch_options {
    const char *to;       /* the folder that names are relative to; NULL: into the cache alone */
    const char *platform; /* "manylinux_2_28_x86_64"; NULL: this machine's */
    const char *python;   /* "cp311"; NULL: not named */
    const char *cache;    /* the folder; required. Made where it is not there */
    const char *mirror;   /* a folder that is looked into before the network is asked; NULL: none */
    const char *ca_file;  /* certificates in PEM that count instead of the system's; NULL: those */
    const char *key;      /* a file with the key that must have signed each file; NULL: none must */
    bool offline;         /* the network is not used */
    uint32_t timeout_ms;  /* to connect, and without a byte (default 30,000) */
};

/* How a file came to be there. */
enum pratique_fetched_from {
    PRATIQUE_FETCH_FAILED = 0, /* it is not there */
    PRATIQUE_FETCH_PRESENT,    /* it was in its place already */
    PRATIQUE_FETCH_CACHE,
    PRATIQUE_FETCH_MIRROR,
    PRATIQUE_FETCH_FILE, /* a file: URL */
    PRATIQUE_FETCH_NETWORK
};
/* Static, lower case: "present", "network"; "?" for a value out of range. */
const char *pratique_fetched_name(enum pratique_fetched_from from);

/* What became of one file, or what went wrong on the way to it. Valid during the call. */
struct pratique_fetched {
    const struct pratique_locked *file;
    bool note; /* source and why only: something was passed over */
    enum pratique_fetched_from from;
    const char *source;            /* the URL or path that it came from; may be empty */
    const char *path;              /* where it is now; NULL: nowhere */
    const char *why;               /* of a note, or of FAILED; printable; may be empty */
    enum pratique_verdict verdict; /* admit; refuse: it was not what is pinned; undecided */
};
typedef void pratique_fetched_fn(void *user, const struct pratique_fetched *f);

/*
 * Brings the files of a lock that are for the platform. on_fetched is called once for each, with
 * notes before it. *verdict: admit, all of them are there and are what the lock says; refuse, what
 * came for one was not; undecided, one could not be had. No file has its final name, here or in the
 * cache, unless its size and its hash are those of the lock. E_USAGE: the lock has nothing for the
 * platform, an option makes no sense; E_IO, E_NOMEM. on_progress may be NULL. A transfer runs in a
 * process of its own, which has no right to any file that it could write.
 */
enum pratique_status pratique_fetch(const struct pratique_lock *lock,
                                    const struct pratique_fetch_options *options,
                                    pratique_fetched_fn *on_fetched,
                                    pratique_progress_fn *on_progress, void *user,
                                    enum pratique_verdict *verdict, struct pratique_error *err);

#ifdef __cplusplus
}
#endif

#endif
