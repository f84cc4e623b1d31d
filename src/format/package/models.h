/*
 * What functions of libraries do to what flow.h follows: rows of models.def. Private to
 * package/.
 *
 *   MODEL(name, effect, a, a_key, b, b_key, word)
 *
 * name: dotted, as after all aliases: "urllib.request.urlopen", "ctypes.CDLL"; the name where a
 * library defines it and those where it hands it on are rows of their own. A row whose name
 * starts with a dot, ".hexdigest", is a method of whatever object (asked only where the object
 * is none of the artifact's own classes and the dotted name has no row).
 * a, b: the places of the arguments that the effect speaks of: 0, 1 ...; SELF: what the method
 * is called on; NONE: there is none. a_key, b_key: their keywords, or NULL.
 * word: see the effect; else NULL.
 */
#ifndef PRATIQUE_FORMAT_PACKAGE_MODELS_H
#define PRATIQUE_FORMAT_PACKAGE_MODELS_H

#include "base/arena.h"
#include "input/span.h"

enum model_arg { SELF = -1, NONE = -2 };

enum effect {
    /* --- nothing that matters --- */
    E_PURE,     /* made of its arguments and nothing else: json.loads, len, str.split, zlib.crc32 */
    E_SAME,     /* as good as a itself: str, bytes, io.BytesIO, Path, os.fspath, .decode, .strip,
                   .lower, tqdm(x), iter, enumerate is not; Request(url): a is the URL */
    E_NOTHING,  /* nothing: print, logging, time.sleep, os.makedirs; what it gives is harmless */
    E_PLATFORM, /* told by the machine: platform.machine, sys.getsizeof, os.name */
    E_RANDOM,   /* never twice the same: time.time, uuid.uuid4, os.getpid */
    E_EXIT,     /* does not come back: sys.exit, os._exit */
    /* --- texts and paths --- */
    E_JOIN,   /* a path of all arguments (of SELF, too, where a is SELF): os.path.join, .joinpath */
    E_FOLDER, /* os.path.dirname(a) */
    E_BASE,   /* os.path.basename(a) */
    E_SIBLING,   /* .with_name(b), .with_suffix(b): another name beside a */
    E_HOME,      /* the user's folder: Path.home(); word: what is appended ("", ".cache") */
    E_USER_DIR,  /* a writable folder of the user, platformdirs.user_cache_dir, os.getcwd; word: its
                    name in texts */
    E_EXPAND,    /* "~" in a is the user's folder: os.path.expanduser, .expanduser */
    E_TEMP,      /* a temporary name: word "path" (mkdtemp, mktemp), "pair" (mkstemp), "file"
                    (NamedTemporaryFile: an open file with .name), "dir" (TemporaryDirectory) */
    E_ENV,       /* os.environ.get(a, b), os.getenv */
    E_RESOURCE,  /* files of the artifact: importlib.resources.files(a), pkgutil.get_data(a, b);
                    word "data": its bytes, "path": its path */
    E_FORMAT,    /* str.format on SELF, string.Template.substitute */
    E_TABLE_GET, /* .get(a, b) of a table */
    /* --- network --- */
    E_FETCH,         /* the response to URL a; b: data that is sent */
    E_FETCH_SESSION, /* the same with the method first: requests.request(method, url): a is the URL
                      */
    E_FETCH_FILE,    /* URL a into path b: urlretrieve; gives (path, headers); word "path": the path
                        alone; "tree": b is a folder */
    E_SEND,          /* sends b to a (socket.sendall: SELF, 0; smtplib) */
    E_CLIENT,        /* an object whose methods fetch: requests.Session, httpx.Client, PoolManager;
                        word "any": every method gives what the server says */
    E_TLS_OFF,       /* ssl._create_unverified_context, disable_warnings is none */
    /* --- files --- */
    E_OPEN,       /* open(a, mode b) */
    E_READ,       /* .read, .read1, .iter_content, .iter_bytes, .readlines: all of SELF's bytes */
    E_WRITE,      /* SELF.write(a) */
    E_READ_PATH,  /* Path.read_bytes: all of file a */
    E_WRITE_PATH, /* Path.write_bytes: b into file a */
    E_COPY,       /* file a to b: shutil.copyfile, copy, copy2, copytree */
    E_MOVE,       /* file a becomes b: os.replace, os.rename, shutil.move, Path.replace */
    E_PUMP,       /* bytes of object a into object b: shutil.copyfileobj */
    E_LINK,       /* b is another name of a: os.symlink, os.link */
    E_REMOVE,     /* file a: os.remove, Path.unlink, shutil.rmtree */
    E_EXISTS,     /* whether file a is there: os.path.exists, Path.is_file, os.access */
    E_LIST,       /* names below folder a: os.listdir, glob.glob, Path.iterdir, os.walk; word
                     "names" or "paths" */
    E_CHMOD,      /* file a is made executable: os.chmod; b: the mode */
    E_SIZE,       /* the size of file a: os.path.getsize, .stat */
    /* --- archives --- */
    E_ARCHIVE, /* ZipFile(a), tarfile.open(name a, fileobj b) */
    E_EXTRACT, /* all members of archive object a (SELF) into folder b: .extractall; word "one":
                  .extract(member, b) */
    E_UNPACK,  /* archive file a into folder b: shutil.unpack_archive */
    E_MEMBERS, /* names of members of SELF: .namelist, .getmembers, .infolist */
    E_MEMBER,  /* bytes, or an open file, of member a of SELF: ZipFile.open, .extractfile */
    /* --- checks --- */
    E_HASH,      /* a hash object of a (may be absent); word: the algorithm, "sha256" */
    E_HASH_NEW,  /* hashlib.new(a: algorithm, b: bytes) */
    E_HASH_FILE, /* hashlib.file_digest(a: file, b: algorithm) */
    E_UPDATE,    /* SELF.update(a) */
    E_DIGEST,    /* .hexdigest(), .digest() of SELF */
    E_EQUAL,     /* whether a and b are equal: hmac.compare_digest, operator.eq */
    E_CHECKSUM,  /* a number or text that is made of a and can be forged: zlib.crc32 */
    E_VERIFY,    /* raises unless a, the bytes, bear a signature made with b, the key; SELF may be
                    the key: ed25519 verify_key.verify(a) */
    /* --- uses --- */
    E_LOAD,          /* loads file a as a library or module: ctypes.CDLL, ExtensionFileLoader (1) */
    E_IMPORT,        /* imports by name: importlib.import_module, __import__ */
    E_UNPICKLE,      /* loads bytes or open file a: pickle.loads, marshal.loads, torch.load */
    E_UNPICKLE_PATH, /* the same of a file's path */
    E_CODE,          /* runs text or code a: exec, eval; word "compile": compiles it */
    E_RUN_PATH,      /* runs file a as Python: runpy.run_path */
    E_PROCESS,       /* runs command a (list or text): subprocess.run, Popen, os.execv; b: input;
                        word "shell": through a shell whatever shell= says: os.system, getoutput */
    E_PATH_ADD,      /* a folder is put where code is looked for: sys.path.insert (a = 1),
                        site.addsitedir */
    E_ENV_SET,       /* os.environ[a] = b, os.putenv, .setdefault */
    E_PIP,           /* pip.main(a), ensurepip.bootstrap */
    E_DECODE,    /* a decoded: base64.b64decode, bytes.fromhex, zlib.decompress, codecs.decode */
    E_CLIPBOARD, /* pyperclip.paste */
    E_ENVIRON,   /* the whole environment: os.environ.copy, os.environ.items */
    E_PRIVATE,   /* something private: keyring.get_password, a look at the screen */
    /* --- what is more than one of them --- */
    E_FETCH_PINNED, /* E_FETCH_FILE of URL (or name) a, which raises unless the digest of the bytes
                       is b, where b is given and not None: pooch.retrieve */
    E_FETCH_RUN,    /* fetches code from a and runs it: torch.hub.load */
    E_CALL,         /* calls function a with the arguments behind it, or (b) with a tuple of them:
                       executor.submit(a, ...), Thread(target=a, args=b); word "later": what that
                       raises stops nobody */
    EFFECTS
};

struct model {
    const char *name;
    enum effect effect;
    int a;
    const char *a_key;
    int b;
    const char *b_key;
    const char *word;
};

/* Rows by hash of their names; in the arena of one flow. */
struct models {
    uint16_t *slots;
    uint32_t slots_n;
};

/* False without memory. */
bool models_init(struct models *m, struct arena *arena) NONNULL MUST_CHECK;

/* The row of a dotted name, or of ".method"; NULL: none. */
const struct model *models_find(const struct models *m, struct span name) NONNULL;

#endif
