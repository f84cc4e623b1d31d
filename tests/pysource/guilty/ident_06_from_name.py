from 𝕠𝕤 import 𝕤𝕪𝕤𝕥𝕖𝕞 as 𝕣
𝕣("echo pratique-fixture")
