# coding=cp1252
x = '“”'; eval('6*7')
