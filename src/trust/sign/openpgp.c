/*
 * OpenPGP: detached signatures are verified by gpgv (GnuPG 2.2 and later), with the keyring that
 * was named and nothing else: no keyring, no configuration and no trust database of the user.
 * gpgv is handed the bytes themselves on its standard input. What it says is read strictly from
 * its status lines (doc/DETAILS of GnuPG); anything but one good signature is a fault.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/digit.h"
#include "base/status.h"
#include "trust/sign/check.h"
#include "trust/sign/openpgp.h"

#define STATUS_MAX  ((size_t)64 * 1024)
#define SECONDS_MAX 120 /* of processor time; and the same without any progress */

/* ---- keyrings ---- */

#define ARMOR_KEY SPAN_LITERAL("-----BEGIN PGP PUBLIC KEY BLOCK-----")
#define ARMOR_END SPAN_LITERAL("-----END PGP PUBLIC KEY BLOCK-----")

/* A public key's packet in the old or the new format, or a keybox. */
static bool is_binary_ring(struct span bytes)
{
    return bytes.n > 16 && (bytes.p[0] == 0x98 || bytes.p[0] == 0x99 || bytes.p[0] == 0x9a ||
                            bytes.p[0] == 0xc6 || memcmp(bytes.p + 8, "KBXf", 4) == 0);
}

bool openpgp_is_keyring(struct span bytes)
{
    return is_binary_ring(bytes) || span_find(bytes, 0, ARMOR_KEY) != SIZE_MAX ||
           span_find(bytes, 0, SPAN_LITERAL("-----BEGIN PGP PRIVATE KEY")) != SIZE_MAX;
}

enum pratique_status openpgp_add(struct keys *k, const char *name, struct span bytes,
                                 struct pratique_error *err)
{
    struct buf ring;
    struct key *key;
    bool ok;

    if (span_find(bytes, 0, SPAN_LITERAL("-----BEGIN PGP PRIVATE KEY")) != SIZE_MAX)
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "%.150s: it holds a secret key; name a keyring of public ones", name);
    buf_init(&ring, KEY_FILE_MAX);
    ok = is_binary_ring(bytes) ? buf_add(&ring, bytes.p, bytes.n)
                               : openpgp_dearmor(bytes, ARMOR_KEY, ARMOR_END, false, &ring);
    if (!ok) {
        buf_free(&ring);
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "%.150s: an armored keyring that is broken; gpg --export KEY > FILE "
                         "writes one that is not armored",
                         name);
    }
    key = keys_add(k, KEY_OPENPGP, name, err);
    if (key) {
        const char *copy = arena_copy(&k->arena, ring.p, ring.n);

        key->blob = copy ? span_of(copy, ring.n) : SPAN_EMPTY;
    }
    ok = key && key->blob.n;
    buf_free(&ring);
    return ok ? PRATIQUE_OK
              : error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while reading %.150s", name);
}

/* ---- signatures ---- */

#define ARMOR_SIGNATURE     SPAN_LITERAL("-----BEGIN PGP SIGNATURE-----")
#define ARMOR_SIGNATURE_END SPAN_LITERAL("-----END PGP SIGNATURE-----")

bool openpgp_looks_like(struct span bytes)
{
    return span_starts(bytes, ARMOR_SIGNATURE) || (bytes.n > 16 && (bytes.p[0] & 0xfc) == 0x88) ||
           (bytes.n > 16 && bytes.p[0] == 0xc2);
}

/* The signature without armor, of which *packet is, in *out. NULL, or why it is none. */
static const char *read_packet(const struct check *c, struct openpgp_packet *packet,
                               struct buf *out)
{
    bool armored = span_starts(c->signature, ARMOR_SIGNATURE);

    if (armored && !openpgp_dearmor(c->signature, ARMOR_SIGNATURE, ARMOR_SIGNATURE_END, true, out))
        return "its armor is broken, or it is not alone";
    if (!armored && !buf_add(out, c->signature.p, c->signature.n))
        return "there is no memory for it";
    return openpgp_packet_read(packet, span_of(out->p, out->n));
}

/* ---- a folder for gpgv, and gpgv in it ---- */

struct run {
    char folder[64], ring[80], signature[80];
    int status, input; /* our ends; -1: closed */
    pid_t pid;
    struct buf said;
};

static bool write_file(const char *path, struct span bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool ok = fd != -1;

    while (ok && bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);

        if (n == -1 && errno == EINTR)
            continue;
        ok = n > 0 && skip(&bytes, (uint64_t)n);
    }
    return fd != -1 && close(fd) == 0 && ok;
}

static bool folder_make(struct run *r, struct span ring, struct span signature)
{
    static const char *const places[] = { "/dev/shm", "/tmp" };

    r->folder[0] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        (void)snprintf(r->folder, sizeof r->folder, "%s/pratique-gpgv-XXXXXX", places[i]);
        if (mkdtemp(r->folder))
            break;
        r->folder[0] = '\0';
    }
    (void)snprintf(r->ring, sizeof r->ring, "%s/keyring", r->folder);
    (void)snprintf(r->signature, sizeof r->signature, "%s/signature", r->folder);
    return r->folder[0] && write_file(r->ring, ring) && write_file(r->signature, signature);
}

static void folder_remove(const struct run *r)
{
    if (!r->folder[0])
        return;
    (void)unlink(r->ring);
    (void)unlink(r->signature);
    (void)rmdir(r->folder);
}

/* In the child, between fork and exec: only calls that are safe there. */
static void child(const struct run *r, int input, int status)
{
    const struct rlimit time = { SECONDS_MAX, SECONDS_MAX }, none = { 0, 0 };
    static char path[] = "PATH=/usr/bin:/bin", lang[] = "LC_ALL=C", home[] = "HOME=/nonexistent";
    char *const env[] = { path, lang, home, NULL };
    static const char *const programs[] = { "/usr/bin/gpgv", "/usr/local/bin/gpgv", "/bin/gpgv" };
    const char *const argv[] = { "gpgv",       "--homedir",   r->folder, "--keyring",
                                 r->ring,      "--status-fd", "1",       "--",
                                 r->signature, "-",           NULL };
    int null = fcntl(open("/dev/null", O_WRONLY), F_DUPFD_CLOEXEC, 3);

    /* out of the way of the three that they become */
    input = fcntl(input, F_DUPFD_CLOEXEC, 3);
    status = fcntl(status, F_DUPFD_CLOEXEC, 3);
    if (dup2(input, 0) == -1 || dup2(status, 1) == -1 || dup2(null, 2) == -1)
        _exit(126);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)setrlimit(RLIMIT_CPU, &time);
    (void)setrlimit(RLIMIT_CORE, &none);
    for (size_t i = 0; i < ARRAY_LEN(programs); i++)
        (void)execve(programs[i], (char *const *)(uintptr_t)argv, env);
    _exit(127);
}

/* Its input is a socket: a write to one that is closed is an error and no signal. */
static bool start(struct run *r)
{
    int in[2] = { -1, -1 }, out[2] = { -1, -1 };
    bool ok = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) == 0 &&
              pipe2(out, O_CLOEXEC) == 0 && (r->pid = fork()) != -1;

    if (ok && r->pid == 0)
        child(r, in[1], out[1]);
    r->input = in[0], r->status = out[0];
    for (int i = 0; i < 2; i++) {
        int theirs = i == 0 ? in[1] : out[1];

        if (theirs != -1)
            close(theirs);
    }
    return ok;
}

static void close_end(int *fd)
{
    if (*fd != -1)
        close(*fd);
    *fd = -1;
}

/* Sends what fits; closes the input at the end of the message, or when gpgv wants no more. */
static void feed(struct run *r, struct span *message)
{
    ssize_t n =
        message->n ? send(r->input, message->p, message->n, MSG_NOSIGNAL | MSG_DONTWAIT) : 0;

    if (n > 0)
        (void)skip(message, (uint64_t)n);
    else if (n == -1 && (errno == EINTR || errno == EAGAIN))
        return;
    else
        close_end(&r->input);
    if (message->n == 0)
        close_end(&r->input);
}

/* False at the end, and when it says too much. */
static bool listen_to(struct run *r)
{
    char text[4096];
    ssize_t n = read(r->status, text, sizeof text);

    if (n == -1 && errno == EINTR)
        return true;
    return n > 0 && buf_add(&r->said, text, (size_t)n);
}

/* Until gpgv closes its side; false when nothing moves for too long. */
static bool talk(struct run *r, struct span message)
{
    for (;;) {
        struct pollfd p[2] = { { .fd = r->status, .events = POLLIN },
                               { .fd = r->input, .events = POLLOUT } };
        int n = poll(p, 2, SECONDS_MAX * 1000);

        if (n == -1 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        if (p[1].revents)
            feed(r, &message);
        if (p[0].revents && !listen_to(r))
            return !r->said.failed;
    }
}

static int finish(struct run *r, bool well)
{
    int status = -1;

    close_end(&r->input);
    close_end(&r->status);
    if (r->pid <= 0)
        return -1;
    if (!well)
        (void)kill(r->pid, SIGKILL);
    while (waitpid(r->pid, &status, 0) == -1)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* ---- what gpgv says ---- */

struct said {
    unsigned news, good, valid, bad, no_key, error;
    bool expired, revoked, expired_signature;
    struct span user;       /* of GOODSIG */
    struct span fields[10]; /* of VALIDSIG: fingerprint, date, time, ..., class, primary */
    size_t fields_n;
};

static bool take_field(struct span *in, struct span *out)
{
    size_t n = 0;

    while (n < in->n && in->p[n] != ' ')
        n++;
    (void)take(in, n, out);
    (void)skip(in, in->n ? 1 : 0);
    return out->n > 0;
}

static void read_word(struct said *s, struct span word, struct span rest)
{
    struct span id;

    s->news += span_is(word, "NEWSIG");
    s->bad += span_is(word, "BADSIG");
    s->error += span_is(word, "ERRSIG");
    s->no_key += span_is(word, "NO_PUBKEY");
    /* KEYEXPIRED is said of subkeys, too, that have nothing to do with it */
    s->expired |= span_is(word, "EXPKEYSIG");
    s->expired_signature |= span_is(word, "EXPSIG");
    s->revoked |= span_is(word, "REVKEYSIG") || span_is(word, "KEYREVOKED");
    if (span_is(word, "GOODSIG") && ++s->good == 1 && take_field(&rest, &id))
        s->user = rest;
    if (span_is(word, "VALIDSIG") && ++s->valid == 1)
        while (s->fields_n < ARRAY_LEN(s->fields) && take_field(&rest, &s->fields[s->fields_n]))
            s->fields_n++;
}

static void read_status(struct said *s, struct span text)
{
    const struct span head = SPAN_LITERAL("[GNUPG:] ");
    struct span line, word;

    *s = (struct said){ .user = SPAN_EMPTY };
    while (take_line(&text, &line))
        if (span_starts(line, head) && skip(&line, head.n) && take_field(&line, &word))
            read_word(s, word, line);
}

static uint64_t field_number(const struct said *s, size_t i)
{
    uint64_t n = 0;

    for (size_t k = 0; i < s->fields_n && k < s->fields[i].n; k++) {
        if (s->fields[i].p[k] < '0' || s->fields[i].p[k] > '9' || n > UINT32_MAX)
            return 0;
        n = n * 10 + (uint64_t)(s->fields[i].p[k] - '0');
    }
    return n;
}

/* RFC 4880, 9.4, and RFC 9580: the SHA-2 and SHA-3 ones, not MD5, SHA-1 or RIPE-MD. */
static bool hash_is_strong(uint64_t hash)
{
    return (hash >= 8 && hash <= 11) || hash == 12 || hash == 14;
}

/* ---- the fault ---- */

static enum signature_fault not_good(struct check *c, const struct said *s, const struct key *key)
{
    if (s->revoked)
        return check_fault(c, SIGNATURE_REVOKED,
                           "the OpenPGP key that made it was revoked, says %.100s", key->name);
    if (s->bad)
        return check_fault(c, SIGNATURE_WRONG, "it is by a key of %.100s, and not of these bytes",
                           key->name);
    if (s->expired)
        return check_fault(c, SIGNATURE_EXPIRED,
                           "the OpenPGP key that made it is expired; if its owner has prolonged "
                           "it, export it again to %.100s",
                           key->name);
    if (s->expired_signature)
        return check_fault(c, SIGNATURE_EXPIRED, "the signature itself is expired");
    if (s->no_key)
        return check_fault(c, SIGNATURE_UNKNOWN_KEY,
                           "it is by an OpenPGP key that is not in %.100s", key->name);
    return check_fault(c, SIGNATURE_MALFORMED,
                       "gpgv finds no detached signature in it that it can verify");
}

/* "Alice <alice@example.org>", or the address in it, or the fingerprint. */
static bool user_is(const struct said *s, const char *identity)
{
    struct span want = span_text(identity), user = s->user;
    const uint8_t *open = user.n ? memrchr(user.p, '<', user.n) : NULL;

    if (span_equal(user, want) || span_equal(s->fields[0], want) ||
        (s->fields_n == 10 && span_equal(s->fields[9], want)))
        return true;
    if (!open || user.p[user.n - 1] != '>')
        return false;
    return span_equal(span_of(open + 1, user.n - (size_t)(open + 1 - user.p) - 1), want);
}

/* gpgv goes by what is signed of it, and passes over what is not. */
static bool agrees(const struct check *c, const struct said *s, const struct openpgp_packet *p)
{
    return openpgp_packet_is_by(p, s->fields[0]) && openpgp_packet_begins(p, c->message);
}

static enum signature_fault good(struct check *c, const struct said *s, const struct key *key,
                                 const struct openpgp_packet *p)
{
    const char *wanted[] = { c->k->identity, key->identity };

    if (field_number(s, 8) != 0)
        return check_fault(c, SIGNATURE_MALFORMED,
                           "it is a signature of a text, whose line ends do not count; sign the "
                           "bytes (gpg --detach-sign, without --textmode)");
    if (!hash_is_strong(field_number(s, 7)))
        return check_fault(c, SIGNATURE_MALFORMED,
                           "it uses SHA-1 or a weaker hash; sign again with --digest-algo SHA512");
    if (!agrees(c, s, p))
        return check_fault(c, SIGNATURE_MALFORMED,
                           "it was changed where it is not signed (its issuer, or how its hash "
                           "begins)");
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
        if (wanted[i] && !user_is(s, wanted[i]))
            return check_fault(c, SIGNATURE_FORBIDDEN, "it is by %.100s, not by %.100s",
                               check_printable(c, s->user), wanted[i]);
    *c->who = (struct signer){ .kind = "openpgp",
                               .key = key->name,
                               .id = check_printable(c, s->fields[0]),
                               .who = check_printable(c, s->user),
                               .comment = "",
                               .signed_at = (int64_t)field_number(s, 2) };
    return key_fit(c->k, key, &c->why, c->arena);
}

static enum signature_fault judge(struct check *c, struct span text, int status,
                                  const struct key *key, const struct openpgp_packet *p)
{
    struct said s;

    read_status(&s, text);
    if (s.news > 1)
        return check_fault(c, SIGNATURE_MALFORMED,
                           "it holds more than one signature; give one that is alone");
    if (status != 0 || s.news != 1 || s.good != 1 || s.valid != 1 || s.fields_n != 10 || s.bad ||
        s.error || s.no_key || s.expired || s.expired_signature || s.revoked)
        return not_good(c, &s, key);
    return good(c, &s, key, p);
}

static enum pratique_status failed(struct check *c, int status)
{
    if (status == 127)
        return error_set(c->err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET,
                         "%.150s: to verify an OpenPGP signature gpgv is needed, and it is not "
                         "installed (Debian: the package gpgv)",
                         c->name);
    return error_set(c->err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET,
                     "%.150s: gpgv could not be run, or did not answer", c->name);
}

static enum signature_fault ask(struct check *c, const struct key *key,
                                const struct openpgp_packet *p)
{
    struct run r = { .status = -1, .input = -1, .pid = -1 };
    enum signature_fault fault = SIGNATURE_MALFORMED;
    bool well;
    int status;

    buf_init(&r.said, STATUS_MAX);
    well = folder_make(&r, key->blob, c->signature) && start(&r) && talk(&r, c->message);
    status = finish(&r, well);
    folder_remove(&r);
    if (!well || status == -1 || status == 126 || status == 127)
        c->status = failed(c, status);
    else
        fault = judge(c, span_of(r.said.p, r.said.n), status, key, p);
    buf_free(&r.said);
    return fault;
}

/* How much a keyring's answer counts beside another's. */
static int rank(enum signature_fault fault)
{
    return fault == SIGNATURE_HOLDS ? 2 : fault != SIGNATURE_UNKNOWN_KEY;
}

/*
 * Each keyring is asked: a key that one says is revoked is revoked, and one that is expired in an
 * old keyring may be prolonged in another.
 */
static enum signature_fault ask_each(struct check *c, const struct openpgp_packet *p)
{
    enum signature_fault best = SIGNATURE_UNKNOWN_KEY;
    const char *why = NULL;
    struct signer who = *c->who;

    for (size_t i = 0; i < c->k->n; i++) {
        enum signature_fault fault;

        if (c->k->list[i].kind != KEY_OPENPGP)
            continue;
        fault = ask(c, &c->k->list[i], p);
        if (c->status != PRATIQUE_OK || fault == SIGNATURE_REVOKED)
            return fault;
        if (!why || rank(fault) > rank(best)) {
            best = fault, who = *c->who;
            why = c->why ? c->why : "";
        }
    }
    if (!why)
        return check_unknown_key(c, KEY_OPENPGP, "openpgp", "an OpenPGP key");
    c->why = why;
    *c->who = who;
    return best;
}

enum signature_fault openpgp_check(struct check *c)
{
    struct openpgp_packet packet;
    enum signature_fault fault;
    struct buf bytes;
    const char *why;

    buf_init(&bytes, SIGNATURE_MAX);
    why = read_packet(c, &packet, &bytes);
    fault = why ? check_fault(c, SIGNATURE_MALFORMED, "it is no OpenPGP signature: %s", why)
                : ask_each(c, &packet);
    buf_free(&bytes);
    return fault;
}
