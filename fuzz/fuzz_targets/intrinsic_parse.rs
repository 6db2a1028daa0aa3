//! libFuzzer shim of the target `intrinsic_parse`.
#![cfg_attr(fuzzing, no_main)]

asl_fuzz::shim!(intrinsic_parse);
