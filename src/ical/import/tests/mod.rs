//! Files as programs write them, and worse ones.


mod support;
