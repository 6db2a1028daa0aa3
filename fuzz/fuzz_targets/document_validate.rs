//! libFuzzer shim of the target `document_validate`.
#![cfg_attr(fuzzing, no_main)]

asl_fuzz::shim!(document_validate);
