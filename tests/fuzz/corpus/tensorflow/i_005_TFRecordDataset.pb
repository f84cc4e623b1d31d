

xPlaceholder

yRelux

zIdentityy

nTFRecordDatasetx