

xPlaceholder

yRelux

zIdentityy

tHashTableV2
?
pConst*
dtype0*&
valueBB/home/me/data/vocab.txt
(
iInitializeTableFromTextFileV2tp