import smtplib


def greet():
    return smtplib.SMTP('mail.example.com')


mail = greet()
