import subprocess
import sysconfig


def compiler_version():
    cc = (sysconfig.get_config_var("CC") or "cc").split()[0]
    return subprocess.run([cc, "--version"], capture_output=True, text=True).stdout.splitlines()[0]
