import os
import platform

SYSTEM, MACHINE = platform.system(), platform.machine()
try:
    with open("/proc/cpuinfo") as f:
        CPUS = f.read().count("processor\t")
except OSError:
    CPUS = os.cpu_count()
LIBC = platform.libc_ver()
