/* OpenSSH's signatures, made by ssh-keygen -Y sign from standard input to standard output. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/status.h"
#include "trust/sign/check.h"
#include "trust/sign/sign.h"

/* Whether a key's file is a secret key; a public one stands for a key in an agent. */
static bool is_secret(const char *path)
{
    char head[16] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    ssize_t n = fd == -1 ? 0 : read(fd, head, sizeof head - 1);

    if (fd != -1)
        close(fd);
    return n > 0 && strncmp(head, "-----BEGIN ", 11) == 0;
}

static enum pratique_status look_at_key(const char *path, struct pratique_error *err)
{
    struct buf file;
    enum pratique_status status;

    if (!is_secret(path))
        return PRATIQUE_OK;
    status = keyfile_read(path, KEYFILE_SECRET, &file, err);
    keyfile_wipe(&file);
    return status;
}

/* In the child, between fork and exec. */
static void child(const char *key, const char *space, int in, int out)
{
    const char *const argv[] = { "ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", space, NULL };

    in = fcntl(in, F_DUPFD_CLOEXEC, 3);
    out = fcntl(out, F_DUPFD_CLOEXEC, 3);
    if (dup2(in, 0) != -1 && dup2(out, 1) != -1)
        (void)execvp("ssh-keygen", (char *const *)(uintptr_t)argv);
    _exit(127);
}

static bool listen_to(int fd, struct buf *out)
{
    char text[4096];

    for (;;) {
        ssize_t n = read(fd, text, sizeof text);

        if (n == -1 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
        if (out->n + (size_t)n > SIGNATURE_MAX || !buf_add(out, text, (size_t)n))
            return false;
    }
}

/* Its exit status; -1: it could not be started, or did not end well. */
static int run(const char *key, const char *space, int file, struct buf *out)
{
    int ends[2], status = -1;
    bool heard;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    pid = fork();
    if (pid == 0)
        child(key, space, file, ends[1]);
    close(ends[1]);
    heard = pid != -1 && listen_to(ends[0], out);
    close(ends[0]);
    while (pid != -1 && waitpid(pid, &status, 0) == -1)
        if (errno != EINTR)
            return -1;
    return pid != -1 && heard && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

enum pratique_status sign_ssh(const char *path, const struct pratique_sign_options *options,
                              struct buf *out, struct pratique_error *err)
{
    const char *space = options->space ? options->space : "pratique-manifest";
    enum pratique_status status = look_at_key(options->key, err);
    int file, result;

    if (status != PRATIQUE_OK)
        return status;
    file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (file == -1)
        return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "%.150s: %s", path,
                         strerror(errno));
    result = run(options->key, space, file, out);
    close(file);
    if (result == 127)
        return error_set(
            err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET,
            "to sign with an OpenSSH key ssh-keygen is needed, and it is not installed "
            "(Debian: the package openssh-client)");
    if (result != 0 || !sshsig_looks_like(span_of(out->p, out->n)))
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "%.150s: ssh-keygen did not sign with this key; what it says is above",
                         options->key);
    return PRATIQUE_OK;
}
