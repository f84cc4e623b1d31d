f'a{{{x}\t{y!r:>{w}}{z!s}'
