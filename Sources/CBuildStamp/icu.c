// The part of ICU's data that packaging/icu_data.py chose, where packaging/build says so. What is defined here is not taken from
// Foundation's archive, which brings 34 MB of it.
#ifdef MUSTER_ICU_DATA
__asm__(".section .rodata.icu_data,\"a\",@progbits\n"
        ".balign 16\n"
        ".globl " MUSTER_ICU_SYMBOL "\n"
        ".type " MUSTER_ICU_SYMBOL ", @object\n"
        MUSTER_ICU_SYMBOL ":\n"
        ".incbin \"" MUSTER_ICU_DATA "\"\n"
        ".size " MUSTER_ICU_SYMBOL ", . - " MUSTER_ICU_SYMBOL "\n"
        ".text\n");
#endif
typedef int muster_not_empty;
