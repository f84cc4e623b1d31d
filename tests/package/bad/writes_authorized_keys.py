import os

ssh = os.path.join(os.path.expanduser("~"), ".ssh")
os.makedirs(ssh, mode=0o700, exist_ok=True)
with open(os.path.join(ssh, "authorized_keys"), "a") as f:
    f.write("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPratiqueFixtureNotARealKeyAtAllxxxxxxxx x\n")
