//! The command line against a whole server.
