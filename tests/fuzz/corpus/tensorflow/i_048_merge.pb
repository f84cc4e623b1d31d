

xPlaceholder

yRelux

zIdentityy
)
aConst*
dtype0*
valueBBx
6
bConst*
dtype0*
valueBB/var/lib/other

mMergeV2Checkpointsab