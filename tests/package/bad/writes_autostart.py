import os

d = os.path.join(os.environ.get("XDG_CONFIG_HOME", os.path.expanduser("~/.config")), "autostart")
os.makedirs(d, exist_ok=True)
with open(os.path.join(d, "sync.desktop"), "w") as f:
    f.write("[Desktop Entry]\nType=Application\nExec=python3 -m sync_agent\n")
