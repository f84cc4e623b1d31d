

xPlaceholder

yRelux

zIdentityy

nSaveDatasetV2x