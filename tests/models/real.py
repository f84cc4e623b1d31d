"""What real libraries write and other parts of the corpus do not have: false alarms that were met
on their files, and the same files as somebody hostile writes them.

tests/fixtures/make_real.py wrote the fixtures.
"""
import base64
import hashlib
import io
import json
import pathlib
import pickle
import struct
import zipfile

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures"


class Command:
    def __reduce__(self):
        import os
        return os.system, ("true",)


EVIL = pickle.dumps(Command(), 2)


def fixture(name):
    return (FIXTURES / name).read_bytes()


def golden(name):
    return (FIXTURES.parent / "golden" / name).read_bytes()


def as_json(value):
    return json.dumps(value, indent=2).encode() + b"\n"


# ---- Protocol Buffers ----

def varint(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def tensor(dims=(2,), raw=bytes(8), name="x", kind=1, **more):
    return (b"".join(field(1, d) for d in dims) + field(2, kind) + field(8, name) +
            (b"" if raw is None else field(9, raw)) + more.get("more", b""))


def external(location, **keys):
    pairs = {"location": location, **keys}
    return b"".join(field(13, field(1, k) + field(2, v)) for k, v in pairs.items()) + field(14, 1)


def sequence(*tensors):
    return field(1, "s") + field(2, 1) + b"".join(field(3, t) for t in tensors)


def node(name, op, *inputs):
    return field(1, name) + field(2, op) + b"".join(field(3, i) for i in inputs)


def graph(*nodes, library=b""):
    return b"".join(field(1, n) for n in nodes) + (field(2, library) if library else b"")


def function(name, *nodes):
    return field(1, field(1, field(1, name)) + b"".join(field(3, n) for n in nodes))


# ---- HDF5 with a line of MATLAB's before it ----

def matlab(version="7.0", behind=b"", line=None):
    body = fixture("real/matlab_7.3.mat")[512:]
    text = line or (f"MATLAB {version} MAT-file, Platform: GLNX86, Created on: Sat Oct  4 2008 HDF5 "
                    f"schema 0.05 .").encode()
    return (text.ljust(116) + bytes(8) + b"\0\2IM" + behind).ljust(512, b"\0") + body


# ---- diffusers ----

UNET = {"_class_name": "UNet2DModel", "_diffusers_version": "0.42.1", "act_fn": "silu",
        "add_attention": True, "block_out_channels": [32, 32],
        "down_block_types": ["DownBlock2D", "DownBlock2D"], "in_channels": 3, "sample_size": 8,
        "up_block_types": ["UpBlock2D", "UpBlock2D"]}
SCHEDULER = {"_class_name": "DDPMScheduler", "_diffusers_version": "0.42.1", "beta_end": 0.02,
             "beta_schedule": "linear", "trained_betas": None, "names": ["one", "two"]}
PIPELINE = {"_class_name": "DDPMPipeline", "_diffusers_version": "0.42.1",
            "scheduler": ["diffusers", "DDPMScheduler"], "unet": ["diffusers", "UNet2DModel"]}


def pipeline(**parts):
    return {"model_index.json": as_json({**PIPELINE, **parts}), "unet/config.json": as_json(UNET),
            "unet/diffusion_pytorch_model.safetensors": safetensors(),
            "scheduler/scheduler_config.json": as_json(SCHEDULER)}


def safetensors():
    head = b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
    head += b" " * (-len(head) % 8)
    return struct.pack("<Q", len(head)) + head + bytes(8)


# ---- wheels ----

def wheel(files):
    """A wheel of a package with those files as data of its tests."""
    info = "pkg-1.0.dist-info/"
    files = {"pkg/__init__.py": b"", **{"pkg/tests/data/" + n: b for n, b in files.items()},
             info + "METADATA": b"Metadata-Version: 2.1\nName: pkg\nVersion: 1.0\n",
             info + "WHEEL": b"Wheel-Version: 1.0\nGenerator: bdist_wheel (0.40)\n"
                             b"Root-Is-Purelib: true\nTag: py3-none-any\n"}
    out = io.BytesIO()
    record = ""
    with zipfile.ZipFile(out, "w") as z:
        for name, body in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(body).digest()).rstrip(b"=").decode()
            record += f"{name},sha256={digest},{len(body)}\n"
            z.writestr(name, body)
        z.writestr(info + "RECORD", record + info + "RECORD,,\n")
    return out.getvalue()


WHEEL = "pkg-1.0-py3-none-any.whl"


def bad():
    yield ("behind.mat", matlab(behind=b"PK\3\4" + bytes(40) + EVIL), ("ENG014",),
           "a file behind MATLAB's line, before the HDF5")
    yield ("other.mat", matlab(line=b"MATLAB 7.0 something"), ("ENG014",), "no line of MATLAB's")
    yield ("control.mat", matlab(line=b"MATLAB 7.0 MAT-file\n\x80\4X"), ("ENG014",),
           "control characters in MATLAB's line")
    yield ("input_0.pb", tensor(raw=None, more=external("../../../etc/passwd")), ("MDL104",),
           "a lone tensor whose numbers are a file elsewhere")
    yield ("output_0.pb", sequence(tensor(raw=None, more=external("/etc/shadow"))), ("MDL104",),
           "the same within a sequence")
    yield ("short.pb", tensor(dims=(1000,)), ("MDL197",), "a lone tensor of fewer bytes than it says")
    yield ("huge.pb", tensor(dims=(1 << 40, 1 << 40)), ("MDL197",), "one that no memory holds")
    yield ("memory.pb", tensor(raw=None, more=external("*/_ORT_MEM_ADDR_/*", offset="4096",
                                                       length="8")), ("MDL196",),
           "one that is an address in the runtime's memory")
    yield ("pickled.pb", tensor(dims=(len(EVIL),), raw=EVIL, kind=2), ("PKL001",),
           "a lone tensor whose bytes are a pickle")
    yield ("graph.pb", graph(node("google/x.proto", "PyFunc")), ("MDL163",),
           "a graph whose node is named as a file of descriptors")
    yield ("library.pb", graph(node("google/x.proto", "google.protobuf"),
                               library=function("google.protobuf", node("n", "PyFunc"))), ("MDL163",),
           "the same, where a function of the library has the package's name")
    yield ("faiss.index", fixture("real/LSQ2x2.index")[:-70], ("ENG001",), "an index cut short")
    yield ("custom", pipeline(unet=["evil_module", "UNet2DModel"]), ("MDL101", "MDL100", "MDL102"),
           "a pipeline with a part of a module that is not known")
    yield ("pair", pipeline(down_block_types=["os", "system"]), ("MDL101", "MDL100", "MDL102"),
           "a part by the name of a model's parameter: any pair in model_index.json is one")
    yield ("catboost.pkl", fixture("real/CatBoostClassifier.pkl")[:-1] + EVIL[2:], ("PKL001",),
           "a pickle of CatBoost that goes on to run a command")
    yield (WHEEL, wheel({"model.keras": golden("MDL113/fire.keras")}), ("MDL113",),
           "a model with code among the tests of a wheel")
    yield (WHEEL, wheel({"chat.jinja": golden("MDL220/fire_globals.jinja")}), ("MDL220",),
           "a template that reaches code, in a wheel")


def good():
    for path in sorted((FIXTURES / "real").iterdir()):
        yield (path.name, path.read_bytes(), (), "written by the real library")
    for version in ("7.0", "7.3", "7.4"):
        yield ("model.mat", matlab(version), (), f"MATLAB {version}")
    yield ("input_0.pb", tensor(), (), "a lone tensor")
    yield ("output_0.pb", sequence(tensor(), tensor((4,), bytes(16))), (), "a sequence of tensors")
    yield ("empty.pb", tensor((0,), b""), (), "a tensor without numbers")
    yield ("config.json", as_json(UNET), (), "two kinds of blocks are no part of a pipeline")
    yield ("scheduler_config.json", as_json(SCHEDULER), (), "nor are two names of a scheduler")
    yield ("ddpm", pipeline(), (), "the pipeline that has them")
    yield ("none", pipeline(safety_checker=[None, None]), (), "a part that was left out")
    for name, file in (("external.h5", "MDL140/fire_link.h5"), ("filter.h5", "MDL142/fire_text.h5"),
                       ("future.onnx", "MDL199/fire_future.onnx"), ("custom.onnx", "MDL191/fire_custom.onnx"),
                       ("entity.pmml", "MDL262/fire_x1.pmml"), ("custom.keras", "MDL114/fire.keras")):
        yield (WHEEL, wheel({name: golden(file)}), (), f"{name} among the tests of a wheel")
