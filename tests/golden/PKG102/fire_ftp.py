import ftplib

f = ftplib.FTP('ftp.example.com')
