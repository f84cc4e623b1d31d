/*
 * The child of a transfer: libcurl (7.85 or later), loaded here and nowhere else, so that no other
 * command pays for its start and no other process has its code. See transfer.h for what it says.
 *
 * HTTPS alone, also where it is sent on to; the certificate is always checked. Where a redirect
 * leads does not matter, since the hash decides.
 */
#include <curl/curl.h>
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <pratique/pratique.h>

#include "base/budget.h"
#include "sandbox/sandbox.h"
#include "trust/fetch/transfer.h"

#define REDIRECTS_MAX 10L
#define BUFFER_BYTES  (512L * 1024) /* the most that libcurl takes */
#define MEMORY_BYTES  ((uint64_t)1 << 30)
#define DESCRIPTORS   64
#define SLOWEST       4096L                /* bytes in a second, for as long as the timeout */
#define HEADERS_BYTES ((size_t)256 * 1024) /* of one answer */
#define PATIENCE_US   100000               /* after which part of a slot is handed over */

struct curl_api {
    CURLcode (*global_init)(long flags);
    CURL *(*init)(void);
    CURLcode (*setopt)(CURL *h, CURLoption option, ...);
    CURLcode (*perform)(CURL *h);
    CURLcode (*getinfo)(CURL *h, CURLINFO info, ...);
    struct curl_slist *(*append)(struct curl_slist *list, const char *line);
};

struct child {
    const struct transfer_request *r;
    struct curl_api api;
    CURL *h;
    int fd;
    uint8_t *slots; /* shared with the parent */
    uint32_t turn, taken;
    long status; /* of the answer at hand */
    bool begun, wrong;
    uint64_t handed_us;  /* when content was handed over */
    size_t headers;      /* bytes of them in the answer at hand */
    uint64_t range_from; /* as Content-Range has it */
    bool has_range;
    char etag[TRANSFER_TAG_MAX];
    char why[256];
    char text[CURL_ERROR_SIZE];
    size_t n; /* of content, in the slot */
};

/* ---- what it says ---- */

/* The slot whose turn it is; it is waited for. */
static uint8_t *slot(struct child *c)
{
    while (c->taken == TRANSFER_SLOTS) {
        uint8_t freed[TRANSFER_SLOTS];
        ssize_t n = recv(c->fd, freed, sizeof freed, 0);

        if (n == 0 || (n < 0 && errno != EINTR))
            _exit(1);
        c->taken -= n > 0 ? (uint32_t)n : 0;
    }
    return c->slots + c->turn * TRANSFER_PIECE;
}

/* Hands over n bytes, which are in the slot. */
static void hand_over(struct child *c, enum transfer_tag tag, size_t n)
{
    uint32_t head[2] = { (uint32_t)tag, (uint32_t)n };

    if (send(c->fd, head, sizeof head, MSG_NOSIGNAL) != (ssize_t)sizeof head)
        _exit(1);
    c->turn = (c->turn + 1) % TRANSFER_SLOTS;
    c->taken++;
}

static void flush(struct child *c)
{
    if (c->n > 0)
        hand_over(c, TRANSFER_DATA, c->n);
    c->n = 0;
    c->handed_us = budget_now_us();
}

/* What is no content, behind what there is of it. */
static void say(struct child *c, enum transfer_tag tag, const void *p, size_t n)
{
    flush(c);
    memcpy(slot(c), p, n);
    hand_over(c, tag, n);
}

static NORETURN void end(struct child *c, enum transfer_tag tag, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
static NORETURN void end(struct child *c, enum transfer_tag tag, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    say(c, tag, text, strlen(text));
    _exit(0);
}

/* ---- what the server says ---- */

/* The value of a header of that name, without spaces around it. */
static bool header_is(struct span line, const char *name, struct span *value)
{
    size_t n = strlen(name);

    if (line.n < n || strncasecmp((const char *)line.p, name, n) != 0)
        return false;
    *value = span_from(line, n);
    while (value->n && (value->p[0] == ' ' || value->p[0] == '\t'))
        (void)skip(value, 1);
    while (value->n && strchr(" \t\r\n", value->p[value->n - 1]) && value->p[value->n - 1])
        value->n--;
    return true;
}

/* A strong one alone says that the bytes are the same (RFC 9110, 8.8.1). */
static void keep_etag(struct child *c, struct span value)
{
    if (value.n < 2 || value.n >= sizeof c->etag || value.p[0] != '"')
        return;
    for (size_t i = 0; i < value.n; i++)
        if (value.p[i] < ' ' || value.p[i] > '~')
            return;
    memcpy(c->etag, value.p, value.n);
    c->etag[value.n] = '\0';
}

/* "bytes 65536-131071/131072" */
static void keep_range(struct child *c, struct span value)
{
    c->has_range = span_starts(value, SPAN_LITERAL("bytes ")) && skip(&value, 6) && value.n > 0 &&
                   value.p[0] >= '0' && value.p[0] <= '9';
    c->range_from = 0;
    for (size_t i = 0; c->has_range && i < value.n && i < 18; i++) {
        if (value.p[i] < '0' || value.p[i] > '9')
            break;
        c->range_from = c->range_from * 10 + (uint64_t)(value.p[i] - '0');
    }
}

static bool wrong(struct child *c, const char *fmt, ...) PRINTF_LIKE(2, 3);
static bool wrong(struct child *c, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(c->why, sizeof c->why, fmt, ap);
    va_end(ap);
    c->wrong = true;
    return false;
}

static size_t on_header(char *p, size_t size, size_t n, void *user)
{
    struct child *c = user;
    struct span line = span_of(p, size * n), value;

    if (span_starts(line, SPAN_LITERAL("HTTP/"))) /* another answer begins: what was is past */
        c->etag[0] = '\0', c->has_range = false, c->headers = 0;
    c->headers += line.n;
    if (c->headers > HEADERS_BYTES) { /* some libcurls take them without end */
        (void)wrong(c, "its headers do not end");
        return 0;
    }
    if (header_is(line, "etag:", &value))
        keep_etag(c, value);
    else if (header_is(line, "content-range:", &value))
        keep_range(c, value);
    return size * n;
}

/* Before the first byte: where it belongs, and whether the length can be right. */
static bool begin(struct child *c)
{
    uint8_t frame[8 + TRANSFER_TAG_MAX];
    uint64_t from = 0, whole;
    curl_off_t length = -1;
    size_t n = strlen(c->etag);

    (void)c->api.getinfo(c->h, CURLINFO_RESPONSE_CODE, &c->status);
    (void)c->api.getinfo(c->h, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    if (c->status == 206 && c->r->from > 0 && c->has_range && c->range_from == c->r->from)
        from = c->r->from;
    else if (c->status != 200)
        return wrong(c, "the server answers with %ld", c->status);
    whole = from + (length >= 0 ? (uint64_t)length : 0);
    if (length >= 0 && whole != c->r->size)
        return wrong(c, "it has %llu bytes there, and the lock says %llu",
                     (unsigned long long)whole, (unsigned long long)c->r->size);
    memcpy(frame, &from, sizeof from);
    memcpy(frame + sizeof from, c->etag, n);
    say(c, TRANSFER_BEGIN, frame, sizeof from + n);
    c->begun = true;
    return true;
}

static size_t on_data(char *p, size_t size, size_t n, void *user)
{
    struct child *c = user;
    struct span in = span_of(p, size * n), part;

    if (!c->begun && !begin(c))
        return 0;
    while (in.n > 0) {
        size_t room = TRANSFER_PIECE - c->n;

        (void)take(&in, in.n < room ? in.n : room, &part);
        memcpy(slot(c) + c->n, part.p, part.n);
        c->n += part.n;
        if (c->n == TRANSFER_PIECE || budget_now_us() - c->handed_us > PATIENCE_US)
            flush(c);
    }
    return size * n;
}

/* ---- libcurl ---- */

static void *symbol(void *library, const char *name, struct child *c)
{
    void *p = dlsym(library, name);

    if (!p)
        end(c, TRANSFER_FAILED, "libcurl.so.4 has no %s", name);
    return p;
}

/* What POSIX says of dlsym(3): its pointer may be one to a function. */
#define LOAD(c, library, field, name)                                                              \
    do {                                                                                           \
        void *p_ = symbol(library, name, c);                                                       \
        memcpy(&(c)->api.field, &p_, sizeof p_);                                                   \
    } while (0)

static void load(struct child *c)
{
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);

    if (!library)
        end(c, TRANSFER_FAILED,
            "libcurl.so.4 is needed to download, and is not here (Debian: apt-get install "
            "libcurl4); PRATIQUE_MIRROR and --offline do without it");
    LOAD(c, library, global_init, "curl_global_init");
    LOAD(c, library, init, "curl_easy_init");
    LOAD(c, library, setopt, "curl_easy_setopt");
    LOAD(c, library, perform, "curl_easy_perform");
    LOAD(c, library, getinfo, "curl_easy_getinfo");
    LOAD(c, library, append, "curl_slist_append");
    if (c->api.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(c->h = c->api.init()))
        end(c, TRANSFER_FAILED, "libcurl cannot be set up");
}

static void number(struct child *c, CURLoption option, long value)
{
    if (c->api.setopt(c->h, option, value) != CURLE_OK)
        end(c, TRANSFER_FAILED, "libcurl is too old, or was built without what is needed (%d)",
            (int)option);
}

static void text(struct child *c, CURLoption option, const void *value)
{
    if (c->api.setopt(c->h, option, value) != CURLE_OK)
        end(c, TRANSFER_FAILED, "libcurl is too old, or was built without what is needed (%d)",
            (int)option);
}

static void functions(struct child *c)
{
    size_t (*header)(char *, size_t, size_t, void *) = on_header;
    size_t (*data)(char *, size_t, size_t, void *) = on_data;

    if (c->api.setopt(c->h, CURLOPT_HEADERFUNCTION, header) != CURLE_OK ||
        c->api.setopt(c->h, CURLOPT_WRITEFUNCTION, data) != CURLE_OK)
        end(c, TRANSFER_FAILED, "libcurl cannot be set up");
    text(c, CURLOPT_HEADERDATA, c);
    text(c, CURLOPT_WRITEDATA, c);
    text(c, CURLOPT_ERRORBUFFER, c->text);
}

/* The certificate's check is the default, and is asked for all the same. */
static void security(struct child *c)
{
    text(c, CURLOPT_PROTOCOLS_STR, "https");
    text(c, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    number(c, CURLOPT_FOLLOWLOCATION, 1);
    number(c, CURLOPT_MAXREDIRS, REDIRECTS_MAX);
    number(c, CURLOPT_SSL_VERIFYPEER, 1);
    number(c, CURLOPT_SSL_VERIFYHOST, 2);
    number(c, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    if (c->r->ca_file) {
        text(c, CURLOPT_CAINFO, c->r->ca_file);
        text(c, CURLOPT_CAPATH, NULL);
    }
}

static void times(struct child *c)
{
    uint64_t bound = transfer_bound_ms(c->r);

    number(c, CURLOPT_NOSIGNAL, 1);
    number(c, CURLOPT_CONNECTTIMEOUT_MS, (long)c->r->timeout_ms);
    number(c, CURLOPT_LOW_SPEED_LIMIT, SLOWEST);
    number(c, CURLOPT_LOW_SPEED_TIME, (long)(c->r->timeout_ms + 999) / 1000);
    number(c, CURLOPT_TIMEOUT_MS, bound < INT_MAX ? (long)bound : INT_MAX); /* its own limit */
}

static void request(struct child *c)
{
    struct curl_slist *lines = c->api.append(NULL, "Accept-Encoding: identity");
    char range[40], line[TRANSFER_TAG_MAX + 16];

    text(c, CURLOPT_URL, c->r->url);
    text(c, CURLOPT_USERAGENT, "pratique/" PRATIQUE_VERSION);
    number(c, CURLOPT_FAILONERROR, 1);
    number(c, CURLOPT_BUFFERSIZE, BUFFER_BYTES);
    if (c->r->from > 0) {
        (void)snprintf(range, sizeof range, "%llu-", (unsigned long long)c->r->from);
        text(c, CURLOPT_RANGE, range);
        (void)snprintf(line, sizeof line, "If-Range: %s", c->r->etag);
        if (c->r->etag[0])
            lines = c->api.append(lines, line);
    }
    text(c, CURLOPT_HTTPHEADER, lines);
}

/* ---- the end ---- */

static bool may_go_on(CURLcode code)
{
    switch (code) {
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
        return true;
    default:
        return false;
    }
}

static NORETURN void tell_end(struct child *c, CURLcode code)
{
    const char *why = c->text[0] ? c->text : "libcurl does not say why";

    if (c->wrong)
        end(c, c->status == 200 || c->status == 206 ? TRANSFER_REFUSED : TRANSFER_FAILED, "%s",
            c->why);
    (void)c->api.getinfo(c->h, CURLINFO_RESPONSE_CODE, &c->status);
    if (code == CURLE_HTTP_RETURNED_ERROR && c->status == 416)
        end(c, TRANSFER_REFUSED, "it has fewer bytes there than are here already");
    if (code == CURLE_OK && !c->begun) /* an answer without a byte */
        end(c, TRANSFER_REFUSED, "it has no bytes there, and the lock says %llu",
            (unsigned long long)c->r->size);
    if (code == CURLE_OK)
        end(c, TRANSFER_DONE, "%s", "");
    if (code == CURLE_OPERATION_TIMEDOUT && c->begun)
        end(c, TRANSFER_FAILED, "it came too slowly: %s", why);
    end(c, may_go_on(code) ? TRANSFER_RETRY : TRANSFER_FAILED, "%s", why);
}

/* What a resolver, libcrypto and libcurl read. */
static void lock_down(struct child *c, int parent)
{
    const struct sandbox_grant grants[] = {
        { "/etc", SANDBOX_READ },         { "/usr", SANDBOX_READ },
        { "/lib", SANDBOX_READ },         { "/lib64", SANDBOX_READ },
        { "/run/systemd", SANDBOX_READ }, { "/run/resolvconf", SANDBOX_READ },
        { "/dev/urandom", SANDBOX_READ }, { "/dev/null", SANDBOX_READ },
        { "/proc/sys", SANDBOX_READ },    { c->r->ca_file ? c->r->ca_file : "/etc", SANDBOX_READ },
    };
    const struct sandbox_limits limits = { .memory_bytes = MEMORY_BYTES,
                                           .descriptors = DESCRIPTORS };
    const char *missing = sandbox_lock_client(parent, grants, ARRAY_LEN(grants), &limits);

    if (missing)
        end(c, TRANSFER_FAILED, "the process that is to fetch it cannot be locked down: %s",
            missing);
}

/* Nothing is inherited but the socket and standard error, for a sanitizer. */
static void close_others(struct child *c)
{
    int keep = STDERR_FILENO + 1;

    if (c->fd != keep && dup2(c->fd, keep) == -1)
        _exit(1);
    c->fd = keep;
    (void)close(STDIN_FILENO);
    (void)close(STDOUT_FILENO);
    (void)syscall(SYS_close_range, keep + 1, ~0u, 0);
}

void transfer_run(int fd, uint8_t *slots, int parent, const struct transfer_request *r)
{
    struct child *c = calloc(1, sizeof *c);

    if (!c)
        _exit(1);
    c->r = r;
    c->slots = slots;
    c->fd = fd;
    c->handed_us = budget_now_us();
    (void)unsetenv("SSLKEYLOGFILE"); /* libcurl would open it for writing */
    close_others(c);
    load(c);
    lock_down(c, parent);
    functions(c);
    security(c);
    times(c);
    request(c);
    tell_end(c, c->api.perform(c->h));
}
