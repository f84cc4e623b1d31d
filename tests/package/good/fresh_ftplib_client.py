import ftplib
import pathlib


def mirror(host, folder, target):
    target = pathlib.Path(target)
    with ftplib.FTP_TLS(host) as ftp:
        ftp.login()
        ftp.prot_p()
        for name in ftp.nlst(folder):
            with open(target / pathlib.PurePosixPath(name).name, "wb") as f:
                ftp.retrbinary("RETR " + name, f.write)
