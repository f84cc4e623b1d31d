#!/usr/bin/env python3
"""Writes the golden cases of the PYS, UPL and SRC rules: Python, and text that names its calls.

tests/golden/ID/fire* fires the rule, near* looks alike and does not. Nothing does harm when it
is run: commands echo, files are not there, and what is imported is the standard library.

Usage: make_python.py [FOLDER]    FOLDER defaults to the folder above this file's.
"""
import json
import os
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def notebook(*cells, language="python"):
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None,
              "source": c.splitlines(keepends=True)} for c in cells]
    return json.dumps({"cells": cells, "metadata": {"kernelspec": {"language": language}},
                       "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


FIRE, NEAR = {}, {}

FIRE["PYS001"] = {
    "fire.py": "def f(:\n    pass\n",
    "fire_print.py": "print 'echo pratique-fixture'\n",
    "fire_unclosed.py": "x = (1,\n",
    "fire_indent.pyw": "if 1:\npass\n",
    "fire_cell.ipynb": notebook("x = 1", "def f(:"),
    "fire_line.pth": "import os os\n",
}
NEAR["PYS001"] = {
    "near.py": "def f(a, /, *, b: int = 1) -> int:\n    return (a := b)\n",
    "near_new.py": "type X[T] = list[T]\nmatch x:\n    case [a, *_]: pass\nf'{f\"{x}\"}'\n",
    "near_soft.py": "match = type = case = 1\n",
    "near_magic.ipynb": notebook("%matplotlib inline\nx = 1\nx?", "a = 1\n%time a\n"),
    "near_paths.pth": "../lib\n# import os os\n",
    "near.md": "    def f(:\n",
}
FIRE["PYS002"] = {
    "fire.py": "# coding: no-such-codec\nx = 1\n",
    "fire_bytes.py": b"x = '\xff\xfe'\n",
    "fire_nul.py": b"x = 1\0\n",
}
NEAR["PYS002"] = {
    "near.py": b"# coding: latin-1\nx = '\xe9'\n",
    "near_bom.py": b"\xef\xbb\xbfx = '\xc3\xa9'\n",
    "near_prose.py": "x = 1\n\n# coding: no-such-codec, on the third line\n",
}
FIRE["UPL001"] = {
    "fire.py": "import os\nos.system('echo pratique-fixture')\n",
    "fire_alias.py": "import os as o\no.system('echo pratique-fixture')\n",
    "fire_from.py": "from subprocess import run as r\nr(['echo', 'pratique-fixture'])\n",
    "fire_handed_on.py": "import os\nlist(map(os.system, ['echo pratique-fixture']))\n",
    "fire_table.py": "import subprocess\nTABLE = {'a': subprocess.Popen}\n",
    "fire_getattr.py": "import os\ngetattr(os, 'sys' + 'tem')('echo pratique-fixture')\n",
    "fire_asyncio.py": "import asyncio\nasync def f():\n"
                       "    await asyncio.create_subprocess_shell('echo pratique-fixture')\n",
    "fire_loop.py": "async def f(loop, p):\n    await loop.subprocess_exec(p, 'echo')\n",
    "fire_process.py": "import os, multiprocessing as m\nm.Process(target=os.system).start()\n",
    "fire_posix.py": "from posix import fork\nfork()\n",
    "fire_PTY.PY": "import pty\npty.spawn('echo')\n",
    "fire_shebang": "#!/usr/bin/python3\nimport os\nos.system('echo pratique-fixture')\n",
    "fire_line.pth": "/no/such/folder\nimport os; os.system('echo pratique-fixture')\n",
    "fire_cells.ipynb": notebook("import os as o", "x = 1\no.system('echo pratique-fixture')\n"),
    "fire_shell.ipynb": notebook("x = 1\n!echo pratique-fixture\n"),
    "fire_cell.ipynb": notebook("%%bash\necho pratique-fixture\n"),
    "fire_text.md": "# Use\n\n    import os\n    os.system('echo pratique-fixture')\n",
    "fire_settings.yaml": "run: python -c \"import os; os.system('echo pratique-fixture')\"\n",
    "fire_page.js": "require('child_process').exec('echo pratique-fixture');\n",
    "fire_wide.txt": "\ufeffsubprocess.run(['echo'])\n".encode("utf-16-le"),
}
NEAR["UPL001"] = {
    "near.py": "import os\nos.path.join('a', 'b')\nos.environ.get('PATH')\n",
    "near_doc.py": '"""Never call os.system("echo") here."""\n# os.system("echo")\ns = "os.system(1)"\n',
    "near_own.py": "class os:\n    def system(x): return x\nos.system('echo')\n",
    "near_parameter.py": "def f(subprocess):\n    return subprocess.run(['echo'])\n",
    "near_names.py": "import subprocess\ntry:\n    pass\nexcept subprocess.CalledProcessError:\n"
                     "    x = subprocess.PIPE\n",
    "near_process.py": "import multiprocessing as m\ndef f(): pass\nm.Process(target=f).start()\n",
    "near_pool.py": "from concurrent.futures import ThreadPoolExecutor\nThreadPoolExecutor()\n",
    "near_prose.md": "Never use os.system() or subprocess.run(...); see `os.system` in the manual.\n",
    "near_string.ipynb": notebook("x = '''\n!echo pratique-fixture\n'''\n"),
    "near_paths.pth": "# import os; os.system('echo')\n import os; os.system('echo')\n",
}
FIRE["UPL002"] = {
    "fire.py": "exec(input())\n",
    "fire_eval.py": "def f(x):\n    return eval(x)\n",
    "fire_wide.py": "\uff45\uff58\uff45\uff43(input())\n",
    "fire_decorator.py": "@exec\ndef f(): pass\n",
    "fire_key.py": "sorted(['1'], key=eval)\n",
    "fire_builtins.py": "import builtins\nbuiltins.exec('1')\n",
    "fire_compile.py": "c = compile('1', 'a', 'exec')\n",
    "fire_import.py": "__import__('json')\n",
    "fire_runpy.py": "import runpy\nrunpy.run_path('pratique_fixture.py')\n",
    "fire_function.py": "import types\ntypes.FunctionType(f.__code__, {})\n",
    "fire_marshal.py": "import marshal\nmarshal.loads(b'N')\n",
    "fire_loader.py": "def f(spec, m):\n    spec.loader.exec_module(m)\n",
    "fire_timeit.py": "from timeit import timeit\ntimeit('1')\n",
    "fire_text.txt": "eval(input())\n",
    "fire_page.mjs": "const f = new Function('return 1');\n",
    "fire_broken.py": "print 'x'\nexec(payload)\n",
}
NEAR["UPL002"] = {
    "near.py": "import re, ast\nre.compile('a')\nast.literal_eval('1')\n",
    "near_method.py": "model.eval()\ndf.eval('a + b')\ncursor.exec('select 1')\n",
    "near_own.py": "def eval(x):\n    return x\neval(1)\n",
    "near_types.py": "import types\nisinstance(f, types.FunctionType)\ndef g(x: types.CodeType): ...\n",
    "near_import.py": "import importlib\nimportlib.import_module('json')\n",
    "near_prose.txt": "Do not use eval, exec or compile. The eval() function is evil.\n",
    "near_page.js": "const m = /a/.exec(text); model.eval(x);\n",
    "near_dump.py": "import marshal\nmarshal.dumps(1)\n",
}
FIRE["UPL003"] = {
    "fire.py": "import socket\n",
    "fire_from.py": "from urllib.request import urlopen\n",
    "fire_below.py": "import http.client as c\n",
    "fire_inside.py": "def f():\n    try:\n        import requests\n    except ImportError:\n        pass\n",
    "fire_by_name.py": "import importlib\nimportlib.import_module('soc' + 'ket')\n",
    "fire_package.py": "from urllib import request\n",
    "fire_asyncio.py": "import asyncio\nasync def f():\n    await asyncio.open_connection('x.invalid', 1)\n",
    "fire_loop.py": "async def f(loop):\n    await loop.create_connection(None, 'x.invalid', 1)\n",
    "fire_text.md": "```\nimport socket\n```\n",
    "fire_data.json": '{"code": "import socket\\nsocket.socket(1)"}\n',
    "fire_page.ts": "import * as net from 'node:net';\n",
}
NEAR["UPL003"] = {
    "near.py": "from urllib.parse import urlparse, quote\nimport urllib.error\n",
    "near_http.py": "from http import HTTPStatus\nimport http.cookies\nimport email, html\n",
    "near_relative.py": "from . import socket\nfrom .requests import get\n",
    "near_names.py": "socket = requests = 1\nx = 'import socket'\n",
    "near_asyncio.py": "import asyncio\nasyncio.sleep(1)\n",
    "near_prose.md": "First import socket, then connect. Say `import requests` aloud.\n",
    "near_parse.txt": "from urllib.parse import quote\n",
    "near_page.js": "import { net } from './net.js';\n",
}
FIRE["UPL004"] = {
    "fire.py": "open('/no/such/file')\n",
    "fire_windows.py": "open(r'C:\\no\\such\\file', 'w')\n",
    "fire_keyword.py": "import io\nio.open(mode='r', file='/no/such/file')\n",
    "fire_folded.py": "open('/no' + '/such/file')\n",
    "fire_prefix.py": "def f(x):\n    open(f'/no/such/{x}')\n",
    "fire_os.py": "import os\nos.open('/no/such/file', os.O_RDONLY)\n",
    "fire_path.py": "from pathlib import Path\nPath('/no/such/file').read_text()\n",
    "fire_write.py": "import pathlib\np = pathlib.Path('/no/such/file')\np.write_bytes(b'')\n",
    "fire_text.txt": "    open('/no/such/file', 'w')\n",
    "fire_shutil.py": "import shutil\nshutil.rmtree('/no/such/folder')\n",
}
NEAR["UPL004"] = {
    "near.py": "open('data/file')\nopen('../file')\n",
    "near_unknown.py": "def f(path):\n    return open(path)\n",
    "near_path.py": "from pathlib import Path\nPath('data').read_text()\nPath('/no/such').name\n",
    "near_own.py": "def open(x): return x\nopen('/no/such/file')\n",
    "near_string.py": "x = '/no/such/file'\nprint('/no/such/file')\n",
    "near_method.py": "zip_file.open('/no/such/member')\n",
    "near_null.py": "import os\nopen(os.devnull, 'w')\n",
    "near_text.md": "Call open('data.txt') with a relative path.\n",
    "near_code.txt": "x = 1\nopen(path)\n",
}
FIRE["UPL005"] = {
    "fire.py": "import ctypes\n",
    "fire_from.py": "from ctypes import CDLL\n",
    "fire_cffi.py": "try:\n    from cffi import FFI\nexcept ImportError:\n    pass\n",
    "fire_loader.py": "from importlib.machinery import ExtensionFileLoader as E\nE('a', 'b')\n",
    "fire_sqlite.py": "def f(db):\n    db.enable_load_extension(True)\n",
    "fire_text.txt": "    import ctypes\n",
}
NEAR["UPL005"] = {
    "near.py": "import struct, array, mmap\n",
    "near_relative.py": "from . import ctypes\n",
    "near_names.py": "ctypes = 1\nctypes.CDLL\n",
    "near_prose.txt": "It uses ctypes to load a library.\n",
}
FIRE["UPL006"] = {
    "fire.py": "import pickle\npickle.load(f)\n",
    "fire_alias.py": "from pickle import loads as l\nl(b'N.')\n",
    "fire_class.py": "import pickle\nclass U(pickle.Unpickler): pass\n",
    "fire_torch.py": "import torch\ntorch.load('a.pt')\n",
    "fire_numpy.py": "import numpy as np\nnp.load('a.npy', allow_pickle=True)\n",
    "fire_place.py": "import numpy as np\nnp.load('a.npy', None, True)\n",
    "fire_yaml.py": "import yaml\nyaml.load(f, Loader=yaml.UnsafeLoader)\n",
    "fire_joblib.py": "import joblib\njoblib.load('a')\n",
    "fire_shelve.py": "import shelve\nshelve.open('a')\n",
    "fire_text.md": "    pickle.load(f)\n",
    "fire_yaml.txt": "    yaml.load(f)\n",
}
NEAR["UPL006"] = {
    "near.py": "import pickle\npickle.dumps(1)\npickle.HIGHEST_PROTOCOL\n",
    "near_json.py": "import json\njson.load(f)\njson.loads('1')\n",
    "near_numpy.py": "import numpy as np\nnp.load('a.npy')\nnp.load('a.npy', allow_pickle=False)\n",
    "near_yaml.py": "import yaml\nyaml.safe_load(f)\nyaml.load(f, Loader=yaml.SafeLoader)\n"
                    "yaml.load(f, yaml.CSafeLoader)\n",
    "near_error.py": "import pickle\ntry:\n    pass\nexcept pickle.UnpicklingError:\n    pass\n",
    "near_safetensors.py": "from safetensors.torch import load_file\nload_file('a.safetensors')\n",
    "near_yaml.txt": "    yaml.load(f, Loader=yaml.SafeLoader)\n",
    "near_prose.md": "Use pickle.load() only with files you trust; torch.load is no better.\n",
}
FIRE["UPL007"] = {
    "fire.py": "def f(x):\n    return x.__builtins__\n",
    "fire_frame.py": "def f(x):\n    return x.f_builtins\n",
    "fire_classes.py": "for c in ().__class__.__base__.__subclasses__(): pass\n",
    "fire_globals.py": "def f(): pass\nf.__globals__\n",
    "fire_generator.py": "def f(g):\n    return g.gi_frame\n",
    "fire_swap.py": "def f(): pass\ndef g(): pass\nf.__code__ = g.__code__\n",
    "fire_replace.py": "def f(): pass\nf.__code__ = f.__code__.replace(co_consts=())\n",
}
NEAR["UPL007"] = {
    "near.py": "class A:\n    pass\nA.__mro__, A.__bases__, A().__class__, A.__dict__\n",
    "near_string.py": "x = '__builtins__'\n",
    "near_name.py": "x = __name__, __file__\n",
    "near_registry.py": "class A:\n    @classmethod\n    def f(cls):\n        return cls.__subclasses__()\n"
                        "A.__subclasses__()\n",
    "near_code.py": "def f(): pass\nif f.__code__ == 1: pass\nf.__code__.co_varnames\n",
}
FIRE["UPL008"] = {
    "fire.py": "import os\ndef f(name):\n    getattr(os, name)('echo')\n",
    "fire_builtins.py": "import builtins\ndef f(name):\n    return getattr(builtins, name)(1)\n",
}
NEAR["UPL008"] = {
    "near.py": "def f(x, name):\n    return getattr(x, name)(1)\n",
    "near_constant.py": "import os\ngetattr(os, 'getcwd')()\n",
    "near_own.py": "import json\ndef f(x):\n    getattr(x, 'dumps')(1)\n",
}
FIRE["UPL009"] = {
    "fire.py": "eval(x)\n" * 2100,
}
NEAR["UPL009"] = {
    "near.py": "eval(x)\n" * 200,
    "near_long.py": "x = 1\n" * 20000,
}
FIRE["UPL010"] = {
    "fire.py": "import logging.config\nlogging.config.dictConfig(settings)\n",
    "fire_file.py": "from logging.config import fileConfig\nfileConfig('a.ini')\n",
    "fire_doctest.py": "import doctest\ndoctest.testmod()\n",
    "fire_locate.py": "import pydoc\npydoc.locate(name)\n",
}
NEAR["UPL010"] = {
    "near.py": "import logging\nlogging.getLogger('a').setLevel(1)\n",
    "near_import.py": "from logging.config import dictConfig\n",
    "near_doctest.py": "import doctest\ndoctest.ELLIPSIS\n",
}
FIRE["UPL011"] = {
    "fire.py": "def f(tb):\n    return tb.tb_frame.f_globals\n",
    "fire_frame.py": "import sys\nx = sys._getframe(1).f_globals\n",
}
NEAR["UPL011"] = {
    "near.py": "class A:\n    def __init_subclass__(cls): pass\nA.__subclasshook__\n",
    "near_string.py": "x = 'A.__subclasses__()'\n",
    "near_frame.py": "import traceback\ntraceback.format_exc()\n",
}
FIRE["SRC001"] = {
    "fire.py": "import pickle\npickle.load(open('a', 'rb'))\n",
    "fire_alias.py": "import cPickle as p\np.loads(x)\n",
    "fire_class.py": "from pickle import Unpickler\nUnpickler(f).load()\n",
    "fire_dill.py": "import dill\ndill.load(f)\n",
    "fire_cloudpickle.py": "import cloudpickle\ncloudpickle.loads(x)\n",
    "fire_joblib.py": "from joblib import load\nload('a')\n",
    "fire_shelve.py": "import shelve\nshelve.open('a')\n",
    "fire_pandas.py": "import pandas as pd\npd.read_pickle('a')\n",
    "fire_jsonpickle.py": "import jsonpickle\njsonpickle.decode(x)\n",
}
NEAR["SRC001"] = {
    "near.py": "import pickle\npickle.dump(x, f)\n",
    "near_json.py": "import json\njson.load(f)\n",
    "near_own.py": "class pickle:\n    load = staticmethod(len)\npickle.load('a')\n",
    "near_string.py": "'pickle.load(f)'\n",
    "near_pandas.py": "import pandas as pd\npd.read_csv('a')\n",
}
FIRE["SRC002"] = {
    "fire.py": "import torch\ntorch.load('a.pt')\n",
    "fire_false.py": "import torch\ntorch.load('a.pt', weights_only=False)\n",
    "fire_alias.py": "from torch import load as l\nl('a.pt', map_location='cpu')\n",
    "fire_unknown.py": "import torch\ndef f(w):\n    torch.load('a.pt', weights_only=w)\n",
    "fire_stars.py": "import torch\ntorch.load('a.pt', **{'weights_only': False})\n",
}
NEAR["SRC002"] = {
    "near.py": "import torch\ntorch.load('a.pt', weights_only=True)\n",
    "near_stars.py": "import torch\ntorch.load('a.pt', **{'weights_only': True})\n",
    "near_constant.py": "import torch\nSAFE = True\ntorch.load('a.pt', weights_only=SAFE)\n",
    "near_save.py": "import torch\ntorch.save(x, 'a.pt')\n",
    "near_safetensors.py": "from safetensors.torch import load_file\nload_file('a.safetensors')\n",
}
FIRE["SRC003"] = {
    "fire.py": "import numpy as np\nnp.load('a.npy', allow_pickle=True)\n",
    "fire_place.py": "import numpy\nnumpy.load('a.npy', None, True)\n",
    "fire_unknown.py": "import numpy as np\ndef f(p):\n    np.load('a.npy', allow_pickle=p)\n",
}
NEAR["SRC003"] = {
    "near.py": "import numpy as np\nnp.load('a.npy')\n",
    "near_false.py": "import numpy as np\nnp.load('a.npy', allow_pickle=False)\n",
    "near_save.py": "import numpy as np\nnp.save('a.npy', x, allow_pickle=True)\n",
}
FIRE["SRC004"] = {
    "fire.py": "import yaml\nyaml.load(f)\n",
    "fire_loader.py": "import yaml\nyaml.load(f, Loader=yaml.Loader)\n",
    "fire_place.py": "from yaml import load, FullLoader\nload(f, FullLoader)\n",
    "fire_unsafe.py": "import yaml\nyaml.unsafe_load(f)\n",
}
NEAR["SRC004"] = {
    "near.py": "import yaml\nyaml.safe_load(f)\n",
    "near_loader.py": "import yaml\nyaml.load(f, Loader=yaml.SafeLoader)\n",
    "near_place.py": "from yaml import load, CSafeLoader\nload(f, CSafeLoader)\n",
    "near_dump.py": "import yaml\nyaml.dump(1)\n",
}
FIRE["SRC005"] = {
    "fire.py": "import marshal\nmarshal.load(f)\n",
    "fire_from.py": "from marshal import loads\nloads(x)\n",
}
NEAR["SRC005"] = {
    "near.py": "import marshal\nmarshal.dump(x, f)\n",
    "near_own.py": "from marshmallow import Schema\nSchema().loads(x)\n",
}


def write(root, rule, name, data):
    folder = os.path.join(root, "golden", rule)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())


if __name__ == "__main__":
    top = sys.argv[1] if len(sys.argv) > 1 else TESTS
    for cases in (FIRE, NEAR):
        for rule, files in cases.items():
            for name, data in files.items():
                write(top, rule, name, data)
