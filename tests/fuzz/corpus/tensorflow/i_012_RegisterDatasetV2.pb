

xPlaceholder

yRelux

zIdentityy

nRegisterDatasetV2x