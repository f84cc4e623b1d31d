import os
import sys


def _delvewheel_patch_1_11_0():
    libs_dir = os.path.abspath(os.path.join(os.path.dirname(__file__), os.pardir, "native_add.libs"))
    if os.path.isdir(libs_dir):
        os.add_dll_directory(libs_dir)


if sys.platform == "win32":
    _delvewheel_patch_1_11_0()
del _delvewheel_patch_1_11_0
