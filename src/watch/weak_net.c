/*
 * Sockets where there is no network namespace. The keeper makes every one of them, keeps a
 * copy, and does with the copy what was asked for: whatever the process does to its own
 * descriptors or memory meanwhile, an Internet socket is bound to 127.0.0.1 and sent to the
 * sink, or to another socket of the watched; one of files reaches what lies below the place.
 *
 * Left out: descriptors in messages, datagram pairs, abstract names, netlink. getpeername(2)
 * and the source of a datagram are those of the sink.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "watch/address.h"
#include "watch/calls.h"

#define MESSAGE_MAX                                                                                \
    (256u * 1024) /* sent at once; of a stream the rest is sent by the next call                   \
                   */
#define PARTS_MAX    1024
#define MESSAGES_MAX 64
#define PATIENCE_MS  300 /* for a peer on this machine */
#define DNS_PORT     53
#define MISSED_MAX   2

/* An address as it was copied from the process. */
struct target {
    struct sockaddr_storage sa;
    struct address told;
};

/* ---- the sockets that there are ---- */

static bool is_inet(const struct weak_socket *s)
{
    return s->family == AF_INET || s->family == AF_INET6;
}

static struct weak_socket *find(struct keeper *k, uint64_t ino)
{
    for (size_t i = 0; i < k->sockets_n; i++)
        if (k->sockets[i].ino == ino)
            return &k->sockets[i];
    return NULL;
}

static uint64_t socket_ino(const char *link)
{
    unsigned long long ino;

    return sscanf(link, "socket:[%llu]", &ino) == 1 ? ino : 0;
}

static int option(int fd, int name)
{
    int value = 0;
    socklen_t n = sizeof value;

    return getsockopt(fd, SOL_SOCKET, name, &value, &n) == 0 ? value : -1;
}

/*
 * The socket that the thread means by fd: one of those made here, or a copy, in room, of
 * another (an accepted one), where pidfd_getfd(2) may be used. NULL: it is none, or out of
 * reach. The copy is closed by drop().
 */
static struct weak_socket *take_socket(const struct call *c, int fd, struct weak_socket *room)
{
    char what[32], link[64];
    struct weak_socket *s;
    uint64_t ino;

    (void)snprintf(what, sizeof what, "fd/%d", fd);
    if (!target_link(c->tid, what, link, sizeof link) || (ino = socket_ino(link)) == 0)
        return NULL;
    s = find(c->k, ino);
    if (s)
        return s;
    *room = (struct weak_socket){ .ino = ino, .fd = target_descriptor(c->tid, fd) };
    if (room->fd == -1)
        return NULL;
    room->family = option(room->fd, SO_DOMAIN);
    room->type = option(room->fd, SO_TYPE);
    return room;
}

static void drop(struct weak_socket *s, const struct weak_socket *room)
{
    if (s == room)
        (void)close(s->fd);
}

static void forget(struct keeper *k, size_t i)
{
    (void)close(k->sockets[i].fd);
    k->sockets[i] = k->sockets[--k->sockets_n];
}

/* Marks the sockets that a process has. */
static void look_at(struct keeper *k, pid_t pid)
{
    char path[64], link[64];
    struct dirent *e;
    DIR *dir;

    (void)snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    dir = opendir(path);
    while (dir && (e = readdir(dir))) {
        ssize_t n = readlinkat(dirfd(dir), e->d_name, link, sizeof link - 1);
        struct weak_socket *s;

        link[n > 0 ? n : 0] = '\0';
        s = n > 0 ? find(k, socket_ino(link)) : NULL;
        if (s)
            s->missed = 0;
    }
    if (dir)
        (void)closedir(dir);
}

/* Missed once it may be on its way from one process to another. */
void weak_net_sweep(struct keeper *k)
{
    if (k->sockets_n == 0)
        return;
    for (size_t i = 0; i < k->sockets_n; i++)
        k->sockets[i].missed++;
    crowd_each(k, look_at);
    for (size_t i = k->sockets_n; i-- > 0;)
        if (k->sockets[i].missed >= MISSED_MAX)
            forget(k, i);
}

void weak_net_end(struct keeper *k)
{
    while (k->sockets_n > 0)
        forget(k, k->sockets_n - 1);
}

/* ---- addresses ---- */

/* 127.0.0.1 for a socket of the family. */
static socklen_t local_address(int family, uint16_t port, struct sockaddr_storage *out)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET,
                              .sin_port = htons(port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

    memset(out, 0, sizeof *out);
    if (family == AF_INET) {
        memcpy(out, &v4, sizeof v4);
        return sizeof v4;
    }
    v6.sin6_addr.s6_addr[10] = v6.sin6_addr.s6_addr[11] = 0xff;
    memcpy(&v6.sin6_addr.s6_addr[12], &v4.sin_addr, sizeof v4.sin_addr);
    memcpy(out, &v6, sizeof v6);
    return sizeof v6;
}

/* An Internet address as one of IPv6. */
static struct sockaddr_in6 address6(const struct sockaddr_storage *sa)
{
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    struct sockaddr_in v4;

    if (sa->ss_family == AF_INET6) {
        memcpy(&v6, sa, sizeof v6);
        return v6;
    }
    memcpy(&v4, sa, sizeof v4);
    v6.sin6_port = v4.sin_port;
    v6.sin6_addr.s6_addr[10] = v6.sin6_addr.s6_addr[11] = 0xff;
    memcpy(&v6.sin6_addr.s6_addr[12], &v4.sin_addr, sizeof v4.sin_addr);
    return v6;
}

/* The port of an Internet socket; 0: none, or it is not bound to 127.0.0.1. */
static uint16_t local_port(const struct weak_socket *s)
{
    struct sockaddr_storage sa = { 0 };
    socklen_t n = sizeof sa;
    struct sockaddr_in6 v6;

    if (getsockname(s->fd, (struct sockaddr *)&sa, &n) != 0)
        return 0;
    v6 = address6(&sa);
    return IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) && v6.sin6_addr.s6_addr[12] == 127
               ? ntohs(v6.sin6_port)
               : 0;
}

/* Bound to 127.0.0.1, by now: nothing that it sends leaves the machine, whatever its options. */
static int bind_local(const struct weak_socket *s, uint16_t port)
{
    struct sockaddr_storage sa;
    socklen_t n = local_address(s->family, port, &sa);
    int off = 0;

    if (local_port(s))
        return port ? EINVAL : 0;
    if (s->family == AF_INET6)
        (void)setsockopt(s->fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    (void)setsockopt(s->fd, IPPROTO_IP, IP_OPTIONS, NULL, 0);
    if (bind(s->fd, (struct sockaddr *)&sa, n) != 0)
        return errno;
    return local_port(s) ? 0 : EADDRNOTAVAIL;
}

static bool is_own_port(const struct keeper *k, int type, uint16_t port)
{
    for (size_t i = 0; i < k->sockets_n; i++) {
        const struct weak_socket *s = &k->sockets[i];

        if (is_inet(s) && s->type == type && (type == SOCK_DGRAM || s->listens) &&
            local_port(s) == port)
            return true;
    }
    return false;
}

/* getsockname(2) tells the name by which the keeper bound a socket: what it was bound as. */
static const char *bound_as(const struct keeper *k, const char *name)
{
    struct sockaddr_un un;

    for (size_t i = 0; i < k->sockets_n && strncmp(name, "/proc/self/fd/", 14) == 0; i++) {
        socklen_t n = sizeof un;

        memset(&un, 0, sizeof un);
        if (k->sockets[i].bound && getsockname(k->sockets[i].fd, (struct sockaddr *)&un, &n) == 0 &&
            strncmp(un.sun_path, name, sizeof un.sun_path) == 0)
            return k->sockets[i].bound;
    }
    return NULL;
}

static bool copy_address(const struct call *c, uint64_t at, uint64_t n, struct target *out)
{
    size_t len = n < sizeof out->sa ? (size_t)n : sizeof out->sa;

    memset(out, 0, sizeof *out);
    if (!target_read(c->tid, at, &out->sa, len))
        return false;
    address_of(&out->told, &out->sa, (socklen_t)len);
    return true;
}

static void tell_target(const struct call *c, enum event_kind kind, struct target *t, int type,
                        uint64_t bytes)
{
    if (t->told.port == DNS_PORT && t->told.flags & NET_LOOPBACK)
        t->told.flags |= NET_DNS; /* the resolver of a machine without resolv.conf */
    if (t->told.family == AF_UNIX && bound_as(c->k, t->told.text))
        (void)snprintf(t->told.text, sizeof t->told.text, "%s", bound_as(c->k, t->told.text));
    place_told(c->k, t->told.text);
    call_tell_address(c, kind, &t->told, type, bytes);
}

/*
 * The port of this machine that an address leads to, in *port: another socket of the watched,
 * or the sink, which is told what s means by it. An error: nothing does.
 */
static int route(struct keeper *k, struct weak_socket *s, const struct target *t, uint16_t *port)
{
    struct sockaddr_in6 to;
    int error;

    if (t->told.family != AF_INET && (t->told.family != AF_INET6 || s->family != AF_INET6))
        return EAFNOSUPPORT;
    error = bind_local(s, 0);
    if (error)
        return error;
    to = address6(&t->sa);
    *port = t->told.port;
    if (t->told.flags & (NET_LOOPBACK | NET_UNSPECIFIED)) {
        if (is_own_port(k, s->type, *port))
            return 0;
        if (*port != DNS_PORT)
            return ECONNREFUSED;
    }
    if (memcmp(&s->meant, &to, sizeof to) == 0 && s->type == SOCK_DGRAM && k->sink_port)
        *port = k->sink_port;
    else
        *port = sinkhole_meant(k, s->type == SOCK_STREAM, local_port(s), &to);
    if (s->type == SOCK_DGRAM)
        k->sink_port = *port;
    s->meant = to;
    return *port ? 0 : ENETUNREACH;
}

/* ---- files ---- */

/* A path of the world that a unix address names; false: another kind of name. */
static bool unix_path(const struct call *c, const struct target *t, char path[PATH_MAX])
{
    struct sockaddr_un un;
    char name[sizeof un.sun_path + 1];
    const char *bound;

    memcpy(&un, &t->sa, sizeof un);
    (void)snprintf(name, sizeof name, "%.*s", (int)sizeof un.sun_path, un.sun_path);
    bound = bound_as(c->k, name);
    if (bound) {
        (void)snprintf(path, PATH_MAX, "%s", bound);
        return true;
    }
    return name[0] && place_resolve(c->k, c->tid, AT_FDCWD, name, true, path);
}

/* The address of what is open at fd, or of what is called so in it. */
static void unix_address(int fd, const char *name, struct sockaddr_un *out)
{
    *out = (struct sockaddr_un){ .sun_family = AF_UNIX };
    (void)snprintf(out->sun_path, sizeof out->sun_path, "/proc/self/fd/%d%s%.64s", fd,
                   *name ? "/" : "", name);
}

/* The socket that lies at the path below the place. */
static int unix_target(const struct call *c, const struct target *t, struct sockaddr_un *out)
{
    char path[PATH_MAX];
    int fd = unix_path(c, t, path) ? weak_open(c->k, path, NULL) : -1;

    if (fd != -1)
        unix_address(fd, "", out);
    return fd;
}

/* ---- calls ---- */

/* Nobody else waits while the keeper does; the flag is the file's, and put back. */
static int connect_now(int fd, const void *to, socklen_t n)
{
    int flags = fcntl(fd, F_GETFL), error, rc;
    struct pollfd p = { .fd = fd, .events = POLLOUT };

    (void)fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    rc = connect(fd, to, n);
    error = rc == 0 ? 0 : errno;
    if (error == EINPROGRESS)
        error = poll(&p, 1, PATIENCE_MS) == 1 ? option(fd, SO_ERROR) : ETIMEDOUT;
    (void)fcntl(fd, F_SETFL, flags);
    return error;
}

static int connect_unix(const struct call *c, const struct weak_socket *s, const struct target *t)
{
    struct sockaddr_un un;
    int fd = unix_target(c, t, &un), error;

    if (fd == -1)
        return s->family == AF_UNIX ? ENOENT : EAFNOSUPPORT;
    error = connect_now(s->fd, &un, sizeof un);
    (void)close(fd);
    return error;
}

static int connect_inet(const struct call *c, struct weak_socket *s, const struct target *t)
{
    struct sockaddr_storage sa;
    uint16_t port;
    int error = route(c->k, s, t, &port);

    if (error)
        return error;
    return connect_now(s->fd, &sa, local_address(s->family, port, &sa));
}

static struct outcome ended(int error)
{
    return error ? OUTCOME_FAILS(error) : OUTCOME_RETURNS(0);
}

static struct outcome connect_call(const struct call *c)
{
    struct weak_socket room, *s;
    struct target t;
    int error;

    if (!copy_address(c, c->a[1], c->a[2], &t)) {
        (void)call_hidden(c, "connect");
        return OUTCOME_FAILS(EFAULT);
    }
    s = take_socket(c, (int)c->a[0], &room);
    tell_target(c, EVENT_CONNECT, &t, s ? s->type : 0, 0);
    if (!s)
        return OUTCOME_FAILS(EACCES);
    if (t.told.family == AF_UNSPEC)
        error = connect_now(s->fd, &(struct sockaddr){ .sa_family = AF_UNSPEC },
                            sizeof(struct sockaddr));
    else if (t.told.family == AF_UNIX || !is_inet(s))
        error = connect_unix(c, s, &t);
    else
        error = connect_inet(c, s, &t);
    drop(s, &room);
    return ended(error);
}

static int bind_unix(const struct call *c, struct weak_socket *s, const struct target *t)
{
    char path[PATH_MAX], last[NAME_MAX + 1];
    int fd = unix_path(c, t, path) ? weak_open(c->k, path, last) : -1, error;
    struct sockaddr_un un;

    if (fd == -1)
        return EACCES;
    unix_address(fd, last, &un);
    error = bind(s->fd, (struct sockaddr *)&un, sizeof un) == 0 ? 0 : errno;
    (void)close(fd);
    if (!error)
        s->bound = arena_copy(&c->k->arena, path, strlen(path));
    return error;
}

static struct outcome bind_call(const struct call *c)
{
    struct weak_socket room, *s;
    struct target t;
    int error;

    if (!copy_address(c, c->a[1], c->a[2], &t)) {
        (void)call_hidden(c, "bind");
        return OUTCOME_FAILS(EFAULT);
    }
    s = take_socket(c, (int)c->a[0], &room);
    tell_target(c, EVENT_BIND, &t, s ? s->type : 0, 0);
    if (!s)
        return OUTCOME_FAILS(EACCES);
    if (s->family == AF_UNIX && t.told.family == AF_UNIX)
        error = bind_unix(c, s, &t);
    else if (is_inet(s) && t.told.family == s->family)
        error = bind_local(s, t.told.port);
    else
        error = EINVAL;
    drop(s, &room);
    return ended(error);
}

static struct outcome listen_call(const struct call *c)
{
    struct weak_socket room, *s = take_socket(c, (int)c->a[0], &room);
    struct target t = { 0 };
    socklen_t n = sizeof t.sa;
    int error;

    if (!s)
        return OUTCOME_FAILS(EACCES);
    error = is_inet(s) ? bind_local(s, 0) : 0;
    if (getsockname(s->fd, (struct sockaddr *)&t.sa, &n) != 0)
        n = 0;
    address_of(&t.told, &t.sa, n);
    tell_target(c, EVENT_LISTEN, &t, SOCK_STREAM, 0);
    if (!error && listen(s->fd, (int)c->a[1]) != 0)
        error = errno;
    s->listens |= !error;
    drop(s, &room);
    return ended(error);
}

/* ---- sending ---- */

static uint8_t message[MESSAGE_MAX]; /* one keeper, one thread */

static ssize_t send_now(const struct weak_socket *s, size_t n, int flags, const void *to,
                        socklen_t to_n)
{
    bool waits = !(flags & MSG_DONTWAIT) && !(fcntl(s->fd, F_GETFL) & O_NONBLOCK);
    struct pollfd p = { .fd = s->fd, .events = POLLOUT };
    int how = (flags & (MSG_OOB | MSG_EOR | MSG_MORE)) | MSG_DONTWAIT | MSG_NOSIGNAL;
    ssize_t done = sendto(s->fd, message, n, how, to, to_n);

    if (done == -1 && errno == EAGAIN && waits && poll(&p, 1, PATIENCE_MS) == 1)
        done = sendto(s->fd, message, n, how, to, to_n);
    return done == -1 ? -errno : done;
}

static ssize_t send_unix(const struct call *c, const struct weak_socket *s, struct target *t,
                         size_t n, int flags)
{
    struct sockaddr_un un;
    int fd = unix_target(c, t, &un);
    ssize_t done;

    if (fd == -1)
        return -ENOENT;
    done = send_now(s, n, flags, &un, sizeof un);
    (void)close(fd);
    return done;
}

/* The message, n bytes of it, to t (NULL: to whom it is connected); bytes, or -error. */
static ssize_t send_message(const struct call *c, struct weak_socket *s, struct target *t, size_t n,
                            int flags)
{
    struct sockaddr_storage sa;
    uint16_t port;
    int error;

    if (flags & MSG_FASTOPEN)
        return -EOPNOTSUPP;
    if (t)
        tell_target(c, EVENT_SEND, t, s->type, n);
    if (!t || s->type != SOCK_DGRAM) /* streams go where they are connected to */
        return send_now(s, n, flags, NULL, 0);
    if (s->family == AF_UNIX)
        return t->told.family == AF_UNIX ? send_unix(c, s, t, n, flags) : -EINVAL;
    error = is_inet(s) ? route(c->k, s, t, &port) : EACCES;
    if (error)
        return -error;
    return send_now(s, n, flags, &sa, local_address(s->family, port, &sa));
}

static struct outcome sent(ssize_t done)
{
    return done < 0 ? OUTCOME_FAILS((int)-done) : OUTCOME_RETURNS(done);
}

static struct outcome sendto_call(const struct call *c)
{
    size_t n = c->a[2] < MESSAGE_MAX ? (size_t)c->a[2] : MESSAGE_MAX;
    struct weak_socket room, *s;
    struct outcome o;
    struct target t;

    if (!copy_address(c, c->a[4], c->a[5], &t) || !target_read(c->tid, c->a[1], message, n))
        return OUTCOME_FAILS(EFAULT);
    s = take_socket(c, (int)c->a[0], &room);
    if (!s)
        return OUTCOME_FAILS(EACCES);
    if (s->type != SOCK_STREAM && n < c->a[2])
        o = OUTCOME_FAILS(EMSGSIZE);
    else
        o = sent(send_message(c, s, c->a[5] ? &t : NULL, n, (int)c->a[3]));
    drop(s, &room);
    return o;
}

/* The bytes of a message's parts; false: they cannot be read. *all: there is no more. */
static bool gather(pid_t tid, const struct msghdr *m, size_t *n, bool *all)
{
    *n = 0;
    *all = m->msg_iovlen <= PARTS_MAX;
    for (size_t i = 0; i < m->msg_iovlen && i < PARTS_MAX && *n < MESSAGE_MAX; i++) {
        struct iovec v;
        size_t take;

        if (!target_read(tid, (uint64_t)(uintptr_t)m->msg_iov + i * sizeof v, &v, sizeof v))
            return false;
        take = v.iov_len < MESSAGE_MAX - *n ? v.iov_len : MESSAGE_MAX - *n;
        *all &= take == v.iov_len;
        if (!target_read(tid, (uint64_t)(uintptr_t)v.iov_base, message + *n, take))
            return false;
        *n += take;
    }
    return true;
}

/* One struct msghdr of the process. Bytes sent, or -error. */
static ssize_t send_header(const struct call *c, struct weak_socket *s, uint64_t at, int flags)
{
    struct msghdr m;
    struct target t;
    size_t n;
    bool all;

    if (!target_read(c->tid, at, &m, sizeof m) || !gather(c->tid, &m, &n, &all))
        return -EFAULT;
    if (m.msg_name && m.msg_namelen &&
        !copy_address(c, (uint64_t)(uintptr_t)m.msg_name, m.msg_namelen, &t))
        return -EFAULT;
    if (s->family == AF_UNIX && m.msg_controllen)
        return -EPERM; /* descriptors */
    if (!all && s->type != SOCK_STREAM)
        return -EMSGSIZE;
    return send_message(c, s, m.msg_name && m.msg_namelen ? &t : NULL, n, flags);
}

static struct outcome sendmsg_call(const struct call *c)
{
    struct weak_socket room, *s = take_socket(c, (int)c->a[0], &room);
    ssize_t done;

    if (!s)
        return OUTCOME_FAILS(EACCES);
    done = send_header(c, s, c->a[1], (int)c->a[2]);
    drop(s, &room);
    return sent(done);
}

bool call_put(const struct call *c, uint64_t at, const void *p, size_t n)
{
    struct iovec here = { (void *)(uintptr_t)p, n }, there = { (void *)(uintptr_t)at, n };
    uint64_t id = c->id;

    return ioctl(c->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0 &&
           process_vm_writev(c->tid, &here, 1, &there, 1, 0) == (ssize_t)n;
}

static struct outcome sendmmsg_call(const struct call *c)
{
    struct weak_socket room, *s = take_socket(c, (int)c->a[0], &room);
    ssize_t done = 0;
    int64_t count = 0;
    unsigned length;

    if (!s)
        return OUTCOME_FAILS(EACCES);
    while (count < (int64_t)c->a[2] && count < MESSAGES_MAX) {
        uint64_t at = c->a[1] + (uint64_t)count * sizeof(struct mmsghdr);

        done = send_header(c, s, at, (int)c->a[3]);
        length = (unsigned)done;
        if (done < 0 ||
            !call_put(c, at + offsetof(struct mmsghdr, msg_len), &length, sizeof length))
            break;
        count++;
    }
    drop(s, &room);
    return count ? OUTCOME_RETURNS(count) : sent(done < 0 ? done : -EFAULT);
}

/* ---- making them ---- */

static bool is_known(int family, int type, int protocol)
{
    if (family == AF_UNIX)
        return type == SOCK_STREAM || type == SOCK_DGRAM || type == SOCK_SEQPACKET;
    if (family != AF_INET && family != AF_INET6)
        return false;
    return (type == SOCK_STREAM && (protocol == 0 || protocol == IPPROTO_TCP)) ||
           (type == SOCK_DGRAM && (protocol == 0 || protocol == IPPROTO_UDP));
}

bool call_give(const struct call *c, int fd, bool cloexec)
{
    struct seccomp_notif_addfd a = { .id = c->id,
                                     .flags = SECCOMP_ADDFD_FLAG_SEND,
                                     .srcfd = (uint32_t)fd,
                                     .newfd_flags = cloexec ? O_CLOEXEC : 0 };

    return ioctl(c->listener, SECCOMP_IOCTL_NOTIF_ADDFD, &a) >= 0;
}

static struct outcome make_socket(const struct call *c)
{
    int family = (int)c->a[0], type = (int)c->a[1], protocol = (int)c->a[2];
    int fd = socket(family, type | SOCK_CLOEXEC, protocol), error = errno;
    struct keeper *k = c->k;
    struct stat st;

    if (fd == -1)
        return OUTCOME_FAILS(error);
    if (fstat(fd, &st) != 0 || !call_give(c, fd, type & SOCK_CLOEXEC)) {
        error = errno;
        (void)close(fd);
        return OUTCOME_FAILS(error);
    }
    k->sockets[k->sockets_n++] =
        (struct weak_socket){ .ino = st.st_ino, .fd = fd, .family = family, .type = type & 0xf };
    return OUTCOME_SENT;
}

static struct outcome socket_call(const struct call *c)
{
    struct outcome o;

    if ((int)c->a[0] == AF_NETLINK && (int)c->a[2] == 0) /* getifaddrs(3) */
        return OUTCOME_FAILS(EAFNOSUPPORT);
    if (!is_known((int)c->a[0], (int)c->a[1] & 0xf, (int)c->a[2])) {
        o = call_socket(c); /* tells it, or has nothing to say */
        return o.ends ? o : OUTCOME_FAILS(EAFNOSUPPORT);
    }
    if (c->k->sockets_n == WEAK_SOCKETS_MAX)
        weak_net_sweep(c->k);
    return c->k->sockets_n < WEAK_SOCKETS_MAX ? make_socket(c) : OUTCOME_FAILS(EMFILE);
}

struct outcome call_weak_net(const struct call *c)
{
    switch (c->nr) {
    case SYS_socket:
        return socket_call(c);
    case SYS_connect:
        return connect_call(c);
    case SYS_bind:
        return bind_call(c);
    case SYS_listen:
        return listen_call(c);
    case SYS_sendto:
        return sendto_call(c);
    case SYS_sendmsg:
        return sendmsg_call(c);
    case SYS_sendmmsg:
        return sendmmsg_call(c);
    default: /* pairs of datagram sockets */
        return OUTCOME_FAILS(EOPNOTSUPP);
    }
}
