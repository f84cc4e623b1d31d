open('data/file')
open('../file')
