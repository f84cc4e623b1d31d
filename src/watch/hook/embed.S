/*
 * The built hook library, the runner and the compiler as bytes of the program. In a file of its own, which
 * no link-time optimiser sees: it would not find symbols that an assembler text defines.
 */
    .section .rodata, "a", %progbits

    .macro embed name, file
    .globl \name, \name\()_end
    .hidden \name
    .hidden \name\()_end
    .balign 16
\name:
    .incbin "\file"
\name\()_end:
    .byte 0
    .endm

    embed hook_bytes, HOOK_FILE
    embed runner_bytes, RUNNER_FILE
    embed compiler_bytes, COMPILER_FILE

    .section .note.GNU-stack, "", %progbits
