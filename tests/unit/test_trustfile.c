/* src/trust/sign/trustfile.c */
#include <stdlib.h>

#include "test.h"
#include "trust/sign/keys.h"

#define KEY  "RWQ/5R2/DSYMjQLcM/rWYclZeF1Yn/UcAv1waMxpyzY1Hxdy/zaSJ7iM"
#define HEAD "version: 1\nkeys:\n"
#define ONE  "- {name: a, roles: [manifest], key: " KEY "}\n"

static enum pratique_status read_text(struct keys *k, const char *text, struct pratique_error *err)
{
    *k = (struct keys){ .role = TRUST_MANIFEST, .now = 1800000000, .space = "x" };
    arena_init(&k->arena, 1 << 22);
    return trustfile_add(k, "t.yml", span_text(text), err);
}

TEST(trustfile_takes)
{
    static const char text[] =
        HEAD "- name: release 2026\n  roles: [manifest, artifact, attestation]\n  key: " KEY "\n"
             "  expires: 2026-12-31\n  identity: alice@example.org\n  namespace: file\n"
             "- name: people\n  roles:\n  - artifact\n  key: |\n"
             "    # two of them\n"
             "    alice ssh-ed25519 "
             "AAAAC3NzaC1lZDI1NTE5AAAAIISODIc0E6yvdmYUAkd3LjXbbVM/SvgjQW1wKXINSf5I\n"
             "    bob ssh-ed25519 "
             "AAAAC3NzaC1lZDI1NTE5AAAAIISODIc0E6yvdmYUAkd3LjXbbVM/SvgjQW1wKXINSf5I\n";
    struct pratique_error err = { 0 };
    struct keys k;

    CHECK(read_text(&k, text, &err) == PRATIQUE_OK && k.n == 3, "%zu: %s", k.n, err.msg);
    if (k.n == 3) {
        CHECK(strcmp(k.list[0].name, "release 2026") == 0, "%s", k.list[0].name);
        CHECK(k.list[0].roles == (TRUST_MANIFEST | TRUST_ARTIFACT | TRUST_ATTESTATION), "roles");
        CHECK(k.list[0].expires_at == 1798761600, "%lld", (long long)k.list[0].expires_at);
        CHECK(strcmp(k.list[0].identity, "alice@example.org") == 0, "identity");
        CHECK(strcmp(k.list[0].space, "file") == 0, "namespace");
        CHECK(k.list[2].kind == KEY_SSH && k.list[2].roles == TRUST_ARTIFACT, "second");
        CHECK(strcmp(k.list[2].principals, "bob") == 0 && !k.list[2].expires, "bob");
    }
    arena_reset(&k.arena);
}

TEST(trustfile_refuses)
{
    static const struct {
        const char *what, *text, *place;
    } rows[] = {
        { "nothing", "", "t.yml:1:1: " },
        { "a list", "- a\n", "t.yml:1:1: " },
        { "no version", "keys: []\n", "t.yml:1:1: version" },
        { "another version", "version: 2\nkeys: []\n", "t.yml:1:10: " },
        { "no keys", "version: 1\n", "t.yml:1:1: keys" },
        { "unknown key", HEAD ONE "more: x\n", "t.yml:4:1: unknown key 'more'" },
        { "version twice", "version: 1\nversion: 1\nkeys: []\n", "t.yml:2:1: 'version' is there" },
        { "two documents", HEAD ONE "---\na: b\n", "t.yml:4:1: " },
        { "an alias", HEAD "- &x {name: a, roles: [manifest], key: " KEY "}\n",
          "t.yml:3:3: anchors" },
        { "a tag", HEAD "- !x {name: a, roles: [manifest], key: " KEY "}\n", "t.yml:3:3: anchors" },
        { "the same name", HEAD ONE ONE, "t.yml:4:10: the name 'a'" },
        { "no name", HEAD "- {roles: [manifest], key: " KEY "}\n",
          "t.yml:3:3: the entry has no name" },
        { "no roles", HEAD "- {name: a, key: " KEY "}\n", "t.yml:3:3: the entry has no roles" },
        { "empty roles", HEAD "- {name: a, roles: [], key: " KEY "}\n", "t.yml:3:3: " },
        { "unknown role", HEAD "- {name: a, roles: [all], key: " KEY "}\n", "t.yml:3:21: no role" },
        { "a role twice", HEAD "- {name: a, roles: [manifest, manifest], key: " KEY "}\n",
          "t.yml:3:31: the role" },
        { "a role alone", HEAD "- {name: a, roles: manifest, key: " KEY "}\n", "t.yml:3:20: " },
        { "no key", HEAD "- {name: a, roles: [manifest]}\n", "t.yml:3:3: " },
        { "key and file", HEAD "- {name: a, roles: [manifest], file: x, key: " KEY "}\n",
          "t.yml:3:3: " },
        { "key twice", HEAD "- {name: a, roles: [manifest], key: " KEY ", key: " KEY "}\n",
          "t.yml:3:95: 'key' is there" },
        { "no such file", HEAD "- {name: a, roles: [manifest], file: /nowhere/k}\n",
          "t.yml:3:38: /nowhere/k: " },
        { "no key in it", HEAD "- {name: a, roles: [manifest], key: hello}\n",
          "t.yml:3:37: a:1: " },
        { "no date", HEAD "- {name: a, roles: [manifest], key: " KEY ", expires: never}\n",
          "t.yml:3:104: should be a date" },
        { "no such day", HEAD "- {name: a, roles: [manifest], key: " KEY ", expires: 2026-02-30}\n",
          "t.yml:3:104: should be a date" },
        { "an empty name", HEAD "- {name: '', roles: [manifest], key: " KEY "}\n", "t.yml:3:10: " },
        { "a name of two lines", HEAD "- {name: \"a\\nb\", roles: [manifest], key: " KEY "}\n",
          "t.yml:3:10: " },
        { "a NUL", HEAD "- {name: \"a\\0b\", roles: [manifest], key: " KEY "}\n", "t.yml:3:10: " },
        { "no YAML", HEAD "- {name: a\n", "t.yml:4:" },
        { "a text", HEAD "- a\n", "t.yml:3:3: " },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct pratique_error err = { 0 };
        enum pratique_status want =
            strstr(rows[i].text, "nowhere") ? PRATIQUE_E_IO : PRATIQUE_E_USAGE;
        struct keys k;

        CHECK(read_text(&k, rows[i].text, &err) == want, "%s", rows[i].what);
        CHECK(strncmp(err.msg, rows[i].place, strlen(rows[i].place)) == 0, "%s: %s", rows[i].what,
              err.msg);
        arena_reset(&k.arena);
    }
}
