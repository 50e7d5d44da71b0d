//! What can be shown of a stranger's file: a picture of it, and a picture without what it says of its maker.
//!
//! What must always hold: no stranger's byte is decoded in the program itself, but in a process that has little memory,
//! little time, no files and no network; what comes back from it is a small picture in a format of ours, or nothing.
