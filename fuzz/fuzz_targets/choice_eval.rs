//! libFuzzer shim of the target `choice_eval`.
#![cfg_attr(fuzzing, no_main)]

asl_fuzz::shim!(choice_eval);
