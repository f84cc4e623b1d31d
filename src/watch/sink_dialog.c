/*
 * See sink_state.h: protocols in which the server speaks first and every line of the client
 * gets one in return: SMTP (RFC 5321), FTP (RFC 959, control alone), POP3, IMAP. As much as
 * a client needs to hand over what it wants to send. SSH gets its banner and no more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "watch/sink_state.h"

#define LINE_MAX_BYTES 512

enum protocol { SMTP, FTP, POP3, IMAP, SSH };

static const char *const banners[] = {
    [SMTP] = "220 mail ESMTP ready\r\n",
    [FTP] = "220 FTP server ready\r\n",
    [POP3] = "+OK POP3 ready\r\n",
    [IMAP] = "* OK [CAPABILITY IMAP4rev1] ready\r\n",
    [SSH] = "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n",
};

static const struct {
    uint16_t port;
    enum protocol protocol;
} ports[] = {
    { 21, FTP },   { 22, SSH },   { 25, SMTP },  { 110, POP3 }, { 143, IMAP },  { 465, SMTP },
    { 587, SMTP }, { 993, IMAP }, { 995, POP3 }, { 2222, SSH }, { 2525, SMTP },
};

/* The first row that the line begins with counts; "" is everything. */
static const struct {
    enum protocol protocol;
    const char *line, *reply;
} replies[] = {
    { SMTP, "EHLO", "250-mail\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN\r\n" },
    { SMTP, "AUTH LOGIN", "334 VXNlcm5hbWU6\r\n" },
    { SMTP, "AUTH", "235 accepted\r\n" },
    { SMTP, "DATA", "354 go ahead\r\n" },
    { SMTP, "STARTTLS", "454 not available\r\n" },
    { SMTP, "QUIT", "221 bye\r\n" },
    { SMTP, "", "250 ok\r\n" },
    { FTP, "USER", "331 password, please\r\n" },
    { FTP, "PASS", "230 logged in\r\n" },
    { FTP, "PASV", "502 not available\r\n" },
    { FTP, "EPSV", "502 not available\r\n" },
    { FTP, "QUIT", "221 bye\r\n" },
    { FTP, "", "200 ok\r\n" },
    { POP3, "STAT", "+OK 0 0\r\n" },
    { POP3, "", "+OK\r\n" },
};

struct dialog {
    enum protocol protocol;
    char line[LINE_MAX_BYTES]; /* so far; what is longer is cut */
    size_t n;
    unsigned login; /* answers of SMTP's AUTH LOGIN still to come: name, password */
    bool data;      /* of SMTP: a message, up to "." */
};

bool dialog_begin(struct conn *c)
{
    for (size_t i = 0; i < ARRAY_LEN(ports); i++) {
        if (ports[i].port != c->place.port)
            continue;
        c->dialog = calloc(1, sizeof *c->dialog);
        if (c->dialog)
            c->dialog->protocol = ports[i].protocol;
        conn_send(c, span_text(banners[ports[i].protocol]));
        return true;
    }
    return false;
}

void dialog_free(struct dialog *d)
{
    free(d);
}

/* Every IMAP command has a tag, which its answer repeats. */
static void answer_imap(struct conn *c, struct span line)
{
    char reply[LINE_MAX_BYTES + 16];
    size_t tag = 0;

    while (tag < line.n && line.p[tag] != ' ')
        tag++;
    (void)snprintf(reply, sizeof reply, "%.*s OK done\r\n", (int)tag, (const char *)line.p);
    conn_send(c, span_text(reply));
}

static const char *reply_to(enum protocol protocol, struct span line)
{
    for (size_t i = 0; i < ARRAY_LEN(replies); i++) {
        struct span want = span_text(replies[i].line), begin;

        if (replies[i].protocol == protocol && span_sub(line, 0, want.n, &begin) &&
            http_same(begin, want))
            return replies[i].reply;
    }
    return NULL;
}

static void answer_smtp(struct conn *c, struct dialog *d, struct span line)
{
    const char *reply = reply_to(SMTP, line);

    if (d->login > 0)
        reply = --d->login ? "334 UGFzc3dvcmQ6\r\n" : "235 accepted\r\n";
    else if (reply[0] == '3' && reply[1] == '3')
        d->login = 2;
    d->data = reply[0] == '3' && reply[1] == '5';
    conn_send(c, span_text(reply));
}

static void answer(struct conn *c, struct dialog *d, struct span line)
{
    const char *reply;

    if (d->data) {
        if (!span_is(line, "."))
            return;
        d->data = false;
        conn_send(c, SPAN_LITERAL("250 queued\r\n"));
    } else if (d->protocol == SMTP) {
        answer_smtp(c, d, line);
    } else if (d->protocol == IMAP) {
        answer_imap(c, line);
    } else if ((reply = reply_to(d->protocol, line))) {
        conn_send(c, span_text(reply));
    }
}

void dialog_go_on(struct conn *c, struct span bytes)
{
    struct dialog *d = c->dialog;

    for (size_t i = 0; i < bytes.n; i++) {
        uint8_t byte = bytes.p[i];

        if (byte == '\n') {
            answer(c, d, span_of(d->line, d->n));
            d->n = 0;
        } else if (byte != '\r' && d->n < sizeof d->line) {
            d->line[d->n++] = (char)byte;
        }
    }
}
