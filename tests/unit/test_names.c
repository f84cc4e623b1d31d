/* src/rules/names.c: what is known of a name, in tables. */
#include "rules/names.h"

#include "fact/pickle.h"
#include "test.h"

/* Cuts the next word off a list of names. */
static bool next_name(const char **list, struct span *name)
{
    size_t n;

    *list += strspn(*list, " \n");
    n = strcspn(*list, " \n");
    *name = span_of(*list, n);
    *list += n;
    return n > 0;
}

static const char *rule_id(const struct pratique_rule *r)
{
    return r ? r->id : "none";
}

static void check_denied(const char *list, const char *want, bool dotted)
{
    struct span name;

    while (next_name(&list, &name)) {
        struct name_facts found = name_look_up(name, dotted);

        CHECK(strcmp(rule_id(found.deny), want) == 0, "%.*s%s: %s, not %s", (int)name.n,
              (const char *)name.p, dotted ? " (followed)" : "", rule_id(found.deny), want);
    }
}

static void check_uses(const char *list, unsigned all, unsigned none)
{
    struct span name;

    while (next_name(&list, &name)) {
        struct name_facts found = name_look_up(name, false);

        CHECK((found.uses & all) == all, "%.*s: uses %#x lack %#x", (int)name.n,
              (const char *)name.p, found.uses, all & ~found.uses);
        CHECK(!(found.uses & none), "%.*s: uses %#x must not have %#x", (int)name.n,
              (const char *)name.p, found.uses, found.uses & none);
    }
}

TEST(names_start_processes)
{
    check_denied("os.system posix.system nt.system os.popen posix.popen os.execv os.execvpe "
                 "os.spawnlp os.posix_spawn os.startfile nt.startfile os.fork os.kill "
                 "subprocess.Popen subprocess.call subprocess.run subprocess.check_output "
                 "subprocess.getoutput subprocess.anything commands.getoutput popen2.popen3 "
                 "_posixsubprocess.fork_exec _winapi.CreateProcess pty.spawn pexpect.run "
                 "platform.popen uuid._get_command_stdout uuid._popen pydoc.pipepager "
                 "imaplib.IMAP4_stream ensurepip._run_pip multiprocessing.Process "
                 "multiprocessing.pool.Pool multiprocessing.util.spawnv_passfds "
                 "concurrent.futures.process.ProcessPoolExecutor asyncio.create_subprocess_shell "
                 "asyncio.unix_events._UnixSubprocessTransport._start "
                 "_osx_support._read_output _aix_support._read_cmd_output _pyrepl.pager.pipe_pager "
                 "numpy.distutils.cpuinfo.getoutput numpy.distutils.exec_command.exec_command "
                 "distutils.spawn.spawn torch.utils.collect_env.run "
                 "torch._inductor.codecache.compile_file torch.distributed.run.main "
                 "torch.multiprocessing.spawn IPython.utils.process.system",
                 "PKL001", false);
}

TEST(names_run_code)
{
    check_denied(
        "builtins.eval builtins.exec builtins.compile builtins.breakpoint __builtin__.eval "
        "__builtin__.execfile __builtin__.input __builtins__.exec marshal.loads marshal.load "
        "types.FunctionType types.CodeType types.LambdaType types.MethodType code.interact "
        "code.InteractiveInterpreter code.InteractiveInterpreter.runcode codeop.compile_command "
        "runpy.run_path runpy.run_module runpy._run_code cProfile.run cProfile.runctx profile.run "
        "timeit.timeit timeit.Timer trace.Trace trace.Trace.run pdb.run pdb.Pdb bdb.Bdb "
        "bdb.Bdb.run "
        "doctest.debug_script doctest.testmod idlelib.run.Executive.runcode "
        "idlelib.pyshell.ModifiedInterpreter.runcode idlelib.autocomplete.AutoComplete.get_entity "
        "lib2to3.pgen2.grammar.Grammar.loads lib2to3.pgen2.pgen.ParserGenerator.make_label "
        "test.support.run_code unittest.main unittest.TestProgram "
        "numpy.testing._private.utils.runstring numpy.f2py.crackfortran.myeval "
        "numpy.f2py.crackfortran._eval_length numpy.f2py.crackfortran.param_eval "
        "numpy.f2py.crackfortran.getlincoef numpy.f2py.compile pandas.eval "
        "pandas.core.computation.eval.eval pandas.DataFrame.eval pandas.core.frame.DataFrame.query "
        "torch.jit.unsupported_tensor_ops.execWrapper torch.jit.script "
        "torch.fx.graph_module.reduce_graph_module "
        "torch.fx.experimental.symbolic_shapes.ShapeEnv.evaluate_guards_expression "
        "torch._dynamo.guards.GuardBuilder.get torch.utils.bottleneck.__main__.run_cprofile "
        "torch.utils._config_module.ConfigModule.load_config "
        "cloudpickle.cloudpickle._make_function cloudpickle.loads "
        "cloudpickle.cloudpickle.CloudPickler "
        "cloudpickle.cloudpickle._builtin_type dill._dill._create_function dill.loads "
        "dill._dill._create_type sympy.sympify jinja2.Template keras.layers.Lambda "
        "keras.src.layers.core.lambda_layer.Lambda py_compile.compile compileall.compile_file",
        "PKL002", false);
}

TEST(names_import)
{
    check_denied("builtins.__import__ __builtin__.__import__ __builtin__.reload "
                 "importlib.import_module importlib.reload importlib._bootstrap._gcd_import "
                 "importlib.util.spec_from_file_location _frozen_importlib._gcd_import "
                 "imp.load_source imp.load_module _imp.create_dynamic zipimport.zipimporter "
                 "pkgutil.resolve_name pkgutil.get_loader pydoc.locate pydoc.safeimport "
                 "unittest.mock._importer logging.config._resolve logging.config.dictConfig "
                 "site.execsitecustomize site.addsitedir six.moves.builtins.eval "
                 "hydra.utils.instantiate django.utils.module_loading.import_string "
                 "torch.hub.import_module torch.package.PackageImporter",
                 "PKL003", false);
}

TEST(names_load_what_runs)
{
    check_denied("pickle.loads pickle.load pickle.Unpickler _pickle.loads cPickle.loads "
                 "_pickle.Unpickler joblib.load joblib.numpy_pickle.load "
                 "sklearn.externals.joblib.load numpy.load numpy.lib.npyio.load pandas.read_pickle "
                 "pandas.io.pickle.read_pickle torch.load torch.serialization.load "
                 "torch.storage._load_from_bytes torch.jit.load shelve.open yaml.load "
                 "yaml.unsafe_load jsonpickle.decode_anything jsonpickle.unpickler.loads "
                 "dask.base.loads keras.models.load_model mlflow.pyfunc.load_model",
                 "PKL004", false);
}

TEST(names_reach_the_network)
{
    check_denied("socket.socket _socket.socket socket.create_connection urllib.request.urlopen "
                 "urllib2.urlopen urllib.urlopen urllib3.PoolManager requests.get "
                 "requests.api.post httplib.HTTPSConnection http.client.HTTPConnection "
                 "http.server.HTTPServer SocketServer.TCPServer ftplib.FTP smtplib.SMTP "
                 "telnetlib.Telnet poplib.POP3 imaplib.IMAP4 nntplib.NNTP webbrowser.open "
                 "xmlrpc.client.ServerProxy xmlrpclib.ServerProxy ssl.get_server_certificate "
                 "aiohttp.client.request httpx.get torch.hub.download_url_to_file select.select "
                 "huggingface_hub.hf_hub_download nltk.downloader.download_all",
                 "PKL005", false);
}

TEST(names_touch_files)
{
    check_denied(
        "builtins.open __builtin__.file io.open _io.open _io.FileIO io.FileIO io.open_code "
        "_pyio.open os.remove posix.unlink nt.rmdir os.rename os.listdir os.chmod os.mkdir "
        "os.open os.symlink os.scandir shutil.rmtree shutil.copyfile tempfile.mkstemp "
        "tempfile.NamedTemporaryFile codecs.open gzip.open bz2.BZ2File zipfile.ZipFile "
        "tarfile.open mmap.mmap fileinput.FileInput linecache.getlines glob.glob "
        "filecmp.cmp logging.FileHandler logging.handlers.RotatingFileHandler "
        "pathlib.Path.write_text pathlib.PosixPath.open sqlite3.connect dbm.open "
        "numpy.save numpy.fromfile numpy.loadtxt numpy.genfromtxt numpy.memmap "
        "numpy.core.memmap.memmap numpy.lib.npyio.savetxt numpy.lib.format.open_memmap "
        "pandas.read_csv pandas.io.parsers.read_csv torch.save torch.from_file "
        "joblib.dump distutils.file_util.write_file setuptools.archive_util.unpack_archive "
        "xgboost.core.DMatrix h5py.File",
        "PKL006", false);
}

TEST(names_reach_functions_indirectly)
{
    check_denied("builtins.getattr __builtin__.getattr builtins.setattr builtins.delattr "
                 "builtins.globals builtins.locals builtins.vars builtins.dir builtins.map "
                 "builtins.filter __builtin__.apply __builtin__.reduce builtins.anything "
                 "operator.attrgetter _operator.attrgetter operator.methodcaller "
                 "_operator.methodcaller operator.getitem operator.setitem functools.reduce "
                 "_functools.reduce functools.partialmethod itertools.starmap itertools.accumulate "
                 "inspect.getattr_static inspect.getmembers numpy.apply_along_axis "
                 "torch.utils._pytree.tree_map toolz.functoolz.pipe builtins.property "
                 "collections.OrderedDict.__init__ foo.bar.__dict__ foo.__globals__ "
                 "builtins.__dict__ x.__subclasses__ x.__class__",
                 "PKL007", false);
}

TEST(names_native_code_and_interpreter)
{
    check_denied("ctypes.CDLL _ctypes.dlopen ctypes.cdll.LoadLibrary cffi.FFI", "PKL008", false);
    check_denied("torch.ops.load_library torch.classes.load_library "
                 "torch.cuda.memory.CUDAPluggableAllocator tkinter.Tk",
                 "PKL008", false);
    check_denied("sys.exit sys.setprofile sys.modules sys._getframe os.putenv os.environ os._exit "
                 "os.abort atexit.register atexit._run_exitfuncs signal.signal gc.get_objects "
                 "threading.Thread _thread.start_new_thread faulthandler._sigsegv "
                 "concurrent.futures.thread.ThreadPoolExecutor sched.scheduler time.sleep",
                 "PKL009", false);
    check_denied("this.s antigravity.geohash pip.main pip._internal.main ensurepip.bootstrap "
                 "venv.create",
                 "PKL010", false);
}

/* A dangerous module or name behind a harmless front. */
TEST(names_followed_are_denied_wherever_they_stand)
{
    check_denied("logging.os.system torch.serialization.os.system os.path.os.system "
                 "a.b.c.subprocess.Popen random._os.system posixpath.os.system",
                 "PKL001", true);
    check_denied("a.b.builtins.eval a.__builtins__.eval x.y.builtins.eval", "PKL002", true);
    check_denied("a.b.io.open torch.serialization.io.open x.codecs.open", "PKL006", true);
    check_denied("a.pickle.loads joblib.numpy_pickle.pickle.load a._pickle.loads", "PKL004", true);
    check_denied("a.operator.attrgetter collections._itemgetter.__class__ a.b.__globals__.c "
                 "a.__init__.__globals__",
                 "PKL007", true);
    check_denied("a.importlib.import_module a.pkgutil.resolve_name", "PKL003", true);
}

TEST(names_of_modules_are_denied_as_values)
{
    check_denied("logging.os torch.serialization.os os.path.os x.posix shutil.os", "PKL006", false);
    check_denied("logging.sys a.sys", "PKL009", false);
    check_denied("a.b.subprocess", "PKL001", false);
    check_denied("joblib.numpy_pickle.pickle pandas.compat._pickle", "PKL004", false);
    check_denied("a.__builtins__ a.builtins", "PKL007", false);
    check_denied("a.ctypes", "PKL008", false);
    check_denied("a.importlib", "PKL003", false);
}

/* Packages have modules and classes of such names: unknown, no more. */
TEST(names_of_others_are_not_denied)
{
    check_denied("mypkg.io.Reader mypkg.code.Vocabulary mypkg.test.Model test.Model code.Book "
                 "mypkg.trace.Span mypkg.types.FunctionType mypkg.operator.Plus "
                 "mypkg.pickle.Jar mypkg.site.Page mypkg.select.Best mypkg.profile.Profile "
                 "mypkg.compile.Target mypkg.Outer mypkg.http.Client __main__.Net "
                 "__mp_main__.Net mypkg.__main__.Net mypkg.__init__.Net osmium.system "
                 "subprocesses.Popen systems.Model pickles.loads os.path.join os.path.exists "
                 "posixpath.join ntpath.basename genericpath.exists urllib.parse.urlparse "
                 "os.stat_result http.cookies.SimpleCookie importlib.metadata.PackagePath "
                 "OS.system Os.System posix_system eval system builtin.eval "
                 "tokenizers.Tokenizer gensim.models.word2vec.Word2Vec statsmodels.api.OLS "
                 "nltk.tokenize.punkt.PunktTrainer torch.nn.modules.linear.linear",
                 "none", false);
    check_denied("mypkg.Outer.Inner mypkg.models.Net.Block collections.OrderedDict.fromkeys",
                 "none", true);
    check_uses("mypkg.Outer collections.OrderedDict.fromkeys numpy.ndarray.tolist "
               "torch.nn.modules.linear.linear sklearn.linear_model.Anything",
               0, ~0u);
}

TEST(names_known_to_build_data)
{
    check_uses(
        "builtins.list builtins.dict builtins.set __builtin__.list __builtin__.set "
        "builtins.bytearray builtins.complex builtins.slice builtins.range builtins.object "
        "collections.OrderedDict collections.defaultdict collections.Counter "
        "collections.deque datetime.datetime datetime.date datetime.timedelta "
        "datetime.timezone decimal.Decimal fractions.Fraction pathlib.PosixPath "
        "pathlib.PurePosixPath ipaddress.IPv4Address array._array_reconstructor re._compile "
        "numpy.dtype numpy.core.multiarray._reconstruct numpy._core.multiarray._reconstruct "
        "numpy.core.multiarray.scalar numpy.core.numeric._frombuffer torch.Size torch.device "
        "torch._utils._rebuild_tensor torch._utils._rebuild_tensor_v2 "
        "torch._utils._rebuild_parameter torch.serialization._get_layout "
        "pandas._libs.internals._unpickle_block pytz._p pytz._UTC "
        "sklearn.tree._tree.Tree sklearn.neighbors._kd_tree.newObj "
        "pandas._libs.tslibs.timestamps._unpickle_timestamp pandas.tslib.Timestamp "
        "pandas._libs.arrays.__pyx_unpickle_NDArrayBacked logging.getLogger",
        USE_CALL, USE_TRAMPOLINE | USE_HELD);
    check_uses(
        "sklearn.linear_model.logistic.LogisticRegression "
        "sklearn.linear_model._logistic.LogisticRegression sklearn.svm.classes.SVC "
        "sklearn.svm._classes.SVC sklearn.ensemble.forest.RandomForestClassifier "
        "sklearn.ensemble._forest.RandomForestClassifier sklearn.tree.tree.DecisionTreeClassifier "
        "sklearn.pipeline.Pipeline sklearn.preprocessing.data.StandardScaler "
        "sklearn.preprocessing._data.StandardScaler sklearn.decomposition._pca.PCA "
        "sklearn.gaussian_process.kernels.RBF scipy.sparse.csr.csr_matrix "
        "scipy.sparse._csr.csr_matrix pandas.core.frame.DataFrame pandas.DataFrame "
        "pandas.core.series.Series pandas.core.internals.managers.BlockManager "
        "torch.nn.modules.linear.Linear torch.nn.modules.container.Sequential "
        "torch.optim.adam.Adam torch.optim.lr_scheduler.StepLR xgboost.core.Booster "
        "xgboost.sklearn.XGBClassifier lightgbm.basic.Booster lightgbm.sklearn.LGBMClassifier "
        "joblib.numpy_pickle.NumpyArrayWrapper uuid.UUID types.SimpleNamespace "
        "sklearn.utils._bunch.Bunch sklearn.datasets.base.Bunch",
        USE_NEW | USE_STATE, USE_HELD);
    check_uses("builtins.list collections.deque", USE_APPEND, USE_SETITEM);
    check_uses("builtins.dict collections.OrderedDict collections.defaultdict collections.Counter "
               "sklearn.utils._bunch.Bunch scipy.optimize._optimize.OptimizeResult",
               USE_SETITEM, USE_APPEND);
    check_uses("builtins.set", USE_ADD, USE_APPEND);
    check_uses("functools.partial torch._tensor._rebuild_from_type_v2 "
               "pandas.core.indexes.base._new_Index",
               USE_TRAMPOLINE | USE_CALL, 0);
    check_uses("torch.FloatStorage torch.float32 numpy.float64 numpy.random._mt19937.MT19937 "
               "numpy.add scipy.special._ufuncs.expit numpy.ndarray numpy.recarray "
               "sklearn.feature_selection._univariate_selection.f_classif",
               USE_VALUE, USE_CALL | USE_NEW | USE_STATE);
    check_uses("types.SimpleNamespace argparse.Namespace", USE_STATE, USE_APPEND | USE_SETITEM);
    check_uses("builtins.getattr", USE_HELD | USE_LOOKUP, USE_CALL);
    check_uses("numpy.memmap numpy.core.memmap.memmap torch.storage._load_from_bytes", USE_HELD,
               USE_CALL | USE_NEW | USE_STATE);
}

/* What looks like data and is not: state that runs, pointers, handles, side files. */
TEST(names_left_out)
{
    check_uses(
        "scipy.stats._continuous_distns.norm_gen scipy.stats._distn_infrastructure.rv_frozen "
        "scipy.spatial._ckdtree.cKDTree scipy.spatial.ckdtree.cKDTree "
        "scipy.spatial._qhull.Delaunay torch.nn.parallel.distributed.DistributedDataParallel "
        "torch.utils.data.dataloader.DataLoader joblib.memory.Memory joblib.parallel.Parallel "
        "joblib.numpy_pickle_compat.NDArrayWrapper joblib.numpy_pickle_compat.ZNDArrayWrapper "
        "pandas.core.computation.expr.Expr numpy.lib.npyio.NpzFile numpy.DataSource "
        "sklearn.utils.parallel.Parallel sklearn.externals.joblib.parallel.Parallel "
        "lightgbm.engine.CVBooster lightgbm.basic.Dataset xgboost.core.DMatrix "
        "torch.nn.cpp.ModuleWrapper torch.jit._script.ScriptModule",
        0, ~0u);
}

TEST(names_tables_are_sorted_and_agree)
{
    struct span before = SPAN_EMPTY, name;
    unsigned uses;
    size_t n = 0;

    for (; (name = names_allow_at(n, &uses)).n; n++) {
        struct name_facts found = name_look_up(name, false);

        CHECK(before.n == 0 || memcmp(before.p, name.p, before.n < name.n ? before.n : name.n) <= 0,
              "allow: %.*s is out of order", (int)name.n, (const char *)name.p);
        CHECK(found.uses & USE_VALUE, "allow: %.*s is not found", (int)name.n,
              (const char *)name.p);
        CHECK(!found.deny || uses & (USE_HELD | USE_SHAPED), "%.*s is allowed and denied",
              (int)name.n, (const char *)name.p);
        CHECK(!(uses & USE_HELD) || found.deny, "%.*s is held and not denied", (int)name.n,
              (const char *)name.p);
        before = name;
    }
    CHECK(n > 3000, "%zu allowed names", n);
    before = SPAN_EMPTY;
    for (n = 0; (name = names_deny_at(n)).n; n++) {
        CHECK(before.n == 0 || memcmp(before.p, name.p, before.n < name.n ? before.n : name.n) <= 0,
              "deny: %.*s is out of order", (int)name.n, (const char *)name.p);
        before = name;
    }
    CHECK(n > 900, "%zu denied names", n);
}

TEST(names_odd_texts)
{
    static const char *const rows[] = {
        "",
        ".",
        "..",
        "...os.system",
        "os.",
        "os..system",
        ".os.system",
        "os.system.",
        "a.b",
        "a..b.",
        "\xff",
        "o\u0455.system",
        "os\x01.system",
        "a.os..system",
        "__.__",
        "____.____",
    };
    char longest[3000];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(name_look_up(span_text(rows[i]), true).uses == 0, "row %zu", i);
    memset(longest, '.', sizeof longest);
    CHECK(name_look_up(span_of(longest, sizeof longest), true).uses == 0, "dots");
    memset(longest, 'a', sizeof longest);
    CHECK(name_look_up(span_of(longest, sizeof longest), true).uses == 0, "letters");
    memcpy(longest, "posix.", 6);
    CHECK(name_look_up(span_of(longest, sizeof longest), true).uses == 0, "a long alias");
    CHECK(span_is(name_last(span_text("a.b.c")), "c"), "last of three");
    CHECK(span_is(name_last(span_text("a")), "a"), "last of one");
    CHECK(name_last(span_text("a.")).n == 0, "last of none");
}

TEST(names_shapes)
{
    static const struct {
        const char *name, *args;
        unsigned flags;
        const char *ref0, *ref1;
        uint64_t count;
        bool want;
    } rows[] = {
        { "_codecs.encode", "(\"x\", \"latin1\")", PK_FIRST_PLAIN_IDENT, NULL, NULL, 900, true },
        { "_codecs.encode", "(\"x\")", 0, NULL, NULL, 1, false },
        { "_codecs.encode", "(...)", PK_FIRST_PLAIN_IDENT | PK_ARGS_CALLED, NULL, NULL, 1, false },
        { "_codecs.encode", "(...)", PK_FIRST_PLAIN_IDENT | PK_ARGS_UNKNOWN, NULL, NULL, 1, false },
        { "builtins.type", "(None)", 0, NULL, NULL, 1, true },
        { "builtins.type", "(None)", 0, NULL, NULL, 2, false },
        { "builtins.type", "(builtins.Ellipsis)", 0, "builtins.Ellipsis", NULL, 1, true },
        { "builtins.type", "(\"X\", (), {})", 0, NULL, NULL, 1, false },
        { "builtins.type", "(None, None)", 0, NULL, NULL, 1, false },
        { "builtins.type", "(...)", PK_ARGS_UNKNOWN, NULL, NULL, 1, false },
        { "numpy.core._ufunc_reconstruct", "(\"numpy\", \"add\")", PK_FIRST_PLAIN_IDENT, NULL, NULL,
          9, true },
        { "numpy.core._ufunc_reconstruct", "(\"scipy.special._ufuncs\", \"expit\")",
          PK_FIRST_PLAIN_IDENT, NULL, NULL, 1, true },
        { "numpy.core._ufunc_reconstruct", "(\"os\", \"system\")", PK_FIRST_PLAIN_IDENT, NULL, NULL,
          1, false },
        { "numpy.core._ufunc_reconstruct", "(\"numpy\", \"load\")", PK_FIRST_PLAIN_IDENT, NULL,
          NULL, 1, false },
        { "numpy.core._ufunc_reconstruct", "(\"numpy\", \"memmap\")", PK_FIRST_PLAIN_IDENT, NULL,
          NULL, 1, false },
        { "numpy.core._ufunc_reconstruct", "(\"numpy\", \"dtype\")", PK_FIRST_PLAIN_IDENT, NULL,
          NULL, 1, false },
        { "numpy.core._ufunc_reconstruct", "(\"numpy\", \"add\")", 0, NULL, NULL, 1, false },
        { "numpy.core._ufunc_reconstruct", "(\"numpy\")", PK_FIRST_PLAIN_IDENT, NULL, NULL, 1,
          false },
        { "numpy._core._ufunc_reconstruct", "(\"numpy.testing\", \"add\")", PK_FIRST_PLAIN_IDENT,
          NULL, NULL, 1, false },
        { "dateutil.tz.tz.tzfile", "(None, \"Europe/Berlin\")", 0, NULL, NULL, 1, true },
        { "dateutil.tz.tz.tzfile", "(None, \"Europe/Berlin\")", 0, NULL, NULL, 2, false },
        { "dateutil.tz.tz.tzfile", "(\"/etc/shadow\")", 0, NULL, NULL, 1, false },
        { "numpy.random._pickle.__randomstate_ctor", "(\"MT19937\")", 0, NULL, NULL, 1, true },
        { "numpy.random._pickle.__randomstate_ctor", "(...)", PK_ARGS_CALLED, NULL, NULL, 9, true },
        { "numpy.random._pickle.__randomstate_ctor", "(\"MT19937\", ...)", 0,
          "numpy.random._pickle.__bit_generator_ctor", NULL, 1, true },
        { "numpy.random._pickle.__randomstate_ctor", "(\"id\", os.system)", 0, "os.system", NULL, 1,
          false },
        { "numpy.random._pickle.__bit_generator_ctor", "(\"PCG64\")", 0, NULL, NULL, 9, true },
        { "numpy.random._pickle.__bit_generator_ctor", "(...)", PK_ARGS_REF0,
          "numpy.random._pcg64.PCG64", NULL, 9, true },
        { "numpy.random._pickle.__bit_generator_ctor", "(...)", PK_ARGS_REF0, "os.fork", NULL, 1,
          false },
        { "numpy.random._pickle.__bit_generator_ctor", "(...)", PK_ARGS_CALLED, NULL, NULL, 1,
          false },
        { "numpy.ma.core._mareconstruct", "(...)", PK_ARGS_REF0, "numpy.ma.core.MaskedArray",
          "numpy.ndarray", 9, true },
        { "numpy.ma.core._mareconstruct", "(...)", PK_ARGS_REF0, "numpy.memmap", "numpy.ndarray", 1,
          false },
        { "numpy.ma.core._mareconstruct", "(...)", PK_ARGS_REF0, "numpy.ma.core.MaskedArray",
          "numpy.memmap", 1, false },
        { "numpy.ma.core._mareconstruct", "(...)", 0, "numpy.ma.core.MaskedArray", "numpy.ndarray",
          1, false },
        { "copyreg._reconstructor", "(...)", PK_ARGS_REF0, "a.B", "builtins.object", 9, true },
        { "copyreg._reconstructor", "(...)", PK_ARGS_UNKNOWN, NULL, NULL, 1, false },
        { "os.system", "(\"x\")", 0, NULL, NULL, 1, false },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[200];
        struct fact call = { .flags = rows[i].flags, .count = rows[i].count };

        (void)snprintf(text, sizeof text, "%s%s", rows[i].name, rows[i].args);
        call.detail = span_text(text);
        if (rows[i].ref0)
            call.refs[call.refs_n++] = span_text(rows[i].ref0);
        if (rows[i].ref1)
            call.refs[call.refs_n++] = span_text(rows[i].ref1);
        CHECK(name_shape_fits(span_text(rows[i].name), &call) == rows[i].want, "row %zu: %s", i,
              text);
    }
}
