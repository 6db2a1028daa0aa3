//! libFuzzer shim of the target `path_parse`.
#![cfg_attr(fuzzing, no_main)]

asl_fuzz::shim!(path_parse);
