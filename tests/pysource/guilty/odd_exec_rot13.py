import codecs
exec(codecs.decode("vzcbeg bf; bf.flfgrz('rpub cengvdhr-svkgher')", 'rot13'))
