//! Files of people on disk, for both ends: a folder in which each file is sealed and known by its digest.
//!
//! What must always hold: nothing readable lies on the disk where there is a key; a file that is there is whole and is
//! what its digest says; what was said to be durable survives power loss.
