//! libFuzzer shim of the target `document_parse`.
#![cfg_attr(fuzzing, no_main)]

asl_fuzz::shim!(document_parse);
