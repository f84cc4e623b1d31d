

xPlaceholder

yRelux

zIdentityy

tHashTableV2
1
pConst*
dtype0*
valueBB	vocab.txt
(
iInitializeTableFromTextFileV2tp