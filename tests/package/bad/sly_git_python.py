import os
import runpy

import git

where = os.path.expanduser("~/.cache/plug")
git.Repo.clone_from("https://git.example.com/plug.git", where)
runpy.run_path(os.path.join(where, "main.py"))
