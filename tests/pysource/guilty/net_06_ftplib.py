import ftplib
ftp = ftplib.FTP
