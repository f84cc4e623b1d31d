

xPlaceholder

yRelux

zIdentityy
>
iFixedUnigramCandidateSampler*

vocab_file/etc/passwd