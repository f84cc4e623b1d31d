NAME = "pth_plain_path"
