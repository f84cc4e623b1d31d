
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
iInitializeTableFromTextFileV2tp