if (n := f()): n
