import ｏｓ
ｏs.𝓈𝓎𝓈𝓉ℯ𝓂("echo pratique-fixture")
