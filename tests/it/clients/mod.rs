//! Programs of others that call the server.
