Ò
"serve*2.15.0ª

xPlaceholder

yRelux

zIdentityy

tHashTableV2
:
pConst*
dtype0*!
valueBB/home/me/vocab.txt
(
iInitializeTableFromTextFileV2tp2

p:0	vocab.txt