

xPlaceholder

yRelux

zIdentityy

cCollectiveReduceV2x