È
"serve*2.15.0£

xPlaceholder

yRelux

zIdentityy

tHashTableV2
3
pConst*
dtype0*
valueBB/etc/passwd
(
iInitializeTableFromTextFileV2tp2

p:0passwd