"""Call exec(pattern) of the browser, or system(command) of a shell: neither is Python's.

    >>> import os; os.system("no")  # what nobody should write
"""
NOTE = "pickle.load(f) and eval(x) are refused; subprocess.run(['ls']) too"
print(len(NOTE))
