//! libFuzzer shim of the target `intrinsic_eval`.
#![cfg_attr(fuzzing, no_main)]

asl_fuzz::shim!(intrinsic_eval);
