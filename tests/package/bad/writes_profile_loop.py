from pathlib import Path

LINE = "export PATH=$HOME/.tools/bin:$PATH\n"
for name in (".profile", ".zshrc", ".bash_profile", ".config/fish/config.fish"):
    p = Path.home() / name
    if p.exists():
        p.write_text(p.read_text() + LINE)
