exec("exec(\"exec('import socket')\")")
